"""What programs find in a PDF, and what a browser prints of HTML."""

import shutil
import subprocess
from pathlib import Path

ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"),
]


def text_of(content: bytes) -> str:
    """Its text as a reader would copy it, with a form feed behind each page."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def printed(html: str, folder: Path) -> str:
    """What stands on the pages that Chromium makes of it."""
    source, made = folder / "document.html", folder / "document.pdf"
    source.write_text(html)
    browser = shutil.which("chromium") or "/usr/bin/chromium-browser"
    command = [browser, *ARGUMENTS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return text_of(made.read_bytes())
