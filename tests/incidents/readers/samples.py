"""Real post-mortems, where they lie beside the checkout; documents of the tests' own everywhere."""

import json
from pathlib import Path
from typing import Any

from tests.incidents.readers.own import DOCUMENTS
from tests.incidents.readers.own import TRUTH as OWN_TRUTH

HERE = Path(__file__).parent
FOLDER = HERE.parents[3] / "shared" / "samples" / "postmortems"
TRUTH: list[dict[str, Any]] = json.loads((HERE / "truth.json").read_text())


def sample_files() -> list[Path]:
    """The post-mortems beside the checkout; none where they are not there."""
    return sorted(FOLDER.glob("*/*.md"))


def known_samples() -> list[tuple[Path, dict[str, Any]]]:
    """Those that were counted by hand, each with what was counted."""
    return [(FOLDER / truth["file"], truth) for truth in TRUTH if (FOLDER / truth["file"]).is_file()]


def known_documents() -> list[tuple[str, str, dict[str, Any]]]:
    """All that was counted by hand, with its name and text: the tests' own always, the samples where they are."""
    own = [(name, text, OWN_TRUTH[name]) for name, text in DOCUMENTS.items()]
    return [*own, *((path.name, read_text(path), truth) for path, truth in known_samples())]


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
