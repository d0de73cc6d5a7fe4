"""Signed statements about restore tests: their form, their envelope, their keys, and what still agrees with them."""
