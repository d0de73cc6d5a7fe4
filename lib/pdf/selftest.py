"""Whether this machine can make PDF documents, and what to install where it cannot.

The trial runs in a child process because a broken font set-up crashes Pango, and with it the process it runs in.
"""

import re
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from lib.pdf.engine import count_pages, render_pdf

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 60.0
UNBROKEN, NO_SUBSETS = 3, 4
# Debian's names. pangoft2 comes before pango, which its name contains.
PACKAGES = {
    "harfbuzz-subset": "libharfbuzz-subset0",
    "harfbuzz": "libharfbuzz0b",
    "pangoft2": "libpangoft2-1.0-0",
    "pango": "libpango-1.0-0",
    "gobject": "libglib2.0-0",
    "fontconfig": "libfontconfig1",
}
INSTALL = "sudo apt-get install --reinstall"
# One line of it fills several of these tiny pages if it breaks, and runs off the first if it does not.
SAMPLE = f"""<!doctype html>
<html lang="th"><head><title>Self-test</title>
<style>@page {{ size: 200px 30px; margin: 0 }} p {{ margin: 0; font: 14px/24px "IBM Plex Sans Thai" }}</style></head>
<body><p>{"ระบบสำรองข้อมูลต้องกู้คืนได้ตามเวลาที่กำหนด" * 8} restored</p></body></html>"""
FEWEST_PAGES = 5


@dataclass(frozen=True)
class Outcome:
    """How the trial ended: its exit status (minus a signal's number; None at the time limit) and what it said."""

    status: int | None
    errors: str = ""


def pdf_problem(*, fonts: Path, cache: Path, time_limit: float = TIME_LIMIT) -> str | None:
    """None where a small Thai and English document can be made; else one sentence: what is missing and what to type.

    Takes about a second and never longer than `time_limit` seconds.
    """
    command = [sys.executable, "-m", __name__, str(fonts.absolute()), str(cache.absolute())]
    try:
        trial = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        outcome = Outcome(None)
    else:
        outcome = Outcome(trial.returncode, trial.stderr.decode(errors="replace"))
    return explain(outcome, command)


def explain(outcome: Outcome, command: list[str]) -> str | None:
    """The sentence for an outcome of the trial, None for a good one; `command` repeats the trial by hand."""
    by_hand = f"cd {shlex.quote(str(ROOT))} && {shlex.join(command)}"
    if outcome.status == 0:
        return None
    if outcome.status is None:
        return f"Making a small PDF did not end in time; the machine is too busy or a disk hangs: type `{by_hand}`."
    if outcome.status < 0:
        return _crash(-outcome.status, command[-1])
    if outcome.status == UNBROKEN:
        return f"Thai text in PDF documents does not break into lines: type `{INSTALL} libthai-data libthai0`."
    if outcome.status == NO_SUBSETS:
        return f"The library harfbuzz-subset is missing: type `{INSTALL} {PACKAGES['harfbuzz-subset']}`."
    return _error(outcome.errors, by_hand)


def _crash(number: int, cache: str) -> str:
    packages = "fontconfig-config libfontconfig1 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b"
    name = signal.Signals(number).name
    return f"Making a small PDF crashed with {name}: empty the folder {cache}, then type `{INSTALL} {packages}`."


def _error(errors: str, by_hand: str) -> str:
    if found := re.search(r"(?:load library|a library called) '([^']+)'", errors):
        return _missing_library(found[1])
    if found := re.search(r"No module named '([^'.]+)", errors):
        return f"The Python package {found[1]} is missing: type `{sys.executable} -m pip install -r requirements.txt`."
    last = (errors.strip().splitlines() or ["no message"])[-1]
    # Errors of this package already say what is wrong and what to do.
    if found := re.match(r"lib\.pdf\.\w+\.\w+: (.+)", last):
        return found[1]
    return f"Making a small PDF failed with “{last}”: type `{by_hand}` for the whole message."


def _missing_library(library: str) -> str:
    package = next((package for name, package in PACKAGES.items() if name in library), library)
    return f"The system library {library} is missing: type `{INSTALL} {package}`."


def run_trial(fonts: Path, cache: Path) -> int:
    """The exit status of the child process: 0 where all is well."""
    render_pdf(SAMPLE, fonts=fonts, cache=cache)
    if count_pages(SAMPLE, fonts=fonts, cache=cache) < FEWEST_PAGES:
        return UNBROKEN
    if import_module("weasyprint.text.ffi").harfbuzz_subset is None:
        return NO_SUBSETS
    return 0


if __name__ == "__main__":
    sys.exit(run_trial(Path(sys.argv[1]), Path(sys.argv[2])))
