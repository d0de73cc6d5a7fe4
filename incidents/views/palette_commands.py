"""What the command palette offers by words of its own: pages, and what can be done on an incident."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident
from incidents.queries.destinations import Destination


def list_commands(user: User) -> list[Destination]:
    """Where people go most: offered before anything is typed."""
    board = reverse("incidents:board")
    declare = Destination(
        _("Declare an incident"), reverse("incidents:incident_create"), synonyms=_("new create add report open")
    )
    return [
        *([declare] if user.is_writer else []),
        Destination(_("Board"), board, _("What is going on"), synonyms=_("home start dashboard overview")),
        Destination(_("Incidents"), reverse("incidents:incident_list"), _("All, with filters"), synonyms=_("list")),
        Destination(_("My action items"), f"{board}#my-items-title", synonyms=_("tasks todo promises")),
        Destination(
            _("Insights"), reverse("incidents:insights"), synonyms=_("statistics metrics reports trends charts MTTR")
        ),
        Destination(
            _("Databases"), reverse("recovery:database_list"), _("Recovery"), synonyms=_("backup restore replica")
        ),
        Destination(_("Services"), reverse("incidents:service_list"), synonyms=_("settings catalogue systems")),
        Destination(_("Teams"), reverse("accounts:team_list"), synonyms=_("settings groups members")),
    ]


def list_pages(user: User) -> list[Destination]:
    """The other pages that this person may open: offered by what is typed."""
    settings, recovery = _("Settings"), _("Recovery")
    administered = [
        Destination(
            _("Audit"), reverse("incidents:audit"), settings, synonyms=_("history log changes trail who changed")
        ),
        Destination(
            _("Notifications"),
            reverse("notifications:channel_list"),
            settings,
            synonyms=_("channels alerts Slack PagerDuty e-mail email webhooks messages"),
        ),
        Destination(_("API tokens"), reverse("accounts:token_list"), settings, synonyms=_("keys agents programs")),
    ]
    return [
        Destination(
            _("Severity levels"), reverse("incidents:severity_list"), settings, synonyms=_("SEV priority urgency")
        ),
        Destination(
            _("Wording"), reverse("incidents:wording_rule_list"), settings, synonyms=_("blameless rules phrases words")
        ),
        Destination(_("Tags"), reverse("incidents:tag_list"), settings, synonyms=_("labels keywords")),
        Destination(_("People"), reverse("accounts:person_list"), settings, synonyms=_("users members accounts")),
        *(administered if user.is_administrator else []),
        Destination(
            _("Your profile"),
            reverse("accounts:profile_edit"),
            settings,
            synonyms=_("account preferences timezone password name me"),
        ),
        Destination(_("Restore tests"), reverse("recovery:restore_test_list"), recovery, synonyms=_("history runs")),
        Destination(_("Restorability"), reverse("recovery:restorability"), recovery, synonyms=_("RTO RPO objectives")),
        Destination(_("Alarms"), reverse("recovery:alarm_list"), recovery, synonyms=_("alerts warnings")),
        Destination(_("Methods"), reverse("recovery:method_list"), recovery, synonyms=_("compare Litestream dump")),
        Destination(_("Keyboard shortcuts"), "#shortcuts", synonyms=_("keys help hotkeys")),
    ]


def list_of_incident(user: User, incident: Incident) -> list[Destination]:
    """What can be done on this incident, first what is done most."""
    page, number, reference = incident.get_absolute_url(), incident.number, incident.reference
    changes = [
        Destination(
            _("Add an event to the timeline"), f"{page}#timeline-add", reference, synonyms=_("write note log update")
        ),
        Destination(
            _("Change the status"),
            reverse("incidents:status_edit", args=[number]),
            reference,
            synonyms=_("close resolve reopen mitigate monitor investigate finish end"),
        ),
    ]
    postmortem = Destination(
        _("Post-mortem"), reverse("incidents:postmortem", args=[number]), reference, synonyms=_("postmortem review PDF")
    )
    return [*(changes if user.is_writer else []), postmortem]


def list_more_of_incident(user: User, incident: Incident) -> list[Destination]:
    """What else there is about this incident: offered by what is typed."""
    number, reference = incident.number, incident.reference
    changes = [
        Destination(
            _("Edit the facts"),
            reverse("incidents:facts_edit", args=[number]),
            reference,
            synonyms=_("severity title summary services tags mode"),
        ),
        Destination(
            _("Assign roles"),
            reverse("incidents:roles_edit", args=[number]),
            reference,
            synonyms=_("commander scribe deputy hand over people"),
        ),
    ]
    history = Destination(
        _("History of every change"),
        reverse("incidents:incident_audit", args=[number]),
        reference,
        synonyms=_("audit log trail who changed"),
    )
    return [*(changes if user.is_writer else []), history]
