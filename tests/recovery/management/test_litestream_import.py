import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recovery.models import Database, Replica
from tests.faults.backup import Backup

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, int]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("litestream_import", *map(str, arguments), stdout=out)
    code = ended.value.code
    assert isinstance(code, int)
    return out.getvalue(), code


@pytest.fixture
def config(tmp_path: Path) -> Path:
    backup = Backup(tmp_path)
    backup.write(1)
    backup.replicate()
    file = tmp_path / "litestream.yml"
    file.write_text(f"dbs:\n- path: {backup.source}\n  replica: {{path: {backup.replica.path}}}\n")
    return file


def test_a_configuration_is_imported_once(config: Path) -> None:
    said, code = run(config)
    assert (code, said.splitlines()[0].split(":")[0]) == (0, "source")
    assert "file: registered" in said
    assert Replica.objects.get().destination == str(config.parent / "replica")
    said, code = run(config)
    assert (code, said.count("already there")) == (0, 2)


def test_a_dry_run_changes_nothing(config: Path) -> None:
    said, code = run(config, "--dry-run")
    assert code == 0
    assert "\n  file: would be registered (" in said
    assert "Nothing was changed." in said
    assert Database.objects.count() == 0


def test_a_machine_reads_json(config: Path) -> None:
    said, _code = run(config, "--json")
    found = json.loads(said)
    assert [item["outcome"] for item in found["items"]] == ["new", "new"]
    assert (found["warnings"], found["notes"]) == ([], [])


def test_what_cannot_be_registered_makes_the_exit_code_1(config: Path) -> None:
    config.write_text("dbs: [{path: /nowhere/app.db}]")
    said, code = run(config)
    assert code == 1
    assert "not registered (/nowhere/app.db). There is no file" in said


def test_a_file_that_cannot_be_read_makes_the_exit_code_2(config: Path) -> None:
    for content in (b"\xff", b"nothing"):
        config.write_bytes(content)
        with pytest.raises(CommandError) as caught:
            call_command("litestream_import", str(config))
        assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("litestream_import", str(config.parent / "gone.yml"))


def test_the_file_of_another_machine_is_imported_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "litestream.yml"
    file.write_text("dbs: [{path: /data/app.db, replica: {url: 's3://backup/app'}}]")
    said, code = run(file)
    assert (code, "name that as its host" in said) == (1, True)
    assert run(file, "--host", "db7")[1] == 0
    assert (Database.objects.get().host, Replica.objects.get().is_reached) == ("db7", True)
