"""Pages and fragments, a module a noun."""
