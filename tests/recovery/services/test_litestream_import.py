from pathlib import Path

import pytest

from recovery.errors import RecoveryError
from recovery.methods.litestream_config import without_secrets
from recovery.models import Database, Replica
from recovery.services.litestream_import import Imported, import_litestream, preview_litestream
from tests.faults.backup import Backup

GUIDE = """
dbs:
  - path: {path}
    replicas:
      - type: s3
        bucket: my-backup-bucket
        path: app-db
        region: ap-southeast-1
        access-key-id: ${{APP_KEY}}
        secret-access-key: written-in-the-file
        retention: 72h
        sync-interval: 1s
      - type: sftp
        host: backup-server:22
        user: backup
        key-path: /etc/debrief/backup-key
        path: /backups/app.db
"""

pytestmark = pytest.mark.django_db


def write(folder: Path, name: str = "app.db") -> Path:
    backup = Backup(folder)
    folder.mkdir(exist_ok=True)
    backup.write(1)
    return backup.source.rename(folder / name)


def outcomes(items: list[Imported]) -> list[tuple[str, str, str]]:
    return [(item.database, item.replica, item.outcome) for item in items]


def test_the_configuration_of_the_guide_is_registered(tmp_path: Path) -> None:
    path = write(tmp_path)
    found = import_litestream(GUIDE.format(path=path))
    assert outcomes(found.items) == [("app", "", "new"), ("app", "s3", "new"), ("app", "sftp", "new")]
    s3, sftp = Replica.objects.order_by("name")
    assert (s3.destination, s3.options) == ("s3://my-backup-bucket/app-db", {"region": "ap-southeast-1"})
    assert s3.secrets == {"access-key-id": "env:APP_KEY", "secret-access-key": "env:BACKUP_APP_S3_SECRET_ACCESS_KEY"}
    assert sftp.destination == "sftp://backup@backup-server:22/backups/app.db"
    assert sftp.secrets == {"key": "file:/etc/debrief/backup-key"}
    assert found.warnings == [
        (
            "app (s3): secret-access-key is written in the file and is not copied. "
            "Set it as BACKUP_APP_S3_SECRET_ACCESS_KEY."
        )
    ]
    # By its name, as everywhere else; its path stands beside the name once.
    assert "app (s3): retention is 72h." in found.notes
    assert not any(str(path) in sentence for sentence in (*found.warnings, *found.notes))
    assert any("several replicas" in note for note in found.notes)


def test_a_second_time_finds_everything_there(tmp_path: Path) -> None:
    text = GUIDE.format(path=write(tmp_path))
    import_litestream(text)
    found = import_litestream(text)
    assert {item.outcome for item in found.items} == {"there"}
    assert (Database.objects.count(), Replica.objects.count(), found.new_count) == (1, 2, 0)


def test_a_preview_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    text = GUIDE.format(path=write(tmp_path))
    previewed = preview_litestream(text)
    assert Database.objects.count() == 0
    assert import_litestream(text) == previewed


def test_one_replica_with_an_address_and_settings_of_the_whole_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    import_litestream(
        f"access-key-id: $KEY\nsecret-access-key: ${{SECRET}}\ndbs:\n- path: sqlite://{path}\n  replica:\n"
        "    url: s3://bucket/app?endpoint=https://minio.example.org&forcePathStyle=true\n"
    )
    replica = Replica.objects.get()
    assert replica.destination == "s3://bucket/app"
    assert replica.options == {"endpoint": "https://minio.example.org", "force-path-style": True}
    assert replica.secrets == {"access-key-id": "env:KEY", "secret-access-key": "env:SECRET"}


def test_each_file_in_a_folder_is_a_database_of_its_own(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        write(tmp_path / "data", name)
    (tmp_path / "data" / "notes.db").write_text("no database")
    text = f"dbs: [{{dir: {tmp_path}/data, pattern: '*.db', replica: {{url: 's3://bucket/all'}}}}]"
    found = import_litestream(text)
    assert outcomes(found.items) == [("one", "", "new"), ("one", "s3", "new"), ("two", "", "new"), ("two", "s3", "new")]
    assert set(Replica.objects.values_list("destination", flat=True)) == {
        "s3://bucket/all/one.db",
        "s3://bucket/all/two.db",
    }


@pytest.mark.parametrize("is_recursive", ["true", "false"])
def test_a_folder_that_holds_too_much_is_not_searched_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_recursive: str
) -> None:
    write(tmp_path / "data", "one.db")
    for number in range(8):
        (tmp_path / "data" / f"{number}.txt").touch()
    text = f"dbs: [{{dir: {tmp_path}/data, pattern: '*.db', recursive: {is_recursive}, replica: {{url: 's3://b/a'}}}}]"
    count = len(list((tmp_path / "data").glob("**/*" if is_recursive == "true" else "*")))
    monkeypatch.setattr("recovery.services.litestream_import.MOST_ENTRIES", count - 1)
    (refused,) = import_litestream(text).items
    assert (refused.outcome, f"more than {count - 1} files and folders" in refused.problem) == ("problem", True)
    monkeypatch.setattr("recovery.services.litestream_import.MOST_ENTRIES", count)
    assert outcomes(import_litestream(text).items)[0] == ("one", "", "new")


def test_a_name_that_is_taken_gets_its_folder_before_it(tmp_path: Path) -> None:
    paths = [write(tmp_path / folder) for folder in ("blog", "shop")]
    import_litestream("dbs:\n" + "".join(f"- {{path: {path}, replica: {{url: s3://b/{path}}}}}\n" for path in paths))
    assert list(Database.objects.values_list("name", flat=True)) == ["app", "shop-app"]


def test_what_cannot_be_registered_is_told_and_the_rest_is_registered(tmp_path: Path) -> None:
    path = write(tmp_path)
    found = import_litestream(
        f"colour: red\ndbs:\n- path: {tmp_path}/gone.db\n  replica: {{url: 's3://b/gone'}}\n- path: {path}\n"
        "  speed: high\n  replicas:\n  - {type: file, path: relative}\n  - {url: 's3://${BUCKET}/app'}\n"
        "  - {url: 'ftp://host/app'}\n  - {url: 'nats://n.example.org/app', token: abc}\n- 7\n"
    )
    assert [item.outcome for item in found.items] == ["problem", "new", "problem", "problem", "problem", "new"]
    assert "There is no file" in found.items[0].problem
    for words in ("“colour”", "“speed”", "Entry 3 of “dbs”", "token is written in the file"):
        assert any(words in warning for warning in found.warnings)


@pytest.mark.parametrize("text", ["", "[]", "dbs: 7", "dbs: [", "\t: x", "!!python/object:os.system {}", "a: &a [*a]"])
def test_what_is_no_configuration_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RecoveryError, match=r"\.$"):
        import_litestream(text)


def test_no_secret_of_the_file_is_kept_or_shown(tmp_path: Path) -> None:
    text = GUIDE.format(path=write(tmp_path)) + "      - url: sftp://u:hunter22@h/p\n        password: ${P}\n"
    found = import_litestream(text)
    rows = str(list(Replica.objects.values()))
    for secret in ("written-in-the-file", "hunter22"):
        assert secret in text
        assert secret not in without_secrets(text) + rows + str(found)
    assert "${APP_KEY}" in without_secrets(text)
    assert preview_litestream(without_secrets(text)).has_problems is False


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 8)}]\n" for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LAUGHS + "dbs: [{path: /data/app.db, replica: {url: 's3://b/a', retention: *a11}}]", "by aliases"),
        ("dbs: &a [*a]", "by aliases"),
        ("dbs: " + "[" * 5000, "not readable as YAML"),
        ("dbs: !!timestamp never", "not readable as YAML"),
        ("dbs: [!!bool perhaps]", "not readable as YAML"),
    ],
)
def test_what_yaml_can_do_to_its_reader_is_refused(text: str, words: str) -> None:
    with pytest.raises(RecoveryError, match=words):
        import_litestream(text)


def test_an_alias_that_says_little_is_read(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = f"settings: &s3 {{region: eu-west-1}}\ndbs: [{{path: {path}, replica: {{<<: *s3, url: 's3://bucket/app'}}}}]"
    assert not import_litestream(text).has_problems
    assert Replica.objects.get().options == {"region": "eu-west-1"}


def test_the_configuration_of_another_machine_is_taken_without_looking_at_its_paths() -> None:
    text = (
        "dbs:\n- path: /data/app.db\n  replicas:\n  - {url: 's3://b/app'}\n  - {path: /backups/app}\n"
        "- {dir: /data, pattern: '*.db', replica: {url: 's3://b/all'}}\n"
    )
    found = import_litestream(text, host="db7")
    assert outcomes(found.items)[:3] == [("app", "", "new"), ("app", "s3", "new"), ("app", "file", "new")]
    database = Database.objects.get()
    assert (database.path, database.host) == ("/data/app.db", "db7")
    assert "Register each by its path" in found.items[3].problem
    again = import_litestream(text, host="db7")
    assert [item.outcome for item in again.items] == ["there", "there", "there", "problem"]
    # The same path on two machines is two databases.
    assert import_litestream("dbs: [{path: /data/app.db}]", host="db8").new_count == 1


def test_what_is_not_here_names_the_way_out() -> None:
    for text in ("dbs: [{path: /nowhere/app.db}]", "dbs: [{dir: /nowhere/data, pattern: '*.db'}]"):
        (item,) = import_litestream(text).items
        assert "name that as its host" in item.problem
    with pytest.raises(RecoveryError, match="too long"):
        import_litestream("dbs: []", host="h" * 201)
