"""The example's post-mortem rests on a restore test that was really run."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.models import ActionItem, Improvement, Incident, RootCause
from incidents.services.example import EXAMPLE
from recovery.models import Evidence, Replica, RestoreTest
from recovery.services import example
from recovery.services.example_proof import prove_example

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Incident:
    monkeypatch.setattr(example, "USERS", 30)
    settings.EXAMPLE_DIR = tmp_path / "example"
    call_command("load_example", "--with-test")
    return Incident.objects.get(example=EXAMPLE)


def test_the_post_mortem_refers_to_what_was_measured(incident: Incident) -> None:
    test = RestoreTest.objects.get()
    assert (test.status, Evidence.objects.get().restore_test) == ("passed", test)
    bound = Improvement.objects.get(after_source=f"{test.reference}.rto")
    assert (bound.incident, bound.before) == (incident, "8.5 s")
    body = incident.postmortem.sections.get(key="recovery").body
    assert f"in a test: {test.reference}.rto until it could be used, {test.reference}.rpo behind." in body
    assert "then verified before traffic returned" in body


def test_it_uses_what_a_post_mortem_can_say(incident: Incident) -> None:
    root = RootCause.objects.get(incident=incident, kind="root_cause")
    assert len(root.whys) == 3
    assert {cause.kind for cause in root.led_by.all()} == {"trigger", "mitigator"}
    mttr = Improvement.objects.get(incident=incident, metric="MTTR")
    assert mttr.before_source == f"{incident.reference}.time_to_resolve"
    texts = " ".join(section.body for section in incident.postmortem.sections.all())
    alert = ActionItem.objects.get(incident=incident, title__startswith="Add a disk usage alert")
    assert f"before the disk was full; {alert.reference} does" in texts
    assert "{" not in texts


def test_once_is_enough(incident: Incident) -> None:
    replica = Replica.objects.get(name="local")
    assert prove_example(incident, replica, actor=incident.declared_by, now=timezone.now()) is None
    assert RestoreTest.objects.count() == 1
