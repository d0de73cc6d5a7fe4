"""The files of the project, as the tests of its style read them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
# Made by running or installing, not written by anybody
MADE = {"var", "node_modules", "__pycache__"}


def python_files() -> list[Path]:
    """Every Python file that somebody wrote, migrations included."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not is_left_out(path.relative_to(ROOT))]
    return sorted([*ROOT.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))])


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))


def pages() -> list[Path]:
    """Templates of HTML that are not pieces of other templates."""
    return [path for path in templates() if path.suffix == ".html" and not path.name.startswith("_")]


def fragments() -> list[Path]:
    return [path for path in templates() if path.suffix == ".html" and path.name.startswith("_")]


def static_files(suffix: str) -> list[Path]:
    """The stylesheets or scripts of the project; what others wrote lies in static/vendor."""
    return sorted(path for path in STATIC.rglob(f"*{suffix}") if STATIC / "vendor" not in path.parents)


def kept_files() -> list[Path]:
    """Every file that is in Git, or would be after `git add --all`; without Git, all that is not hidden."""
    if not (ROOT / ".git").exists():
        names = [path.relative_to(ROOT) for path in ROOT.rglob("[!.]*")]
        return sorted(ROOT / name for name in names if (ROOT / name).is_file() and not is_left_out(name))
    # The checkout may belong to somebody else than the one who runs the tests.
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    return sorted(path for path in (ROOT / name for name in set(names) if name) if path.is_file())


def is_left_out(name: Path) -> bool:
    return any(part in MADE or part.startswith(".") for part in name.parts)


def text_of(path: Path) -> str:
    """The text of a file; empty for images, fonts and the like, and for what was deleted a moment ago."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def find(pattern: str, paths: list[Path]) -> Iterator[str]:
    """`file:line: what was found`, for each place where the pattern occurs."""
    for path in paths:
        text = text_of(path)
        for match in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE):
            yield f"{name_of(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"


def longer_than(limit: int, paths: list[Path]) -> list[str]:
    """The files of more lines than the limit, with their length."""
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in paths}
    return [f"{name}: {length} lines, {limit} at most" for name, length in lengths.items() if length > limit]
