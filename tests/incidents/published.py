"""Post-mortems that are published."""

from typing import Any

from accounts.models import User
from incidents.models import Incident, Publication
from incidents.queries.publishing import question_keys
from incidents.services.checklist import answer_question
from incidents.services.drafts import start_postmortem
from incidents.services.publications import publish_postmortem
from incidents.services.sections import save_section
from tests.factories import NOW


def make_publication(incident: Incident, actor: User, **facts: Any) -> Publication:
    """The post-mortem of the incident, written and with its checklist answered, as its next version."""
    postmortem = start_postmortem(incident, actor=actor)
    section = postmortem.sections.all()[0]
    text = facts.pop("body", f"{section.body} Checkout was slow.".strip())
    save_section(section, body=text, actor=actor, now=NOW)
    for question in question_keys():
        answer_question(postmortem, question=question, answer="met", actor=actor)
    return publish_postmortem(postmortem, actor=actor, now=facts.pop("now", NOW), **facts)
