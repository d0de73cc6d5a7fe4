"""One record of everything, so that every address of the project can be asked for."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.services.people import password_link_path
from incidents.models import ActionItem, Improvement, PostmortemTemplate, RenderedDocument, Review, RootCause
from incidents.services.attachments import attach_file as attach_incident_file
from incidents.services.comments import add_comment
from incidents.services.drafts import start_postmortem
from incidents.services.roles import assign_role
from recovery.services.evidence import attach_evidence, attach_file
from recovery.services.records import write_record
from tests.factories import (
    NOW,
    make_check,
    make_delivery,
    make_event,
    make_export,
    make_incident,
    make_link,
    make_restore_test,
    make_service,
    make_tag,
    make_team,
    make_token,
    make_wording_dismissal,
    make_wording_rule,
)
from tests.incidents.published import make_publication
from tests.uploads import upload


@dataclass(frozen=True)
class Route:
    """One entry of a URLconf: its name with the namespace, its parameters, and the path as it is written."""

    name: str
    parameters: tuple[str, ...]
    path: str


def routes() -> list[Route]:
    return list(_walk(get_resolver(), "", (), ""))


def _walk(resolver: URLResolver, namespace: str, parameters: tuple[str, ...], path: str) -> list[Route]:
    found = []
    for entry in resolver.url_patterns:
        known = (*parameters, *(getattr(entry.pattern, "converters", {}) or entry.pattern.regex.groupindex))
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(Route(f"{namespace}{entry.name}", known, here))
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += _walk(entry, inner, known, here)
    return found


def make_world(actor: User) -> dict[str, Any]:
    """Values for the parameters of routes: under `route.parameter`, or under the parameter's own name."""
    incident = make_incident(actor)
    section = start_postmortem(incident, actor=actor).sections.all()[0]
    test = make_restore_test()
    write_record(test, now=NOW)
    evidence = attach_evidence(test, incident=incident, caption="It came back", actor=actor, now=NOW)
    file = attach_file(incident, file=upload(), caption="It says so", actor=actor, now=NOW)
    attachment = attach_incident_file(incident, file=upload(), actor=actor)
    make_event(incident, source="import", submission_key="paste-paste1-0")
    rendering = RenderedDocument.objects.create(incident=incident, digest="a" * 64)
    delivery = make_delivery()
    publication = make_publication(incident, actor)
    comment = add_comment(section, text="Which disk?", actor=actor)
    asked = {"reviewer": actor, "asked_by": actor, "asked_at": NOW}
    review = Review.objects.create(postmortem=publication.postmortem, **asked)
    template = PostmortemTemplate.objects.get(name="Complete")
    link = password_link_path(actor).strip("/").rpartition("/")[2]
    return {
        "number": incident.number,
        "incidents:event_edit.pk": make_event(incident).pk,
        **{f"incidents:event_{page}.pk": make_event(incident).pk for page in ("marks", "history")},
        "recovery:event_evidence_edit.pk": make_event(incident).pk,
        "incidents:attachment.pk": attachment.pk,
        "incidents:attachment_removal.pk": attachment.pk,
        "incidents:paste.key": "paste1",
        "incidents:cause_edit.pk": RootCause.objects.create(incident=incident, statement="It was full").pk,
        "incidents:role_release.pk": assign_role(incident, role="scribe", person=actor, actor=actor, now=NOW).pk,
        **{f"incidents:link_{page}.pk": make_link(incident).pk for page in ("edit", "removal")},
        "other": make_incident(actor, "Another").number,
        **{f"incidents:{page}.pk": make_service().pk for page in ("service", "service_edit", "service_retirement")},
        "level": 3,
        **{f"incidents:tag_{page}.pk": make_tag(incident).pk for page in ("edit", "merger", "removal")},
        **{f"incidents:postmortem_template_{page}.pk": template.pk for page in ("edit", "copy", "removal")},
        **{f"incidents:template_section_{page}.pk": template.pk for page in ("create", "edit", "position", "removal")},
        "section": template.sections.all()[0].pk,
        **{f"incidents:wording_rule_{page}.pk": make_wording_rule(f"{page} it").pk for page in ("edit", "removal")},
        "incidents:dismissal_removal.pk": make_wording_dismissal(section).pk,
        "incidents:team.pk": make_team().pk,
        **{f"accounts:team_{page}.pk": make_team().pk for page in ("edit", "retirement")},
        "incidents:improvement_edit.pk": Improvement.objects.create(incident=incident, metric="p95").pk,
        "item": ActionItem.objects.create(incident=incident, title="Alert earlier").pk,
        "recovery:check_create.kind": "minimum_rows",
        **{f"recovery:check_{page}.pk": make_check().pk for page in ("edit", "state", "removal")},
        "digest": rendering.digest,
        **{f"incidents:{page}.pk": make_export(actor).pk for page in ("export", "export_file")},
        "key": section.key,
        "version": publication.number,
        "wanted": "json",
        **{f"incidents:comment_{page}.pk": comment.pk for page in ("answer", "edit", "removal", "resolution")},
        "incidents:review_withdrawal.pk": review.pk,
        "name": test.replica.database.name,
        "replica": test.replica.name,
        "recovery:replication_file.file": "litestream.yml",
        "recovery:restore_test.number": test.number,
        "recovery:test_evidence_create.number": test.number,
        "recovery:test_envelope.number": test.number,
        "recovery:evidence_withdrawal.pk": evidence.pk,
        "recovery:evidence_file.pk": file.pk,
        "notifications:channel_create.kind": delivery.channel.kind,
        "notifications:channel_edit.pk": delivery.channel.pk,
        "notifications:channel_test.pk": delivery.channel.pk,
        "notifications:channel_delete.pk": delivery.channel.pk,
        "notifications:attempt_create.pk": delivery.pk,
        "api:restore_test.number": test.number,
        "api:elsewhere.rest": "nowhere",
        **{f"api:{name}.number": incident.number for name in ("incident", "event_list")},
        "incidents:record_audit.kind": "incident",
        "incidents:record_audit.key": incident.number,
        "accounts:token_revocation.pk": make_token(actor=actor)[0].pk,
        "incidents:person.pk": actor.pk,
        "accounts:person_edit.pk": actor.pk,
        "accounts:person_link_create.pk": actor.pk,
        "account_reset_password_from_key.uidb36": link.partition("-")[0],
        "account_reset_password_from_key.key": link.partition("-")[2],
    }


def address_of(route: Route, world: dict[str, Any]) -> str:
    """The route's address in this world; 0 stands for what the world does not have, and nothing has that name."""
    values = {name: world.get(f"{route.name}.{name}", world.get(name)) for name in route.parameters}
    return reverse(route.name, kwargs={name: 0 if value is None else value for name, value in values.items()})
