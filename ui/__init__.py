"""What several screens share: the shell, filters, caching, showing."""
