"""README and docs: every link leads somewhere, every document that is named exists."""

import re
from pathlib import Path
from urllib.parse import unquote

from tests.project.sources import ROOT, kept_files, name_of, text_of

FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(
    r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)|(?:src|href)=\"([^\"]+)\"", re.MULTILINE
)
ELSEWHERE = re.compile(r"[a-z]+:", re.IGNORECASE)


def documents() -> list[Path]:
    return [path for path in kept_files() if path.suffix == ".md" and "vendor" not in path.parts]


def links(path: Path) -> list[str]:
    """The targets of a document's links within the project."""
    targets = ["".join(groups) for groups in LINK.findall(FENCED.sub("", text_of(path)))]
    return [unquote(target) for target in targets if not ELSEWHERE.match(target)]


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+?)\s*#*$", FENCED.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(path: Path, target: str) -> bool:
    name, _hash, anchor = target.partition("#")
    file = (ROOT / name.lstrip("/") if name.startswith("/") else path.parent / name) if name else path
    return not file.exists() or bool(anchor and file.suffix == ".md" and anchor not in anchors(file))


def test_every_link_leads_to_a_file_and_a_heading_that_exist() -> None:
    assert documents()
    broken = [(name_of(path), target) for path in documents() for target in links(path) if leads_nowhere(path, target)]
    assert broken == []


def test_every_document_that_code_or_text_names_exists() -> None:
    named = [
        (name_of(path), document)
        for path in kept_files()
        for document in re.findall(r"(?<![\w/.])docs/[\w./-]+\.md\b", text_of(path))
    ]
    assert named
    assert [(where, document) for where, document in named if not (ROOT / document).is_file()] == []


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = [(name_of(path), name) for path in documents() for name in re.findall(r"`make ([a-z-]+)", text_of(path))]
    assert [(where, name) for where, name in named if name not in targets] == []
