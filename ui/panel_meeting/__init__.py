"""What the page of a panel's meeting is put together from. It is drawn for a projector: the big facts come first."""
