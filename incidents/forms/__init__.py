"""One form an action; the keys of cleaned_data are the services' keywords."""
