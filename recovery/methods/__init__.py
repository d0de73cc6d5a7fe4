"""Ways to bring a backup back and to say whether it came back whole. Nothing here knows models or settings."""
