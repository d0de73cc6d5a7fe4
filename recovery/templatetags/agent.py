"""`{% load agent %}`: how an agent is started for a replica."""

from django import template

from recovery.models import Replica
from recovery.services import agent_setup

register = template.Library()


@register.filter
def is_agent_testable(replica: Replica) -> bool:
    """Whether an agent can restore it."""
    return agent_setup.can_agent_restore(replica)


@register.simple_tag
def agent_line(replica: Replica, debrief: str) -> str:
    """The line for cron on the database's host."""
    return agent_setup.agent_line(replica, debrief=debrief)
