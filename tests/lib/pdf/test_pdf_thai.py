from collections.abc import Callable
from importlib import import_module
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from lib.pdf.thai import UnsupportedWeasyPrintError, check_version, clusters, install

WORDS = ["น้ำ", "ทำ", "คำ", "สำคัญ", "จำเป็น", "กำหนด", "ดำเนินการ", "ประจำ", "นำ", "ซ้ำ", "ต่ำ", "ที่", "ผู้ใช้", "เครื่อง"]
LABEL = "น้ำขึ้นที่นี่"
DRAWN = f'<text x="5" y="20">{LABEL}</text>'


def svg(inner: str) -> str:
    return f'<svg width="380" height="60" viewBox="0 0 380 60"><title>ชื่อ</title>{inner}</svg>'


@pytest.mark.parametrize("word", WORDS)
def test_a_thai_word_is_found_once(pdf: Callable[..., bytes], text: Callable[[bytes], str], word: str):
    assert text(pdf(f"<p>{word}</p>")).split() == [word]


def test_a_line_of_thai_and_english_is_found_as_written(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    line = f"{' '.join(WORDS)} and English"
    assert " ".join(text(pdf(f"<p>{line}</p>")).split()) == line


def test_words_in_headings_tables_lists_and_bold_are_found(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    body = "<h1>สำคัญ</h1><table><tr><th>กำหนด<td>ประจำ</table><ul><li>ซ้ำ</ul><p>ต้อง<b>ดำเนินการ</b>ทันที</p>"
    found = text(pdf(body)).split()
    assert {"สำคัญ", "กำหนด", "ประจำ", "ซ้ำ", "ต้องดำเนินการทันที"} <= set(found)


def test_words_in_running_headers_are_found_on_every_page(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    style = "@page { @top-left { content: 'รายงานประจำปี' } }"
    document = pdf("<p>1</p><p style='break-before: page'>2</p>", style=style)
    assert text(document).count("รายงานประจำปี") == 2


def test_an_invisible_break_opportunity_does_not_hide_a_word(pdf: Callable[..., bytes], text: Callable[[bytes], str]):
    assert text(pdf("<p>กำ\u200bหนด</p>")).split() == ["กำหนด"]


def test_english_lines_are_left_as_they_were(pdf: Callable[..., bytes]):
    assert [operator for operator, _ in marks(pdf("<p>Only English here</p>"))].count("ActualText") == 0


@pytest.mark.parametrize(
    "drawn",
    [
        DRAWN,
        f'<text x="90" y="20" text-anchor="middle">{LABEL}</text>',
        f'<text x="5" y="20" opacity="0.5"><tspan font-weight="600">{LABEL}</tspan></text>',
        f'<text x="5" y="20" transform="rotate(20)">{LABEL}</text>',
    ],
)
def test_thai_in_svg_is_whole(pdf: Callable[..., bytes], text: Callable[[bytes], str], drawn: str):
    assert text(pdf(svg(drawn))).split() == [LABEL]


@pytest.mark.parametrize("placing", ['letter-spacing="3"', 'textLength="200"', 'rotate="10"', 'dx="0 9 9 9 9 9"'])
def test_thai_in_svg_keeps_its_clusters_where_letters_are_placed(
    pdf: Callable[..., bytes], text: Callable[[bytes], str], placing: str
):
    found = text(pdf(svg(f'<text x="5" y="30" {placing}>{LABEL}</text>')))
    assert "\u25cc" not in found
    assert sorted(found.split()) == sorted(clusters(LABEL)) or "".join(found.split()) == LABEL


def test_no_dotted_circle_is_drawn_in_svg(pdf: Callable[..., bytes]):
    # A circle is drawn where a mark has no base, whatever the text layer says: count what the font has to draw.
    apart = pdf(svg(f'<text x="5" y="20" letter-spacing="1">{LABEL}</text>'))
    plain = pdf(f'<p style="letter-spacing: 1px">{LABEL}</p>')
    assert embedded_glyphs(apart) == embedded_glyphs(plain)


def test_marked_content_is_balanced_inside_text_and_tags(pdf: Callable[..., bytes]):
    body = f"<p>สำคัญ <b>มาก</b> and</p><ul><li>ข้อ</li></ul>{svg(DRAWN)}"
    open_marks: list[str] = []
    for operator, name in marks(pdf(body)):
        if operator in ("BT", "BDC", "BMC", "ActualText"):
            open_marks.append(operator)
        elif operator == "ET":
            assert open_marks.pop() == "BT"
        else:
            assert open_marks.pop() in ("BDC", "BMC", "ActualText"), name
    assert open_marks == []


def test_installing_twice_changes_nothing():
    install()
    drawing = import_module("weasyprint.draw.text")
    once = drawing.draw_first_line
    install()
    assert drawing.draw_first_line is once


def test_another_weasyprint_is_refused_with_what_to_do():
    check_version("70.3")
    with pytest.raises(UnsupportedWeasyPrintError, match=r"WeasyPrint 71\.0 .*`pip install 'weasyprint~=70\.0'`"):
        check_version("71.0")


def test_clusters_keep_marks_and_am_with_their_consonant():
    assert clusters("น้ำที่เก็บ ok") == ["น้ำ", "ที่", "เ", "ก็", "บ", " ", "o", "k"]
    assert clusters("\u0e49ำ") == ["\u0e49ำ"]
    assert clusters("") == []


def marks(document: bytes) -> list[tuple[str, str]]:
    """The operators of the first page that open or close text and marked content."""
    reader = PdfReader(BytesIO(document))
    content = ContentStream(reader.pages[0].get_contents(), reader)
    found = []
    for operands, operator in content.operations:
        name = operator.decode()
        if name in ("BT", "ET", "BDC", "BMC", "EMC"):
            has_text = name == "BDC" and "/ActualText" in operands[1]
            found.append(("ActualText" if has_text else name, str(operands)))
    return found


def embedded_glyphs(document: bytes) -> int:
    """How many glyphs with an outline the document's fonts hold."""
    from fontTools.ttLib import TTFont

    total = 0
    for font in PdfReader(BytesIO(document)).pages[0]["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        face = TTFont(BytesIO(descriptor["/FontFile2"].get_object().get_data()))
        total += sum(1 for name in face.getGlyphOrder() if face["glyf"][name].numberOfContours)
    return total
