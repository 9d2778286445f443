"""The parts of the page "Where next"."""
