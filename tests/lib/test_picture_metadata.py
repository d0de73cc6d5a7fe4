"""What pictures say beside their pixels, read by Pillow before and after."""

import io

import pytest
from PIL import Image, PngImagePlugin

from lib.picture_metadata import without_metadata

SECRET = b"Anna Lindqvist"
ROTATED = 6


def exif(orientation: int = ROTATED) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x013B] = SECRET.decode()
    found.get_ifd(0x8825).update({1: "N", 2: (13.0, 45.0, 0.0)})
    return found


def saved(kind: str, **given: object) -> bytes:
    picture = Image.effect_noise((40, 20), 60).convert("P" if kind == "GIF" else "RGB")
    file = io.BytesIO()
    picture.save(file, kind, **given)  # type: ignore[arg-type]
    return file.getvalue()


def text_chunks() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("Comment", SECRET.decode())
    return info


def an_xmp() -> bytes:
    return b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"


CASES = {
    "png": lambda: saved("PNG", pnginfo=text_chunks(), exif=exif()),
    "jpeg": lambda: saved("JPEG", exif=exif(), comment=SECRET, xmp=an_xmp()),
    "jpeg progressive": lambda: saved("JPEG", exif=exif(), progressive=True, icc_profile=b"profile"),
    "webp": lambda: saved("WEBP", exif=exif().tobytes(), xmp=an_xmp()),
    "webp lossless": lambda: saved("WEBP", exif=exif().tobytes(), lossless=True),
    "gif": lambda: saved("GIF", comment=SECRET),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_but_the_pixels_is_left(case: str) -> None:
    before = CASES[case]()
    after = without_metadata(before)
    assert SECRET in before
    assert SECRET not in after
    left = Image.open(io.BytesIO(after))
    assert left.convert("RGB").tobytes() == Image.open(io.BytesIO(before)).convert("RGB").tobytes()
    assert 0x8825 not in left.getexif()
    assert without_metadata(after) == after


@pytest.mark.parametrize("orientation", [1, ROTATED])
def test_a_photograph_stays_the_right_way_up(orientation: int) -> None:
    left = Image.open(io.BytesIO(without_metadata(saved("JPEG", exif=exif(orientation)))))
    assert left.getexif().get(0x0112, 1) == orientation
    assert len(left.getexif()) == (orientation != 1)


def test_a_colour_profile_stays() -> None:
    before = saved("JPEG", icc_profile=b"profile", exif=exif())
    assert Image.open(io.BytesIO(without_metadata(before))).info["icc_profile"] == b"profile"


@pytest.mark.parametrize("case", CASES)
def test_what_is_cut_off_comes_back_or_is_shorter_and_never_fails(case: str) -> None:
    whole = CASES[case]()
    for length in range(0, len(whole), 7):
        assert len(without_metadata(whole[:length])) <= length + 40


def test_moving_pictures_keep_every_frame() -> None:
    frames = [Image.new("RGB", (8, 8), (60 * number, 0, 0)) for number in range(4)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], comment=SECRET, loop=0)
    left = Image.open(io.BytesIO(without_metadata(file.getvalue())))
    assert getattr(left, "n_frames", 1) == len(frames)
    assert left.info["loop"] == 0
