"""Reading what was written down elsewhere: chat logs, lists, tables. Pure: no models, no requests."""
