"""Pictures in Markdown: files of an incident by their address here, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.markdown import render_markdown
from tests.lib.hostile import danger_in_fragment

ADDRESS = "/incidents/42/attachments/7/"
PICTURE = f'src="{ADDRESS}"'


def test_a_file_of_an_incident_is_shown_and_leads_to_itself() -> None:
    html = render_markdown(f"Look: ![The graph]({ADDRESS}) there")
    assert html == (
        f'<p>Look: <a href="{ADDRESS}" rel="noopener noreferrer nofollow">'
        f'<img alt="The graph" src="{ADDRESS}" loading="lazy"></a> there</p>'
    )


def test_it_is_shown_in_tables_and_lists() -> None:
    assert PICTURE in render_markdown(f"| a |\n|---|\n| ![x]({ADDRESS}) |")
    assert PICTURE in render_markdown(f"- ![x]({ADDRESS})")


def test_names_with_marks_are_shown_as_they_are() -> None:
    assert 'alt="a_b*c[1]"' in render_markdown(rf"![a\_b\*c\[1\]]({ADDRESS})")


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/a.png)",
        "![x](//example.org/incidents/42/attachments/7/)",
        "![x](https://example.org/incidents/42/attachments/7/)",
        f"![x]({ADDRESS}?size=1)",
        f"![x]({ADDRESS}#a)",
        f"![x]({ADDRESS}..)",
        "![x](/incidents/42/attachments/)",
        "![x](/incidents/0/attachments/7/)",
        "![x](/incidents/42/../42/attachments/7/)",
        "![x](/accounts/logout/)",
        "![x](data:image/png;base64,AAAA)",
        "![x](kept-picture:" + "a" * 64 + ")",
        f"![x][1]\n\n[1]: {ADDRESS}",
        f"`![x]({ADDRESS})`",
        f"```\n![x]({ADDRESS})\n```",
        rf"\![x]({ADDRESS})",
        f'<img src="{ADDRESS}">',
    ],
)
def test_nothing_else_is_a_picture(text: str) -> None:
    assert "<img" not in render_markdown(text)


@given(st.text(max_size=60), st.sampled_from(['"', "'", ">", "<b>", "onerror=", "]", "\x00", "&quot;", "\\"]))
def test_no_description_gets_out_of_its_place(words: str, sign: str) -> None:
    html = render_markdown(f"![{words}{sign}{words}]({ADDRESS})")
    dangers = danger_in_fragment(html)
    assert [danger for danger in dangers if danger != "<img>"] == []
    assert html.count("<img") == html.count(PICTURE)
