"""Bytes in, checked rows out, one transaction. Also the command line: python -m loaders."""
