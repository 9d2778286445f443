"""What the commands of `python -m analysis` share, and those about where to go next."""
