"""Incidents, their timeline, causes, action items and post-mortem."""
