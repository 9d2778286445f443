"""Transition: children of Year 6 who need a plan, what was arranged, what is missing by when, and who settled."""
