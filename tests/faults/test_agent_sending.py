"""What the agent found arrives once, and its token nowhere else."""
# ruff: noqa: F811  # fixtures are found by their name

import json
import stat

import pytest

from accounts.models import ApiToken
from accounts.services.tokens import revoke_token
from recovery.models import RestoreTest
from tests.factories import NOW
from tests.faults.agent import LITESTREAM, NOBODY, Run, debrief, relay, run, spooled, token  # noqa: F401  # fixtures by their name
from tests.faults.backup import Backup


def test_a_report_that_cannot_be_sent_is_sent_by_the_next_run_once(backup: Backup, debrief: str, run: Run) -> None:
    finished = run(address=NOBODY)
    assert finished.returncode == 0
    assert "kept for the next run: no answer from" in finished.stdout
    (kept,) = spooled(backup)
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    # The same Debrief under its right address.
    content = json.loads(kept.read_text())
    kept.write_text(json.dumps(content | {"debrief": debrief}))
    assert run().returncode == 0
    first, second = RestoreTest.objects.order_by("number")
    assert first.report_key == content["report"]["report_key"]
    assert first.finished_at < second.started_at
    assert spooled(backup) == []
    run()
    assert RestoreTest.objects.count() == 3


def test_a_report_whose_answer_was_lost_is_one_test(backup: Backup, debrief: str, run: Run) -> None:
    with relay(debrief, loses_answers=1) as address:
        finished = run("--retry-for", "10", address=address)
    assert finished.returncode == 0
    assert RestoreTest.objects.count() == 1
    assert spooled(backup) == []


def test_the_token_follows_no_redirect(backup: Backup, debrief: str, run: Run) -> None:
    with relay(debrief, redirects=True) as address:
        finished = run(address=address)
    assert finished.returncode == 2
    assert "NOT REPORTED: Debrief answers 307" in finished.stdout
    assert not RestoreTest.objects.exists()
    assert len(spooled(backup)) == 1


def test_a_revoked_token_is_said_and_nothing_is_lost(backup: Backup, run: Run) -> None:
    token = ApiToken.objects.get()
    revoke_token(token, actor=token.created_by, now=NOW)
    finished = run()
    assert finished.returncode == 2
    assert "NOT REPORTED: Debrief answers 401: This token was revoked." in finished.stdout
    assert len(spooled(backup)) == 1


def test_an_unregistered_replica_is_said(backup: Backup, run: Run) -> None:
    finished = run("--replica", "s3")
    assert finished.returncode == 2
    assert "Register it in Debrief first" in finished.stdout
    assert len(spooled(backup)) == 1


def test_a_token_that_others_may_read_is_not_used(backup: Backup, run: Run, token: str) -> None:
    file = backup.folder / "token"
    file.write_text(f"{token}\n")
    file.chmod(0o644)
    finished = run("--token-file", str(file), env={"DEBRIEF_TOKEN": ""})
    assert (finished.returncode, "Others may read" in finished.stdout) == (2, True)
    file.chmod(0o600)
    assert run("--token-file", str(file), env={"DEBRIEF_TOKEN": ""}).returncode == 0


def test_a_report_that_cannot_be_kept_is_sent_all_the_same(backup: Backup, run: Run) -> None:
    script = backup.folder / "litestream-without-spool"
    script.write_text(f'#!/bin/sh\nrm -rf {backup.folder}/spool\nexec {LITESTREAM} "$@"\n')
    script.chmod(0o755)
    assert run("--litestream", str(script)).returncode == 0
    assert RestoreTest.objects.get().status == "passed"
    finished = run("--litestream", str(script), address=NOBODY)
    assert (finished.returncode, "; NOT KEPT: no answer" in finished.stdout) == (0, True)


def test_a_spool_that_others_may_write_to_is_not_used_and_keeps_its_mode(backup: Backup, run: Run) -> None:
    shared = backup.folder / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    finished = run("--spool", str(shared))
    assert (finished.returncode, "Name one of your own by --spool" in finished.stdout) == (2, True)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert not RestoreTest.objects.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://debrief.example.org", "Use https://"), ("ftp://x", "no address"), ("debrief", "no address")],
)
def test_the_token_is_not_sent_in_the_open(run: Run, address: str, words: str) -> None:
    finished = run(address=address)
    assert (finished.returncode, words in finished.stdout) == (2, True)
    assert not RestoreTest.objects.exists()
