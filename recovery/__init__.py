"""Databases, replicas, restore tests, and the evidence they give."""
