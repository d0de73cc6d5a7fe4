"""The vendored fonts as Pango can use them: decoded once, and the only ones it can see."""

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import mkstemp
from xml.sax.saxutils import escape

FACES = (
    "IBMPlexMono-Regular",
    "IBMPlexMono-SemiBold",
    "IBMPlexSansThai-Medium",
    "IBMPlexSansThai-Regular",
    "IBMPlexSansThai-SemiBold",
)

# Without the two generic families, `font-family: monospace` and SVG text with no family at all would have no font.
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{faces}</dir>
  <cachedir>{index}</cachedir>
  <match target="pattern">
    <test name="family" qual="any"><string>monospace</string></test>
    <edit name="family" mode="append_last"><string>IBM Plex Mono</string></edit>
  </match>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>IBM Plex Sans Thai</string></edit>
  </match>
</fontconfig>
"""


class FontsMissingError(Exception):
    """A vendored font is not where it should be."""


def prepare_fonts(fonts: Path, cache: Path) -> Path:
    """The Fontconfig file that lists the faces of `fonts`, decoded from woff2 to TrueType below `cache`.

    Everything it lists is there, whole: a missing font would crash Pango and the process with it. Their folder is named
    after the fonts' content, so new fonts never meet old files, and processes may race. Decoding takes half a second,
    once. Raises FontsMissingError.
    """
    sources = _read_faces(fonts)
    folder = cache.absolute() / f"fonts-{_digest(sources)}"
    faces = folder / "faces"
    faces.mkdir(parents=True, exist_ok=True)
    for face, data in sources.items():
        decoded = faces / f"{face}.ttf"
        if not decoded.is_file():
            _write(decoded, _decode(data), draft_in=folder)
    text = CONFIGURATION.format(faces=escape(str(faces)), index=escape(str(folder / "index")))
    configuration = folder / "fonts.conf"
    # Compared, not only looked for: a moved cache would list the fonts of the old place.
    if not configuration.is_file() or configuration.read_text(encoding="utf-8") != text:
        _write(configuration, text.encode(), draft_in=folder)
    return configuration


def _read_faces(fonts: Path) -> dict[str, bytes]:
    try:
        return {face: (fonts / f"{face}.woff2").read_bytes() for face in FACES}
    except OSError as error:
        raise FontsMissingError(f"The font {error.filename} cannot be read; restore {fonts} from the source.") from None


def _digest(sources: dict[str, bytes]) -> str:
    digest = sha256()
    for face, data in sources.items():
        digest.update(face.encode() + sha256(data).digest())
    return digest.hexdigest()[:16]


def _decode(data: bytes) -> bytes:
    from fontTools.ttLib import woff2  # imported here because it is slow and needed once per installation

    decoded = BytesIO()
    woff2.decompress(BytesIO(data), decoded)
    return decoded.getvalue()


def _write(path: Path, data: bytes, *, draft_in: Path) -> None:
    # Drafts stay out of the folder of faces, which Fontconfig reads whole.
    descriptor, draft = mkstemp(prefix=".draft-", dir=draft_in)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        # The web server and the worker may be different users.
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
