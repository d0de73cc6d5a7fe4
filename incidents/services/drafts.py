"""Beginning a post-mortem: by hand, or because an incident is over that owes one."""

from django.db import transaction

from accounts.models import User
from incidents.closing import owes_postmortem
from incidents.documents.outline import plan_sections
from incidents.models import Incident, IncidentRole, Postmortem, PostmortemSection, PostmortemTemplate
from incidents.queries.postmortem_templates import chosen_template
from incidents.queries.roles import list_assignable_people
from incidents.services.timeline import next_revision


@transaction.atomic
def start_postmortem(
    incident: Incident,
    *,
    actor: User,
    template: PostmortemTemplate | None = None,
    author: User | None = None,
    author_line: str = "",
) -> Postmortem:
    """The incident's post-mortem with the sections of the template; the one that stands, where it was begun before.

    Without a `template` it has the sections of its severity's. The sections are its own: whatever becomes of the
    template, the document stays as it is.
    """
    # Of two who begin at once, the second gets what the first began.
    incident = Incident.objects.select_for_update(of=("self",)).select_related("severity").get(pk=incident.pk)
    if known := Postmortem.objects.filter(incident=incident).first():
        return known
    template = template or chosen_template(incident)
    # Removed while somebody began a document from it.
    template = None if template and template.removed_at else template
    postmortem = Postmortem.objects.create(
        incident=incident, author=author or actor, author_line=author_line, template=template
    )
    # The incident's page leads to it from now on.
    next_revision(incident)
    # One by one, so that the history of each begins.
    for position, plan in enumerate(plan_sections(template), start=1):
        PostmortemSection.objects.create(
            postmortem=postmortem, key=plan.key, title=plan.title, prompt=plan.prompt, position=position
        )
    return postmortem


def draft_postmortem(incident: Incident, *, actor: User) -> Postmortem | None:
    """The post-mortem that an incident owes which is over, begun for whoever is expected to write it.

    None where it owes none; the one that stands, where it was begun before.
    """
    if not owes_postmortem(incident):
        return None
    return start_postmortem(incident, actor=actor, author=expected_author(incident) or actor)


def expected_author(incident: Incident) -> User | None:
    """Who had the command last, else who declared the incident; None where neither may write or see it any more."""
    commands = incident.role_assignments.filter(role=IncidentRole.COMMANDER).select_related("person")
    last = commands.order_by("-taken_at", "-pk").first()
    candidates = [last.person] if last else []
    known = list_assignable_people(incident).in_bulk([one.pk for one in (*candidates, incident.declared_by)])
    return next((one for one in (*candidates, incident.declared_by) if one.pk in known), None)
