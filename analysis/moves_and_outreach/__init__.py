"""Pupils who had outreach beside pupils who moved school: who they were, what followed, and what can be compared."""
