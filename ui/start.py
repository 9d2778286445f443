"""What the app does before its first visitor."""

import gc

from access.keeping import erasing
from access.roles import PAGES
from data_model.settings import settings
from data_model.store import database
from sample_data.seed import seed_if_empty
from ui import cached, shell


def prepare() -> None:
    """Bring the database up to date, erase again who was erased, seed an empty default one, load all code and data."""
    engine = database()
    erasing.replay_erasures(engine)  # an older backup may have been restored
    if settings().sample and settings().database_is_default and not settings().is_live:
        seed_if_empty(engine)
    for page in PAGES:
        shell.function_of(page)
    cached.warm()
    # Streamlit collects garbage after every run: what is loaded once need not be looked at again (111 ms became 26-35).
    gc.collect()
    gc.freeze()
