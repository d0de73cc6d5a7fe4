from pathlib import Path
from shutil import copytree

from lib.pdf.fonts import FACES, prepare_fonts


def test_every_face_is_decoded_and_no_draft_is_left(fonts: Path, tmp_path: Path):
    configuration = prepare_fonts(fonts, tmp_path)
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert files == sorted(["fonts.conf", *(f"{face}.ttf" for face in FACES)])
    assert (configuration.parent / "faces" / f"{FACES[0]}.ttf").read_bytes()[:4] == b"\0\1\0\0"


def test_fonts_are_decoded_only_once(fonts: Path, tmp_path: Path):
    configuration = prepare_fonts(fonts, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in configuration.parent.rglob("*")}
    assert prepare_fonts(fonts, tmp_path) == configuration
    assert {path: path.stat().st_mtime_ns for path in configuration.parent.rglob("*")} == before


def test_a_face_deleted_from_the_cache_comes_back(fonts: Path, tmp_path: Path):
    face = prepare_fonts(fonts, tmp_path).parent / "faces" / f"{FACES[2]}.ttf"
    face.unlink()
    prepare_fonts(fonts, tmp_path)
    assert face.is_file()


def test_a_moved_cache_lists_its_new_place(fonts: Path, tmp_path: Path):
    prepare_fonts(fonts, tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new & better")
    listed = prepare_fonts(fonts, tmp_path / "new & better").read_text()
    assert "/new &amp; better/" in listed
    assert "/old/" not in listed


def test_other_fonts_get_another_folder(fonts: Path, tmp_path: Path):
    copytree(fonts, tmp_path / "fonts")
    regular = tmp_path / "fonts" / "IBMPlexMono-Regular.woff2"
    regular.write_bytes((fonts / "IBMPlexMono-SemiBold.woff2").read_bytes())
    assert prepare_fonts(tmp_path / "fonts", tmp_path).parent != prepare_fonts(fonts, tmp_path).parent


def test_each_family_is_vendored_with_its_licence_and_nothing_else(fonts: Path):
    licences = {"IBMPlexMono-LICENSE.txt", "IBMPlexSansThai-LICENSE.txt"}
    assert {path.name for path in fonts.iterdir()} == licences | {f"{face}.woff2" for face in FACES}
