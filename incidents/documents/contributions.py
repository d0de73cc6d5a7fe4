"""What other apps add to a document: registered by section key, asked for when a document is built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from incidents.documents.tree import Block, Picture
from incidents.models import Incident
from lib.pdf.attachments import Attachment


@dataclass(frozen=True)
class Contribution:
    """Blocks for one section, and when the newest record behind them changed (None: there is none).

    `attachments` are files for the PDF, such as the signed form of what the blocks say.
    """

    blocks: tuple[Block, ...]
    modified_at: datetime | None
    attachments: tuple[Attachment, ...] = ()
    # What its blocks may show.
    pictures: tuple[Picture, ...] = ()


Contributor = Callable[[Incident], Contribution]
_contributors: dict[str, Contributor] = {}


def register(section_key: str, contributor: Contributor) -> None:
    """From now on, sections with this key show what `contributor` returns after their prose."""
    _contributors[section_key] = contributor


def contributions(incident: Incident) -> dict[str, Contribution]:
    """What the registered apps say about this incident, by section key."""
    return {key: contributor(incident) for key, contributor in _contributors.items()}
