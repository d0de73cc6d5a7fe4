"""`manage.py load_demonstration`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recovery.models import Database, RestoreTest


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demonstration", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_is_loaded_and_removed() -> None:
    said = run("--weeks", "3")
    assert said.startswith(f"4 demonstration databases with {RestoreTest.objects.count()} restore tests")
    assert {*Database.objects.values_list("is_demonstration", flat=True)} == {True}
    assert run("--remove") == "4 demonstration databases removed.\n"
    assert not Database.objects.exists()


@pytest.mark.django_db
def test_what_cannot_be_done_ends_with_2() -> None:
    with pytest.raises(CommandError, match="weeks") as refused:
        run("--weeks", "1")
    assert refused.value.returncode == 2
