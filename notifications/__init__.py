"""Channels, and what was said over them."""
