"""Every school of an authority beside the others, for one measure and period."""
