"""The sections of the School page."""
