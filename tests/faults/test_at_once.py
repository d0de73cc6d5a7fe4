"""Two people, or one impatient person, at the same moment, with a database in a file."""

import pytest

from tests.incidents import postmortems_at_once
from tests.incidents.at_once import COMMANDING, DECLARING, JOINING, MERGING
from tests.incidents.imports_at_once import IMPORTING
from tests.recovery.management.installation import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("data"))
    done = made.manage("migrate")
    assert done.code == 0, done.err
    return made


@pytest.mark.parametrize(
    "script",
    [COMMANDING, DECLARING, IMPORTING, JOINING, MERGING],
    ids=["commanding", "declaring", "importing", "joining", "merging"],
)
def test_what_is_sent_at_once_happens_once(installation: Installation, script: str) -> None:
    done = installation.manage("shell", "-c", script)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("name", postmortems_at_once.NAMES)
def test_those_who_work_on_one_postmortem_lose_nothing(installation: Installation, name: str) -> None:
    done = installation.manage("shell", "-c", getattr(postmortems_at_once, name))
    assert (done.code, done.err) == (0, "")
