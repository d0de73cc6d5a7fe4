"""The agent tests restores as Debrief does, within its bounds, and leaves nothing behind."""
# ruff: noqa: F811  # fixtures are found by their name

import ast
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from recovery.models import RestoreTest
from tests.factories import make_restore_test
from tests.faults.agent import AGENT, LITESTREAM, Run, command, debrief, run, spooled, token  # noqa: F401  # fixtures
from tests.faults.backup import Backup
from tests.faults.processes import wait_for_commands


def test_what_it_finds_is_what_debrief_finds_itself(backup: Backup, run: Run) -> None:
    backup.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users);"
        "INSERT INTO orders (user) VALUES (1);"
        'CREATE TABLE "we""ird; name" (x); CREATE VIEW v AS SELECT 1; CREATE INDEX by_name ON users (name);'
        "CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('found'); PRAGMA application_id = 77;"
    )
    backup.replicate()
    finished = run()
    assert (finished.returncode, finished.stderr) == (0, "")
    test, own = RestoreTest.objects.get(), backup.restore_test()
    assert test.tables == dict(own.found.row_counts)
    assert test.sha256 == own.found.sha256
    assert test.schema_fingerprint == own.found.schema.fingerprint
    assert test.size_bytes == own.found.size_bytes
    assert test.restored_txid == own.restored.marker
    assert test.restored_to == own.restored.newest_at
    assert test.integrity == "ok"
    if own.found.identity:
        assert test.identity == own.found.identity
    assert set(test.phases) == {"plan", "restore", "integrity", "foreign_keys", "counts", "checks", "hash"}
    assert (test.origin, test.reporter, test.status) == ("reported", "db1.example.org", "passed")
    assert test.tool.startswith("litestream 0.5.")
    assert [check["name"] for check in test.checks][:3] == ["integrity_check", "foreign_keys", "row_counts"]
    assert spooled(backup) == []


def test_cron_gets_one_line(run: Run) -> None:
    finished = run("--require-rows", "users:600", "--assert-sql", "SELECT count(*) FROM users WHERE id = 600 = 1")
    assert finished.stdout.startswith("RESTORE TEST PASSED: shop/local: 600 rows, integrity ok, restored in ")
    assert finished.stdout.count("\n") == 1
    assert RestoreTest.objects.get().reference in finished.stdout


def test_a_damaged_replica_is_a_failed_test(backup: Backup, run: Run) -> None:
    path = backup.files()[1]
    path.write_bytes(path.read_bytes()[:-100])
    finished = run()
    test = RestoreTest.objects.get()
    assert (finished.returncode, test.status, test.exit_code) == (1, "failed", 1)
    assert finished.stdout.startswith("RESTORE TEST FAILED: shop/local: Litestream could not restore the backup")
    assert "Error:" in test.log_tail


def test_an_empty_replica_is_a_failed_test(backup: Backup, run: Run) -> None:
    shutil.rmtree(backup.replica.path)
    assert run().returncode == 1
    assert "holds no backup" in RestoreTest.objects.get().reasons[0]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--require-rows", "users:601", "users has 600 rows; at least 601 are required."),
        ("--require-rows", "orders:1", "orders has no rows"),
        ("--assert-sql", "SELECT count(*) FROM users = 601", "gives 600; expected was 601"),
        ("--assert-sql", "SELECT 1 FROM nothing = 1", "could not be answered"),
        ("--assert-sql", "ATTACH '/tmp/x' AS x = 1", "could not be answered"),
        ("--assert-sql", "DELETE FROM users = 1", "could not be answered"),
    ],
)
def test_what_is_asked_for_must_hold(run: Run, option: str, value: str, words: str) -> None:
    finished = run(option, value)
    assert finished.returncode == 1
    assert words in RestoreTest.objects.get().reasons[0]


def test_debrief_has_the_last_word(run: Run) -> None:
    """The agent cannot know that rows are gone since the last time."""
    assert run().returncode == 0
    make_restore_test(RestoreTest.objects.get().replica, tables={"users": 600, "orders": 20})
    finished = run()
    assert finished.returncode == 1
    assert "orders is missing" in finished.stdout


def test_a_folder_serves_as_well_as_an_address(backup: Backup, run: Run) -> None:
    assert run("--replica-url", str(backup.replica.path)).returncode == 0


def test_a_configuration_serves_as_well_as_an_address(backup: Backup, run: Run) -> None:
    config = backup.folder / "litestream.yml"
    replica = {"path": str(backup.replica.path)}
    config.write_text(
        json.dumps({"logging": {"level": "debug"}, "dbs": [{"path": str(backup.source), "replica": replica}]})
    )
    finished = run("--replica-url", "", "--config", str(config), "--path", str(backup.source))
    assert finished.stdout.startswith("RESTORE TEST PASSED: shop/local: 600 rows")
    test = RestoreTest.objects.get()
    assert test.restored_to is not None
    assert test.restored_to.microsecond == 0
    # Told in whole seconds, so one of them may lie between.
    assert test.rpo_seconds in (0, 1)


def test_a_file_beyond_the_quota_says_nothing_about_the_backup(run: Run) -> None:
    finished = run("--quota", "100K")
    assert finished.returncode == 2
    test = RestoreTest.objects.get()
    assert (test.status, "file too large" in test.log_tail) == ("inconclusive", True)


def test_keys_that_are_not_passed_say_nothing_about_the_backup_and_how_to_pass_them_is_told(run: Run) -> None:
    """The keys are in the environment of the agent, and it gives none of them on unless it is told to."""
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    finished = run("--replica-url", "s3://bucket/shop?endpoint=http://127.0.0.1:9&region=us-east-1", env=keys)
    assert finished.returncode == 2
    assert "Pass each with --pass-env NAME, such as --pass-env AWS_ACCESS_KEY_ID" in finished.stdout
    assert RestoreTest.objects.get().status == "inconclusive"


def make_script(backup: Backup, text: str) -> str:
    path = backup.folder / "litestream"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_restore_that_hangs_is_stopped_with_all_it_started(backup: Backup, run: Run) -> None:
    script = make_script(
        backup, f'[ "$1" = version ] && exec {LITESTREAM} version\nsleep 97 & echo {backup.folder}; wait'
    )
    finished = run("--litestream", script, "--time-limit", "2")
    assert finished.returncode == 1
    assert RestoreTest.objects.get().status == "timed_out"
    assert wait_for_commands(backup.folder, "litestream", wanted=False)


@pytest.mark.parametrize(
    ("answer", "words"), [("echo 0.5.11", "0.5.11; 0.5.12 or newer"), ("echo v0.3.13", "0.5.12"), ("true", "unknown")]
)
def test_an_old_litestream_is_refused(backup: Backup, run: Run, answer: str, words: str) -> None:
    finished = run("--litestream", make_script(backup, answer))
    assert finished.returncode == 2
    assert words in finished.stdout
    assert not RestoreTest.objects.exists()


def test_litestream_sees_only_what_it_is_given_and_no_secret_is_reported(backup: Backup, run: Run) -> None:
    script = make_script(backup, f'[ "$1" = version ] && exec {LITESTREAM} version\nenv >&2; exit 1')
    secrets = {"AWS_SECRET_ACCESS_KEY": "the secret itself", "OTHER": "unseen"}
    run("--litestream", script, "--pass-env", "AWS_SECRET_ACCESS_KEY", env=secrets)
    said = RestoreTest.objects.get().log_tail
    assert "AWS_SECRET_ACCESS_KEY=***" in said
    assert "the secret itself" not in str(RestoreTest.objects.values().get())
    for absent in ("OTHER", "DEBRIEF_TOKEN", "debrief_"):
        assert absent not in said


def test_a_run_that_is_ended_leaves_nothing(backup: Backup, debrief: str, token: str) -> None:
    script = make_script(backup, f'[ "$1" = version ] && exec {LITESTREAM} version\nexec sleep 97')
    process = subprocess.Popen(
        command(backup, debrief, "--litestream", script), env={"DEBRIEF_TOKEN": token, "HOME": str(backup.folder)}
    )
    try:
        assert wait_for_commands(backup.folder, "test-agent", wanted=True)
        while not list(backup.scratch.iterdir()):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 2
    finally:
        process.kill()
        process.wait()
    assert list(backup.scratch.iterdir()) == []


def test_looking_at_what_came_back_ends_when_the_run_is_ended(backup: Backup) -> None:
    agent = runpy.run_path(str(AGENT))
    backup.write(50_000)
    options = SimpleNamespace(require_rows=[], assert_sql=[], time_limit=60)
    inspection = agent["Inspection"](backup.source, options, time.monotonic() + 60)
    agent["Signals"].ending = True
    with pytest.raises(SystemExit):
        inspection.run()
    # Neither ran to its end.
    assert inspection.facts.get("integrity") != "ok"
    assert "sha256" not in inspection.facts


def test_what_a_killed_run_left_is_removed_by_the_next(backup: Backup, run: Run) -> None:
    left = backup.scratch / "restore-test-agent-abandoned"
    left.mkdir()
    (left / "restored.db").touch()
    os.utime(left, (1, 1))
    assert run().returncode == 0


def test_it_runs_on_python_3_9() -> None:
    ast.parse(AGENT.read_text(), feature_version=(3, 9))
    imported = {
        node.module or "" for node in ast.walk(ast.parse(AGENT.read_text())) if isinstance(node, ast.ImportFrom)
    }
    names = {
        alias.name
        for node in ast.walk(ast.parse(AGENT.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported | names} <= sys.stdlib_module_names


def test_help_says_what_it_is_and_how_it_ends() -> None:
    said = subprocess.run([sys.executable, str(AGENT), "--help"], capture_output=True, text=True, check=True).stdout
    for words in ("--replica-url", "--require-rows", "exit codes: 0 passed, 1 failed", "https://debrief.example.org"):
        assert words in said
