"""Who may see what: roles, permissions, scope."""
