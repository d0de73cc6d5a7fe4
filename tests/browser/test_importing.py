"""Several post-mortems of others: chosen at once, looked at, corrected, imported."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_accessibility import AXE, EVERY_RULE, FIND_FAULTS
from tests.incidents.readers.own import DOCUMENTS


def files_of(folder: Path) -> list[Path]:
    files = [folder / name for name in ("checkout.md", "broken.md", "late.md")]
    files[0].write_text(DOCUMENTS["2021-02-03-checkout.md"])
    files[1].write_bytes(b"\x00\x01\x02\x03")
    files[2].write_text(DOCUMENTS["late.md"])
    return files


def faults_of(page: Page) -> list[str]:
    found: list[str] = []
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += page.evaluate(FIND_FAULTS, EVERY_RULE)
    return found


def test_what_was_corrected_in_the_preview_is_imported(installation: Installation, page: Page, tmp_path: Path) -> None:
    sign_in(installation, page, "importer")
    page.goto(f"{installation.address}/imports/")
    page.get_by_label("or files").set_input_files(files_of(tmp_path))
    page.get_by_role("button", name="Show what it would become").click()
    expect(page.get_by_text("broken.md is no text that can be read")).to_be_visible()
    first = page.get_by_role("region", name="Checkout was slow")
    second = page.get_by_role("region", name="Disk full on the mail host")
    expect(first.get_by_role("heading", name="5 events")).to_be_visible()
    assert faults_of(page) == []

    first.get_by_label("Title", exact=True).fill("Checkout took ten seconds")
    first.get_by_label("When").first.fill("soon")
    first.get_by_role("textbox", name="What happened").nth(1).fill("The alert rang.")
    first.get_by_label("Add").nth(2).uncheck()
    second.get_by_label("Import this").uncheck()
    page.get_by_role("button", name="Import", exact=True).click()
    again = page.get_by_role("region", name="Checkout took ten seconds")
    expect(again.get_by_text("not a time that can be read")).to_be_visible()
    assert faults_of(page) == []

    again.get_by_label("When").first.fill("2021-02-03 16:45")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Checkout took ten seconds")
    expect(page.locator("main")).to_contain_text("The alert rang.")
    expect(page.locator("main")).not_to_contain_text("Workers were added.")
    expect(page.locator("main")).to_contain_text("Alert on the age of the oldest job")
