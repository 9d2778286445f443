"""A page that breaks as its address says."""

import os

import streamlit as st
from breakages import ERRORS, LEAKS

kind = st.query_params.get("kind", "")
st.title(f"Breaks: {kind}")
(ERRORS | LEAKS)[kind](os.environ["TESTS_MARK"])
