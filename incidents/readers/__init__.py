"""Reading post-mortems that others wrote, in Markdown. Pure: no models, no requests."""
