"""What differs between two texts, and what two people's changes make together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.merging import CONTEXT, MOST_WORDS, compare_texts, differences, mark_changed, merge_texts, shorten_pieces

texts = st.text("ab \nกข", max_size=30)


def marked(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in compare_texts(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("The disk filled up", "The disk filled up", "The disk filled up"),
        ("The disk filled up", "The disk was full", "The disk [-filled up-]{+was full+}"),
        ("The disk filled up", "The disk filled up again", "The disk filled up{+ again+}"),
        ("It did not help", "It helped a little", "It [-did not help-]{+helped a little+}"),
        ("The big disk", "The disk", "The [-big -]disk"),
        ("one two three", "One two Three", "[-one-]{+One+} two [-three-]{+Three+}"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
    ],
)
def test_changed_words_are_marked(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@given(texts, texts)
def test_both_texts_are_there_to_the_letter(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_where_much_is_different_it_is_compared_as_a_whole() -> None:
    before, after = (" ".join(f"{sign}{n} same" for n in range(MOST_WORDS // 2)) for sign in "ab")
    before, after = f"{before} and so on", f"{after} and so on"
    assert [piece.kind for piece in compare_texts(before, after)] == ["removed", "added", "same"]
    assert merge_texts(before, after, before.replace("a200", "c")) is None
    assert merge_texts(before, after, f"{before} and on") == f"{after} and on"


def test_in_a_very_long_text_a_small_difference_is_marked() -> None:
    text = "word " * MOST_WORDS * 5
    assert [piece.text for piece in compare_texts(f"{text}end", f"{text}new end")][1:] == ["new ", "end"]
    assert merge_texts(f"{text}end", f"first {text}end", f"{text}last end") == f"first {text}last end"


BASE = "The disk of db1 filled up at noon and writes stopped"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (BASE, BASE, BASE),
        (BASE, "Other", "Other"),
        ("Other", BASE, "Other"),
        ("Same", "Same", "Same"),
        (
            BASE.replace("db1", "db2"),
            BASE.replace("stopped", "failed"),
            "The disk of db2 filled up at noon and writes failed",
        ),
        (f"Note: {BASE}", f"{BASE} for good", f"Note: {BASE} for good"),
        (BASE.replace("at noon ", ""), BASE.replace("The disk", "A disk"), f"A{BASE[3:]}".replace("at noon ", "")),
        (f"First.\n{BASE}", f"{BASE}\n\nLast.", f"First.\n{BASE}\n\nLast."),
    ],
)
def test_changes_of_different_words_are_joined(mine: str, theirs: str, both: str) -> None:
    assert merge_texts(BASE, mine, theirs) == both


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (BASE.replace("db1", "db2"), BASE.replace("db1", "db3")),
        (f"{BASE} for good", f"{BASE} for an hour"),
        (BASE.replace("filled", "ran"), BASE.replace("up", "over")),
        (BASE.replace("at noon ", ""), BASE.replace("noon", "one")),
    ],
)
def test_changes_of_the_same_words_are_for_people_to_settle(mine: str, theirs: str) -> None:
    assert merge_texts(BASE, mine, theirs) is None


@given(texts, texts)
def test_one_persons_change_alone_is_the_text(base: str, text: str) -> None:
    assert merge_texts(base, text, base) == text
    assert merge_texts(base, base, text) == text
    assert merge_texts(base, text, text) == text


@given(texts, texts, texts)
def test_who_was_first_makes_no_difference_and_no_word_is_made_up(base: str, mine: str, theirs: str) -> None:
    both = merge_texts(base, mine, theirs)
    assert merge_texts(base, theirs, mine) == both
    if both is not None:
        assert {*both.split()} <= {*base.split(), *mine.split(), *theirs.split()}


def test_what_either_changed_is_marked_in_what_both_began_from() -> None:
    pieces = mark_changed(
        "The disk filled up at noon", "The volume filled up at noon", "The disk filled up today at noon"
    )
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "The "),
        ("removed", "disk"),
        ("same", " filled up "),
        ("removed", ""),
        ("same", "at noon"),
    ]


@given(texts, texts, texts)
def test_what_both_began_from_is_there_to_the_letter(base: str, mine: str, theirs: str) -> None:
    pieces = mark_changed(base, mine, theirs)
    assert "".join(piece.text for piece in pieces) == base
    assert any(piece.kind == "removed" for piece in pieces) == (base != mine or base != theirs)


def test_what_is_the_same_is_shortened_to_whole_words_beside_what_differs() -> None:
    long = "word " * 100
    pieces = shorten_pieces(compare_texts(f"{long}disk {long}alert", f"{long}volume {long}alarm"))
    same = [piece.text for piece in pieces if piece.kind == "same"]
    assert [set(text.split()) for text in same] == [{"…", "word"}, {"…", "word"}]
    assert all(len(text) < 2 * CONTEXT + 3 for text in same)
    assert shorten_pieces(compare_texts(long, long)) == compare_texts(long, long)


def test_the_same_few_words_over_and_over_are_one_difference() -> None:
    old, new = ["a", "b"] * 130, ["b", "a", "a"] * 80
    assert [kind for kind, *_places in differences(old, new)] == ["replace"]
    # Blanks do not count: there is one behind each word.
    spaced = [part for number in range(300) for part in (str(number), " ")]
    assert [kind for kind, *_places in differences(["x", *spaced, "y"], ["z", *spaced])] == [
        "replace",
        "equal",
        "delete",
    ]
