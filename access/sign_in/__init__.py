"""Signing in: accounts, passwords, second factors, the authority’s own provider, and the sessions that come of it."""
