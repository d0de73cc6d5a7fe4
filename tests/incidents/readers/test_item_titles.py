"""What an action item is called."""

import pytest

from incidents.readers.item_titles import title_of


@pytest.mark.parametrize(
    "text",
    [
        "Alert **earlier** [Pull Request](https://a.b/1).",
        "Alert `earlier` ([link to issue](https://a.b/1))",
        "Alert earlier [Issue](https://a.b/1)",
        "Alert [earlier](https://a.b/1)",
    ],
)
def test_a_link_that_says_nothing_is_no_part_of_the_title_and_more_is_to_be_read(text: str) -> None:
    title, is_whole = title_of(text)
    assert (title.rstrip("."), is_whole) == ("Alert earlier", False)


def test_a_link_is_a_title_where_nothing_else_is() -> None:
    assert title_of("[Issue](https://a.b/1)") == ("Issue", False)


def test_plain_text_says_all() -> None:
    assert title_of("Alert *earlier* \\#7") == ("Alert earlier #7", True)
