"""Files as people send them, honest ones and others."""

import gzip
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LOG = "12:00 der Zähler läuft\n12:01 ฐานข้อมูล\n".encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def packed(content: bytes = LOG) -> bytes:
    # Without the time of now: what is a parameter of a test has to be the same in every process.
    return gzip.compress(content, mtime=0)


def upload(content: bytes = LOG, name: str = "app.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
