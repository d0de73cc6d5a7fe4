import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from incidents.models import Incident
from incidents.services.visibility import change_visibility
from tests.factories import NOW, make_incident


def test_the_command_line_lets_somebody_in_and_says_so(responder: User, administrator: User) -> None:
    incident = make_incident(responder)
    change_visibility(incident, visibility="restricted", people=[responder], teams=[], actor=responder, now=NOW)
    call_command("incident_access", incident.reference.lower(), "administrator", "--as", "responder")
    assert incident in Incident.objects.visible_to(administrator)
    event = incident.events.latest("pk")
    assert "named from the command line" in event.text
    assert event.author == responder


@pytest.mark.parametrize("said", [[], ["--as", ""]])
def test_nobody_is_let_in_by_nobody(responder: User, administrator: User, said: list[str]) -> None:
    incident = make_incident(responder, visibility="restricted")
    with pytest.raises(CommandError, match="with --as USERNAME") as error:
        call_command("incident_access", incident.reference, "administrator", *said)
    assert error.value.returncode == 2
    assert incident not in Incident.objects.visible_to(administrator)


@pytest.mark.parametrize(("incident", "username"), [("INC-99", "responder"), ("x", "responder"), ("INC-1", "nobody")])
def test_what_is_not_there_is_said(responder: User, incident: str, username: str) -> None:
    number = make_incident(responder).number
    with pytest.raises(CommandError, match="There is no") as error:
        call_command("incident_access", incident.replace("INC-1", f"INC-{number}"), username)
    assert error.value.returncode == 2
