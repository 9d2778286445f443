"""The fictional LA that the tests of this folder look at, generated once."""

import pytest

from sample_data.generate import Frames, generate


@pytest.fixture(scope="session")
def larkshire() -> Frames:
    """The LA that the demonstration shows."""
    return generate()


@pytest.fixture(scope="session")
def county() -> Frames:
    """A larger LA: enough schools for figures that are noisy in a small one."""
    return generate(schools=600, years=3, seed=1)
