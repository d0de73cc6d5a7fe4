"""The composition root: settings, addresses, the processes' entry points."""
