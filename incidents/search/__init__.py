"""The index that search reads, kept right by the database itself."""
