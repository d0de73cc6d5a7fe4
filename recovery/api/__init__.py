"""The routes of the REST API, a module a noun; config/api.py joins them."""
