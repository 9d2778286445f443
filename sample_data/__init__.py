"""A fictional local authority, made with a fixed seed."""
