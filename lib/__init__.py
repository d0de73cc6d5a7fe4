"""What knows nothing of the apps."""
