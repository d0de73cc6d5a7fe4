"""Files dropped on, pasted into and chosen for a text, in a real browser."""

import base64

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.uploads import LOG, SVG, picture

AREA = "#timeline-panel textarea[name=text]"
# What a browser does when files come over its edge, or out of the clipboard.
BRING = """([selector, way, files, text]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name, { type }));
  }
  if (text) data.setData("text/plain", text);
  const options = { bubbles: true, cancelable: true };
  const event = way === "drop" ? new DragEvent("drop", { ...options, dataTransfer: data })
    : new ClipboardEvent("paste", { ...options, clipboardData: data });
  return !document.querySelector(selector).dispatchEvent(event);
}"""


def bring(page: Page, selector: str, way: str, *files: tuple[str, bytes], text: str = "") -> bool:
    """Whether the page took them over; else the browser does what it always does."""
    page.locator(selector).wait_for()
    packed = [[name, "", base64.b64encode(content).decode()] for name, content in files]
    return bool(page.evaluate(BRING, [selector, way, packed, text]))


def declare(page: Page, installation: Installation) -> None:
    sign_in(installation, page, "photographer")
    page.goto(f"{installation.address}/incidents/new/")
    page.get_by_label("What is happening?").fill("Checkout is slow")
    page.locator("main").get_by_role("button", name="Declare").click()
    expect(page.locator(AREA)).to_be_visible()
    # The panels that the page loads by itself are there.
    page.wait_for_load_state("networkidle")


def test_several_dropped_files_stand_where_the_cursor_was(page: Page, installation: Installation) -> None:
    declare(page, installation)
    area = page.locator(AREA)
    area.fill("Look: ")
    assert bring(page, AREA, "drop", ("shot.png", picture()), ("app.log", LOG), ("x.svg", SVG))
    page.wait_for_function("selector => !document.querySelector(selector).value.includes('Uploading')", arg=AREA)
    value = area.input_value()
    assert value.startswith("Look: ![shot.png](/incidents/")
    assert "[app.log](/incidents/" in value
    assert "x.svg" not in value
    assert value == value.strip()
    area.press_sequentially(" and so on")
    assert area.input_value() == f"{value} and so on"
    expect(page.locator("#attachment-panel .record")).to_have_count(2)


def test_why_a_file_was_not_taken_is_no_text(page: Page, installation: Installation) -> None:
    declare(page, installation)
    area, refused = page.locator(AREA), page.locator("#timeline-add").get_by_role("alert")
    assert bring(page, AREA, "drop", ("x.svg", SVG))
    expect(refused).to_contain_text("x.svg was not added. This is a web page")
    expect(area).to_have_value("")
    area.fill("Seen by")
    assert bring(page, AREA, "drop", ("y.svg", SVG))
    expect(refused).to_contain_text("y.svg was not added.")
    expect(refused).to_have_count(1)
    expect(area).to_have_value("Seen by")
    refused.get_by_role("button", name="Dismiss").click()
    expect(refused).to_have_count(0)
    expect(area).to_be_focused()
    area.press("Control+Enter")
    expect(page.locator("#timeline-list .prose", has_text="Seen by")).to_have_text("Seen by")


def test_a_pasted_picture_is_shown_and_a_pasted_table_stays_text(page: Page, installation: Installation) -> None:
    declare(page, installation)
    assert not bring(page, AREA, "paste", ("image.png", picture()), text="a\tb")
    assert bring(page, AREA, "paste", ("image.png", picture()))
    # At once: it is sent when the picture has arrived.
    page.locator(AREA).press("Control+Enter")
    shown = page.locator("#timeline-list .prose img")
    expect(shown).to_have_attribute("alt", "image.png")
    page.wait_for_function("() => document.querySelector('#timeline-list .prose img').naturalWidth === 40")


def test_a_file_dropped_beside_a_text_does_not_replace_the_page(page: Page, installation: Installation) -> None:
    declare(page, installation)
    assert bring(page, "h1", "drop", ("shot.png", picture()))
    expect(page.locator("#attachment-panel .record")).to_have_count(0)


def test_a_text_file_dropped_on_a_paste_is_read_into_it(page: Page, installation: Installation) -> None:
    declare(page, installation)
    page.get_by_role("link", name="Paste a chat log or a table").click()
    assert bring(page, "textarea[name=text]", "drop", ("chat.txt", b"14:03 It broke\n14:05 Fixed"))
    expect(page.locator("textarea[name=text]")).to_have_value("14:03 It broke\n14:05 Fixed")
    page.get_by_role("button", name="Show what it would become").click()
    expect(page.get_by_text("2 events found")).to_be_visible()
