from pathlib import Path

import pytest

from lib.pdf.fonts import prepare_fonts
from lib.pdf.selftest import NO_SUBSETS, UNBROKEN, Outcome, explain, pdf_problem

COMMAND = ["python", "-m", "lib.pdf.selftest", "/srv/fonts", "/srv/my cache"]
NOT_FOUND = (
    "Traceback (most recent call last):\n"
    '  File "cffi/api.py", line 822, in _load_backend_lib\n    raise OSError(msg)\n'
    "OSError: cannot load library '{library}': {library}: cannot open shared object file: No such file or directory.  "
    "Additionally, ctypes.util.find_library() did not manage to locate a library called '{library}'\n"
)
NOT_FOUND_SHORT = "OSError: ctypes.util.find_library() did not manage to locate a library called 'libfontconfig-1'\n"


def sentence(status: int | None, errors: str = "") -> str:
    problem = explain(Outcome(status, errors), COMMAND)
    assert problem is not None
    assert "\n" not in problem
    assert "type `" in problem
    return problem


def test_this_machine_can_make_documents(fonts: Path, cache: Path):
    assert pdf_problem(fonts=fonts, cache=cache) is None


def test_a_trial_that_takes_too_long_is_stopped(fonts: Path, cache: Path):
    problem = pdf_problem(fonts=fonts, cache=cache, time_limit=0.05)
    assert problem is not None
    assert "did not end in time" in problem


def test_a_crash_of_pango_does_not_reach_the_caller(fonts: Path, tmp_path: Path):
    for face in (prepare_fonts(fonts, tmp_path).parent / "faces").iterdir():
        face.write_text("not a font")
    problem = pdf_problem(fonts=fonts, cache=tmp_path)
    assert problem is not None
    assert problem.startswith(f"Making a small PDF crashed with SIGSEGV: empty the folder {tmp_path}, then type `")


def test_missing_fonts_are_named_by_the_trial(cache: Path, tmp_path: Path):
    problem = pdf_problem(fonts=tmp_path, cache=cache)
    assert problem is not None
    assert problem.startswith(f"The font {tmp_path}/IBMPlexMono-Regular.woff2 cannot be read; restore {tmp_path}")


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libgobject-2.0-0", "libglib2.0-0"),
        ("libpango-1.0-0", "libpango-1.0-0"),
        ("libpangoft2-1.0-0", "libpangoft2-1.0-0"),
        ("libharfbuzz-0", "libharfbuzz0b"),
        ("libfontconfig-1", "libfontconfig1"),
    ],
)
def test_a_missing_library_is_answered_with_its_debian_package(library: str, package: str):
    problem = sentence(1, NOT_FOUND.format(library=library))
    assert problem.startswith(f"The system library {library} is missing")
    assert problem.endswith(f"--reinstall {package}`.")


def test_the_short_message_for_a_missing_library_is_understood_too():
    assert sentence(1, NOT_FOUND_SHORT).endswith("--reinstall libfontconfig1`.")


def test_thai_that_never_breaks_is_answered_with_the_dictionary():
    assert "libthai-data" in sentence(UNBROKEN)


def test_missing_subsetting_is_answered_with_its_package():
    assert "libharfbuzz-subset0" in sentence(NO_SUBSETS)


def test_a_signal_is_named_with_the_packages_behind_it():
    problem = sentence(-6)
    assert "SIGABRT" in problem
    assert "fontconfig-config" in problem


def test_a_missing_python_package_is_answered_with_the_requirements():
    problem = sentence(1, "ModuleNotFoundError: No module named 'weasyprint.text'\n")
    assert "Python package weasyprint is missing" in problem
    assert "requirements.txt" in problem


def test_an_unsupported_weasyprint_speaks_for_itself():
    errors = "lib.pdf.thai.UnsupportedWeasyPrintError: WeasyPrint 71.0 is installed: type `pip install x`.\n"
    assert sentence(1, errors) == "WeasyPrint 71.0 is installed: type `pip install x`."


@pytest.mark.parametrize("errors", ["PermissionError: [Errno 13] Permission denied: '/srv/my cache'\n", ""])
def test_anything_else_is_quoted_with_the_command_that_shows_it_all(errors: str):
    problem = sentence(1, errors)
    assert errors.strip() in problem
    assert "-m lib.pdf.selftest /srv/fonts '/srv/my cache'`" in problem


def test_a_good_trial_needs_no_sentence():
    assert explain(Outcome(0, "a warning\n"), COMMAND) is None
