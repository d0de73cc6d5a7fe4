"""The kinds of checks, a module a kind: what each asks of restored data, and how it judges the answer."""
