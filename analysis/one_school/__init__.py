"""One school: its measures over time beside its phase, who was suspended and for what, and what that says."""
