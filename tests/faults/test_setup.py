"""The ready configuration is one that the real Litestream takes, with the settings that it is meant to have."""

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from recovery.methods.litestream_setup import Place, example_place, make_files
from tests.faults.backup import Backup
from tests.faults.processes import wait_for_commands

TOOL = Path(sysconfig.get_path("scripts")) / "litestream"
WITH_EVERYTHING = Place(
    "s3",
    "s3://bucket/a b: c",
    {"endpoint": "https://minio.example.org:9000", "force-path-style": True},
    {"access-key-id": "env:OUR_KEY", "secret-access-key": "file:/run/secrets/s3"},
)


@pytest.mark.parametrize(
    "place", [*(example_place(kind, "app") for kind in ("s3", "sftp", "file")), WITH_EVERYTHING], ids=str
)
def test_litestream_reads_the_configuration(tmp_path: Path, place: Place) -> None:
    path = '/data/it\'s "my" app: #1.db'
    files = make_files(path, "app", place)
    config = tmp_path / "litestream.yml"
    config.write_text(files["litestream.yml"])
    said = subprocess.run(
        [TOOL, "databases", "-config", config, "-json"], check=True, capture_output=True, text=True, env={"HOME": "/"}
    ).stdout
    (found,) = json.loads(said)
    assert found["path"] == path
    content = yaml.safe_load(files["litestream.yml"])
    assert content["snapshot"] == {"interval": "24h", "retention": "72h"}
    assert content["dbs"][0]["replica"]["sync-interval"] == "1s"
    compose = yaml.safe_load(files["compose.yaml"])["services"]["litestream"]
    assert "/data:/data" in compose["volumes"]
    assert ("env_file" in compose) == ("litestream.env" in files) == ("EnvironmentFile" in files["litestream.service"])


def test_secrets_are_only_named() -> None:
    files = make_files("/data/app.db", "my-app", WITH_EVERYTHING)
    assert "access-key-id: ${OUR_KEY}" in files["litestream.yml"]
    assert "secret-access-key: ${MY_APP_SECRET_ACCESS_KEY}" in files["litestream.yml"]
    assert files["litestream.env"] == "MY_APP_SECRET_ACCESS_KEY=\nOUR_KEY=\n"


def test_litestream_replicates_with_it(empty: Backup) -> None:
    empty.write(10)
    config = empty.folder / "litestream.yml"
    config.write_text(make_files(str(empty.source), "app", Place("file", str(empty.replica.path)))["litestream.yml"])
    subprocess.run([TOOL, "replicate", "-once", "-config", config], check=True, capture_output=True, env={"HOME": "/"})
    assert empty.restore_test().found.row_counts == {"users": 10}
    assert wait_for_commands(empty.folder, "litestream", wanted=False)
