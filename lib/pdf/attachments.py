"""Files that travel inside a PDF, carried behind the HTML it is made from."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

# At the very end, where nothing that a person wrote can stand; base64 cannot end a comment.
CARRIED = re.compile(r"\n<!-- attachments ([A-Za-z0-9+/=]+) -->\Z")


@dataclass(frozen=True)
class Attachment:
    """A file inside a document. `modified_at` stands in the PDF, so equal attachments give equal bytes."""

    name: str
    description: str
    content: bytes
    modified_at: datetime


def attach(html: str, attachments: Sequence[Attachment]) -> str:
    """The document with its files behind it, as one text for `render_pdf`; unchanged where there are none."""
    if not attachments:
        return html
    files = [
        {
            "name": file.name,
            "description": file.description,
            "content": base64.b64encode(file.content).decode(),
            "modified_at": file.modified_at.astimezone(UTC).isoformat(),
        }
        for file in attachments
    ]
    return f"{html}\n<!-- attachments {base64.b64encode(json.dumps(files).encode()).decode()} -->"


def detach(source: str) -> tuple[str, list[Attachment]]:
    """The document, and the files that were put behind it."""
    carried = CARRIED.search(source)
    if carried is None:
        return source, []
    files = json.loads(base64.b64decode(carried[1]))
    return source[: carried.start()], [
        Attachment(
            file["name"],
            file["description"],
            base64.b64decode(file["content"]),
            datetime.fromisoformat(file["modified_at"]),
        )
        for file in files
    ]
