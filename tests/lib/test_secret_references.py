from pathlib import Path

import pytest
from pytest_django import Settings

from lib.secret_references import SecretError, check_reference, is_reference, read_secret


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.SECRET_ROOTS = [tmp_path / "secrets"]
    settings.SECRET_ROOTS[0].mkdir()
    return settings.SECRET_ROOTS[0]


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "hidden")
    assert read_secret("env:SHOP_KEY") == "hidden"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_KEY", raising=False)
    check_reference("env:SHOP_KEY")
    with pytest.raises(SecretError, match="SHOP_KEY is not set"):
        read_secret("env:SHOP_KEY")


@pytest.mark.parametrize("name", ["DEBRIEF_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"])
def test_debriefs_own_settings_are_nobody_elses(name: str) -> None:
    with pytest.raises(SecretError, match="own setting"):
        check_reference(f"env:{name}")


def test_a_file_without_its_last_line_feed(root: Path) -> None:
    (root / "key").write_text("hidden \n")
    assert read_secret(f"file:{root}/key") == "hidden "


def test_a_file_that_is_not_there_or_empty(root: Path) -> None:
    with pytest.raises(SecretError, match="No such file"):
        read_secret(f"file:{root}/key")
    (root / "key").write_text("\n")
    with pytest.raises(SecretError, match="is empty"):
        read_secret(f"file:{root}/key")


@pytest.mark.parametrize("way", ["../outside", "link"])
def test_a_file_outside_the_folders(root: Path, way: str) -> None:
    (root.parent / "outside").write_text("hidden")
    (root / "link").symlink_to(root.parent / "outside")
    with pytest.raises(SecretError, match="outside the folders") as caught:
        read_secret(f"file:{root}/{way}")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "hunter2", "env:", "env:A B", "file:relative", "ENV:X"])
def test_what_is_no_reference_is_not_repeated(text: str) -> None:
    with pytest.raises(SecretError, match="env:NAME") as caught:
        check_reference(text)
    assert "hunter2" not in str(caught.value)


def test_the_key_that_records_are_signed_with_is_nobody_elses(root: Path, settings: Settings) -> None:
    settings.EVIDENCE_KEY_FILE = root / "evidence-key"
    settings.EVIDENCE_KEY_FILE.write_text("hidden")
    (root / "link").symlink_to(settings.EVIDENCE_KEY_FILE)
    for name in ("evidence-key", "link"):
        with pytest.raises(SecretError, match="the key that Debrief signs with"):
            read_secret(f"file:{root}/{name}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("env:SHOP_KEY", True), ("file:/run/secrets/key", True), ("env:hush-hush", False), ("file:hush", False)],
)
def test_the_form_of_a_reference(text: str, expected: bool) -> None:
    assert is_reference(text) is expected
