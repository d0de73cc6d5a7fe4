import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler

from config.missing_tables import MissingTablesError, _explain, name_database


@pytest.mark.parametrize("command", [["load_example"], ["postmortem_verify", "INC-1"]])
def test_a_command_says_which_database_it_looked_at(tmp_path: Path, command: list[str]) -> None:
    environment = os.environ | {"DEBRIEF_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    line = [sys.executable, "manage.py", *command]
    run = subprocess.run(line, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert "no such table" in run.stderr
    assert f"The database {tmp_path / 'debrief.sqlite3'} has not been set up" in run.stderr
    assert "DEBRIEF_DATA_DIR and DATABASE_URL" in run.stderr


def test_a_server_is_named_without_the_password() -> None:
    known = {"ENGINE": "django.db.backends.postgresql", "NAME": "debrief", "HOST": "db.example.org", "PORT": 5433}
    other = ConnectionHandler({"default": {**known, "USER": "debrief", "PASSWORD": "secret"}})["default"]
    assert name_database(other) == "debrief on db.example.org:5433"


@pytest.mark.django_db
def test_nothing_but_a_missing_table_is_told_otherwise() -> None:
    with connection.execute_wrapper(_explain), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="syntax error") as wrong, transaction.atomic():
            cursor.execute("SELEC 1")
        assert not isinstance(wrong.value, MissingTablesError)


@pytest.mark.django_db
def test_a_missing_table_is_told_as_an_operational_error() -> None:
    wrapped, refused = connection.execute_wrapper(_explain), pytest.raises(MissingTablesError, match="set DEBRIEF_DATA")
    with wrapped, refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere_at_all")
