"""The post-mortem as a whole."""

from incidents.services.drafts import start_postmortem as start_postmortem
