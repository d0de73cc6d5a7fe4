"""Boxes of tasks, and what only looks like one."""

import pytest

from lib.markdown import render_markdown

OPEN = '<i aria-label="to do" role="img"></i>'
DONE = '<i aria-label="done" role="img">✓</i>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- [ ] Restore **weekly**", f'<li class="task">{OPEN}Restore <strong>weekly</strong></li>'),
        ("* [x] Alert on the disk", f'<li class="task">{DONE}Alert on the disk</li>'),
        ("1. [X] `logrotate`", f'<li class="task">{DONE}<code>logrotate</code></li>'),
        ("- [ ] one\n\n- [x] two", f'<li class="task">\n<p>{DONE}two</p>\n</li>'),
    ],
)
def test_a_task_has_a_box(text: str, html: str) -> None:
    assert html in render_markdown(text)


@pytest.mark.parametrize(
    "text", ["[ ] no list", "- [x](http://a.b) a link", "- [ ]", "- [y] other", "- `[ ] code`", "- a [x] b"]
)
def test_what_is_no_task_stays_as_it_is(text: str) -> None:
    html = render_markdown(text)
    assert "<i" not in html
    assert "task" not in html
