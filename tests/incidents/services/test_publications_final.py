"""What was published stays as it was, whatever is done to the database or to what it was made of."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from incidents.documents.html import render_self_contained
from incidents.models import Attachment, Publication
from incidents.queries.publications import read_version
from incidents.services.attachments import attach_file, remove_attachment, sweep_attachments
from tests.factories import NOW, make_incident, make_user
from tests.incidents.published import make_publication
from tests.uploads import picture, upload

TABLE = Publication._meta.db_table


@pytest.fixture
def publication(responder: User) -> Publication:
    return make_publication(make_incident(responder), responder, body="The disk was full.")


@pytest.mark.parametrize("key", ["id", "number"])
def test_nothing_takes_the_place_of_a_version(publication: Publication, key: str) -> None:
    """What replaces a row tells the triggers of its deletion nothing on SQLite."""
    columns = [field.column for field in Publication._meta.concrete_fields]
    others = {"content": "'{}'", **({"id": "id + 1"} if key == "number" else {"number": "number + 1"})}
    values = [others.get(name, name) for name in columns]
    into = f"INTO {TABLE} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {TABLE}"  # noqa: S608
    if connection.vendor == "postgresql":
        target = "(id)" if key == "id" else "(postmortem_id, number)"
        statements = [f"INSERT {into} ON CONFLICT {target} DO UPDATE SET content = '{{}}'"]
    else:
        altering = f"UPDATE OR REPLACE {TABLE} SET number = 2"  # noqa: S608
        statements = [f"REPLACE {into}", f"INSERT OR REPLACE {into}", altering]
    for statement in statements:
        with pytest.raises(IntegrityError, match="never altered"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Publication.objects.get().content == publication.content


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_version_that_is_committed_is_final_too() -> None:
    """And goes with what the test leaves, or the tests behind it would find it."""
    actor = make_user()
    publication = make_publication(make_incident(actor), actor, body="The disk was full.")
    with pytest.raises(IntegrityError):
        Publication.objects.filter(pk=publication.pk).delete()
    assert Publication.objects.get() == publication


def test_a_version_keeps_a_picture_that_was_removed_since(responder: User, settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    settings.PICTURE_DIRS = [tmp_path]
    incident = make_incident(responder)
    shown = attach_file(incident, file=upload(picture(), "shown.png"), actor=responder)
    publication = make_publication(incident, responder, body=f"It looked so: {shown.markdown}")
    later = attach_file(incident, file=upload(picture(size=(9, 9)), "later.png"), actor=responder)
    before = render_self_contained(read_version(publication))
    for attachment in (shown, later):
        remove_attachment(attachment, now=NOW)
    for days in (8, 9):
        sweep_attachments(now=timezone.now() + timedelta(days=days))
    # Of what no version shows, nothing is left.
    assert [*Attachment.objects.all()] == [shown]
    assert [path for path in tmp_path.rglob("*") if later.sha256 in path.name] == []
    publication.refresh_from_db()
    assert render_self_contained(read_version(publication)) == before
    assert base64.b64encode(picture()).decode() in before
    html = read_version(publication, is_external=True)
    assert base64.b64encode(picture()).decode() in render_self_contained(html)
