"""What `manage.py serve` does before, while and after the servers run."""
