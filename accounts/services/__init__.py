"""State changes, a module a noun."""
