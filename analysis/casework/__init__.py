"""Casework: the children whom outreach knows, and those whom it should."""
