"""Reads every page, row and index entry of a restored cluster with PostgreSQL's own tools, to find damage."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from recovery.errors import RestoreTimedOut
from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Integrity
from recovery.methods.postgresql_asking import last_line
from recovery.methods.postgresql_programs import Programs
from recovery.methods.postgresql_server import Server
from recovery.methods.postgresql_settings import read_control
from recovery.methods.process import Bounds, run

# Of the time that is left, how much the comparison of tables with their indexes may take.
_THOROUGH_SHARE = 0.5
_LONGEST_LINE = 300
_MOST_PROBLEMS = 100
_CORRUPT = 2
# What a cluster needs of this machine, and cannot be judged without.
_UNREACHED = ("connection to server",)
_MISSING_HERE = ("could not open extension control file", "could not access file", "could not load library")
# How an index looks whose text is sorted by another version of the operating system's rules.
_ORDER = "item order invariant"


@dataclass
class Findings:
    """Problems and remarks so far; `is_unknown` where something could not be checked."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_unknown: bool = False

    def conclude(self) -> Integrity:
        """The answer as a whole."""
        notes = tuple(self.notes)
        if self.problems:
            return Integrity(is_ok=False, problems=tuple(self.problems[:_MOST_PROBLEMS]), notes=notes)
        return Integrity(is_ok=None if self.is_unknown else True, notes=notes)


def check_relations(server: Server, bounds: Bounds, *, has_other_collations: bool) -> Findings:
    """What pg_amcheck says of every table and index in every database, entries compared with rows as far as time is."""
    found = Findings()
    programs, superuser = server.cluster.programs, server.cluster.superuser
    where = ["--maintenance-db", server.conninfo(superuser, "template1"), "--all", "--install-missing", "--no-password"]
    command = [programs["pg_amcheck"], *where]
    thorough = Deadline(bounds.deadline.remaining * _THOROUGH_SHARE)
    try:
        finished = run([*command, "--heapallindexed"], replace(bounds, deadline=thorough))
    except RestoreTimedOut:
        bounds.deadline.check()
        found.notes.append(_("There was no time to compare every row with every index; all else was checked."))
        finished = run(command, bounds)
    lines = _problem_lines(finished.stdout.decode("utf-8", "replace").splitlines())
    if has_other_collations:
        _set_apart(
            found, lines, (_ORDER,), _("Text is sorted by other rules on this machine, so order was not judged.")
        )
    errors = [line for line in finished.log_tail.splitlines() if "error:" in line]
    _set_apart(found, lines, _MISSING_HERE, _("An extension that the database uses is not installed here."))
    _set_apart(found, errors, _MISSING_HERE, _("An extension that the check needs is not installed here."))
    _set_apart(found, errors, _UNREACHED, _("The restored server could not be asked."))
    problems = [*lines, *errors]
    if finished.exit_code not in (0, _CORRUPT) and not problems and not found.is_unknown:
        problems = [last_line(finished.log_tail)]
    found.problems += [line[:_LONGEST_LINE] for line in problems]
    return found


def dump(server: Server, databases: Sequence[str], bounds: Bounds) -> Findings:
    """Whether every row of every database can be read and written out, its large values included."""
    found = Findings()
    cluster = server.cluster
    for database in databases:
        conninfo = server.conninfo(cluster.superuser, database)
        options = ["--file=/dev/null", "--no-sync", "--no-password", "--no-unlogged-table-data", f"--dbname={conninfo}"]
        finished = run([cluster.programs["pg_dump"], *options], bounds)
        if finished.exit_code:
            lines = [line for line in finished.log_tail.splitlines() if "error:" in line] or [finished.log_tail]
            _set_apart(found, lines, _MISSING_HERE, _("An extension that the database uses is not installed here."))
            found.problems += [f"{database}: {line}"[:_LONGEST_LINE] for line in lines]
    return found


def check_pages(server: Server, bounds: Bounds) -> Findings:
    """Whether every page has its checksum, where the cluster keeps them. The server is not running any more."""
    found = Findings()
    programs, data = server.cluster.programs, server.cluster.data
    if _has_checksums(programs, server, bounds):
        finished = run([programs["pg_checksums"], "--check", f"--pgdata={data}"], bounds)
        if finished.exit_code:
            lines = [line for line in finished.log_tail.splitlines() if "error:" in line] or [
                last_line(finished.log_tail)
            ]
            found.problems += [line[:_LONGEST_LINE] for line in lines]
    else:
        found.notes.append(_("The cluster keeps no data checksums; turn them on with pg_checksums."))
    return found


def _has_checksums(programs: Programs, server: Server, bounds: Bounds) -> bool:
    control = read_control(server.cluster.data, programs, bounds)
    return control.get("Data page checksum version", "0") != "0"


def _problem_lines(lines: list[str]) -> list[str]:
    """A problem takes a line for its place and one or more that follow, indented, for what is wrong there."""
    found: list[str] = []
    for line in lines:
        if line.startswith(" ") and found:
            found[-1] += f" {line.strip()}"
        elif line.strip():
            found.append(line.strip())
    return found


def _set_apart(found: Findings, lines: list[str], words: Sequence[str], note: str) -> None:
    """Take the lines that say nothing about the data out of `lines`, and remark on them."""
    apart = [line for line in lines if any(word in line for word in words)]
    if apart:
        lines[:] = [line for line in lines if line not in apart]
        found.is_unknown = True
        found.notes += [f"{note} ({apart[0][:_LONGEST_LINE]})"]
