"""Statistics as plain functions of arrays: intervals and control charts. They know nothing of schools or pupils."""
