"""The routes of the REST API about incidents, a module a noun; config/api.py joins them."""
