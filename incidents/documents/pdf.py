"""The PDF engine as the exports use it: which one it is, and in a process of its own where nobody else limits it."""

import hashlib
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.errors import IncidentError

ENGINE_FOLDER = Path(settings.BASE_DIR) / "lib" / "pdf"
CHILD = """
import sys
from pathlib import Path
from lib.pdf.engine import render_pdf
from lib.pdf.memory import memory_limit
html = sys.stdin.buffer.read().decode()
folders = [Path(folder) for folder in sys.argv[4:]]
with memory_limit(int(sys.argv[3])):
    pdf = render_pdf(html, fonts=Path(sys.argv[1]), cache=Path(sys.argv[2]), pictures=folders)
sys.stdout.buffer.write(pdf)
"""


@cache
def engine_name(folder: Path = ENGINE_FOLDER) -> str:
    """The engine's version, and a digest of what this project adds to it: another engine makes another file."""
    code = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        code.update(path.read_bytes())
    return f"weasyprint-{version('weasyprint')}-{code.hexdigest()[:16]}"


def render_pdf_within(html: str, *, seconds: float) -> bytes:
    """The PDF of the source, made by a child process that is killed after so many seconds.

    Raises IncidentError with a sentence where that happens, or where the engine fails or takes more memory than it may.
    The worker has Celery's limits instead.
    """
    command = [sys.executable, "-c", CHILD, str(settings.FONTS_DIR), str(settings.FONT_CACHE_DIR)]
    command += [str(settings.PDF_MEMORY_LIMIT * 1_000_000), *map(str, settings.PICTURE_DIRS)]
    try:
        child = subprocess.run(
            command, input=html.encode(), capture_output=True, cwd=settings.BASE_DIR, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise IncidentError(took_too_long(seconds)) from None
    if child.returncode:
        reason = (child.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {child.returncode}"])[-1]
        raise IncidentError(_("The PDF could not be made: %(reason)s.") % {"reason": reason.rstrip(".")})
    return child.stdout


def took_too_long(seconds: float) -> str:
    """The sentence for a document that was given up."""
    sentence = _("Making the PDF took longer than %(seconds)s seconds and was stopped. Shorten the document.")
    return sentence % {"seconds": seconds}
