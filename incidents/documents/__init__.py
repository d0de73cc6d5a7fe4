"""The post-mortem as one tree, and its views."""
