"""References become links with their values, in words alone; the Markdown they are exported as is read back."""

import re
import time

import pytest

from lib.markdown import render_markdown
from lib.markdown_references import Reference, link_references, spell_keys, unlink_references

BASE = "https://debrief.example.org"
INCIDENT = Reference("INC-42", "INC-42", "/incidents/42/")
RTO = Reference("RT-12.rto", "RT-12", "/recovery/restore-tests/12/", "8.5 s")
ANN = Reference("@ann", "Ann <b> Lee", "/people/3/overview/")
ROLE = Reference("@bob", "incident commander")
ALL = [INCIDENT, RTO, ANN, ROLE]
LINK = '<a href="/incidents/42/" rel="noopener noreferrer nofollow">INC-42</a>'


def rendered(text: str) -> str:
    return render_markdown(text, references=ALL)


@pytest.mark.parametrize(
    "text",
    [
        *("INC-42", "See INC-42.", "(INC-42)", "**INC-42**", "- INC-42", "# INC-42", "> INC-42", "a\nINC-42\nb"),
        *("ดูINC-42ครับ", "INC-42, as said", "INC-42: it", "INC-42/INC-42", "“INC-42”", "| a |\n|---|\n| INC-42 |"),
    ],
)
def test_a_reference_is_a_link(text: str) -> None:
    assert LINK in rendered(text)


@pytest.mark.parametrize(
    "text",
    [
        *("FOO-INC-42", "INC-420", "INC-42a", "aINC-42", "INC-042", "INC-42-b", "INC-42.md", "x_INC-42", "#INC-42"),
        *("`INC-42`", "    INC-42", "```\nINC-42\n```", "https://example.org/INC-42", "?a=INC-42", "inc-42", "INC-43"),
        *(r"\@ann", "mail@ann", "@anna", "@annie", r"INC\-42"),
    ],
)
def test_what_is_no_reference_stays_as_it_was(text: str) -> None:
    assert rendered(text) == render_markdown(text)


@pytest.mark.parametrize("text", ["[INC-42](https://example.org/)", "[see **INC-42**](https://example.org/)"])
def test_a_link_holds_no_other(text: str) -> None:
    assert rendered(text).count("<a ") == 1
    assert "/incidents/42/" not in rendered(text)


def test_a_value_stands_before_the_link() -> None:
    link = '8.5 s (<a href="/recovery/restore-tests/12/" rel="noopener noreferrer nofollow">RT-12</a>).'
    assert rendered("It took RT-12.rto.") == f"<p>It took {link}</p>"


@pytest.mark.parametrize("text", ["@ann", "@ann.", "@ann, too", "(@ann)", "@annครับ", "to @ann: done", "@ann-"])
def test_somebody_mentioned_is_a_link_with_their_name(text: str) -> None:
    assert ">Ann &lt;b&gt; Lee</a>" in rendered(text)


def test_a_reference_without_an_address_is_its_label() -> None:
    assert rendered("@bob decided") == "<p>incident commander decided</p>"


def test_the_same_text_with_other_references_is_another() -> None:
    assert rendered("INC-42") != render_markdown("INC-42")
    assert "/incidents/9/" in render_markdown("INC-42", references=[Reference("INC-42", "INC-42", "/incidents/9/")])


def test_no_address_but_one_that_the_cleaner_knows_comes_out() -> None:
    assert "javascript" not in render_markdown("INC-42", references=[Reference("INC-42", "x", "javascript:alert(1)")])


def test_what_a_mention_may_mean_is_spelled_from_long_to_short() -> None:
    assert list(spell_keys("@ann.lee@example.org. so")) == ["@ann.lee@example.org.", "@ann.lee@example.org"]
    assert list(spell_keys("@สมชาย")) == ["@สมชาย"]


@pytest.mark.parametrize(
    "text",
    [
        "See INC-42, it took RT-12.rto, says @ann.\n",
        "`INC-42` [INC-42](https://x.org/) <https://x.org/INC-42> ``a`INC-42`` ![RT-12.rto](/a/) and RT-12.rto",
        "    INC-42\n- a\n    - INC-42\n",
        "ดูINC-42ครับ **RT-12.rto** | INC-42 |",
        "[INC-42]: https://example.org/",
    ],
)
def test_exported_markdown_is_read_back_as_it_was_typed(text: str) -> None:
    assert unlink_references(link_references(text, ALL, BASE)) == text


def test_exported_markdown_says_value_and_address() -> None:
    linked = link_references("It took RT-12.rto, not `RT-12.rto`.", ALL, BASE)
    assert linked == (f'It took [8.5 s (RT-12)]({BASE}/recovery/restore-tests/12/ "RT-12.rto"), not `RT-12.rto`.')
    assert link_references("@bob and @ann", ALL, BASE) == (
        f'incident commander and [Ann \\<b\\> Lee]({BASE}/people/3/overview/ "@ann")'
    )


@pytest.mark.parametrize("piece", ["INC-42 ", "@ann ", "@" * 50, "INC-4", "@a.@+", "`", "[](", "<", "INC-42\n\n", "@ก"])
def test_the_time_grows_with_the_length_alone(piece: str) -> None:
    text = (piece * 20_000)[:60_000]
    begin = time.process_time()
    rendered(text)
    list(spell_keys(text))
    link_references(re.sub(r"\n", " ", text), ALL, BASE)
    assert time.process_time() - begin < 5
