"""The main job, end to end: real web server, worker, Redis, Litestream and Chromium."""

import json
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Installation

CAPTION = "The same replica can be restored today"


def test_from_first_start_to_a_pdf_with_evidence(empty_installation: Installation, page: Page, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    _choose_a_password(empty_installation, page)
    _load_the_example(page)
    _correct_the_timeline(page)
    number = _run_a_restore_test(page)
    _attach_it(page, number)
    _write_a_section(page)
    _download_the_pdf(page, number, tmp_path)
    _ask_the_command_line(empty_installation)
    assert complaints == []


def _choose_a_password(installation: Installation, page: Page) -> None:
    page.goto(installation.link)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and sign in").click()
    expect(page.get_by_role("heading", name="Nothing has gone wrong yet")).to_be_visible()


def _load_the_example(page: Page) -> None:
    page.get_by_role("button", name="Load the example").click()
    expect(page.get_by_role("heading", name="SQLite database corruption")).to_be_visible()
    expect(page.locator("#timeline-panel .event")).to_have_count(10)
    expect(page.locator("#action-panel .record")).to_have_count(5)
    expect(page.locator(".durations")).to_contain_text("25 min")
    expect(page.locator("#evidence-panel")).to_contain_text("Nothing is attached yet")


def _correct_the_timeline(page: Page) -> None:
    event = page.locator(".event", has_text="application returns 500 errors")
    event.get_by_role("link", name="Correct").click()
    text = page.locator(".event.editing textarea")
    text.fill("Alert: the application returns 500 errors <script>alert(1)</script>")
    text.press("Control+Enter")
    expect(page.locator(".event.editing")).to_have_count(0)
    expect(page.locator(".event").first).to_contain_text("<script>alert(1)</script>")
    adding = page.locator("#timeline-panel .panel-add")
    adding.locator("textarea").fill("Post-mortem meeting held")
    adding.get_by_role("button", name="Add to the timeline").click()
    expect(page.locator("#timeline-panel .event")).to_have_count(11)


def _run_a_restore_test(page: Page) -> str:
    page.get_by_role("link", name="Recovery", exact=True).click()
    expect(page.get_by_role("link", name="debrief", exact=True)).to_be_visible()
    page.get_by_role("link", name="app", exact=True).click()
    run = page.get_by_role("button", name="Run a restore test")
    for _attempt in range(40):
        if run.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    run.click()
    expect(page.locator(".verdict")).to_have_text("Passed", timeout=60_000)
    expect(page.locator("#restore-test")).to_contain_text("150,000")
    expect(page.locator("#restore-test")).to_contain_text("litestream 0.5")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def _attach_it(page: Page, number: str) -> None:
    # The newest incident, which is chosen already, is the example's drill.
    page.get_by_label("Incident", exact=True).select_option("1")
    page.get_by_label("Caption").fill(CAPTION)
    page.get_by_role("button", name="Attach as evidence").click()
    expect(page.get_by_text("can no longer be altered or deleted")).to_be_visible()
    expect(page.locator("#evidence-panel")).to_contain_text(f"RT-{number}")
    expect(page.locator("#evidence-panel")).to_contain_text(CAPTION)


def _write_a_section(page: Page) -> None:
    page.locator(".head-actions").get_by_role("link", name="Post-mortem").click()
    section = page.locator("#section-lessons")
    section.get_by_role("link", name="Write").click()
    box = section.locator("textarea")
    box.fill("- **Restores are tested** every week\n- การกู้คืนข้อมูลต้องทำเป็นประจำ")
    expect(section.locator(".preview strong")).to_have_text("Restores are tested")
    section.get_by_role("button", name="Save the section").click()
    expect(section.locator("textarea")).to_have_count(0)
    expect(section.locator("strong")).to_have_text("Restores are tested")
    expect(page.locator("#section-recovery")).to_contain_text("objective 1 min: met")


def _download_the_pdf(page: Page, number: str, folder: Path) -> None:
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download PDF", exact=True).click()
    file = folder / "post-mortem.pdf"
    download.value.save_as(file)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "SQLite database corruption" in text
    assert f"RT-{number}" in text
    assert CAPTION in text
    assert "objective 1 min: met" in text
    assert "150,000" in text
    assert "กู้คืนข้อมูลต้องทำเป็นประจำ" in text
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)


def _ask_the_command_line(installation: Installation) -> None:
    answer = installation.manage("restore_test", "debrief", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["tables"]["incidents_timelineevent"] > 10
