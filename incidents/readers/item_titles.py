"""Titles of action items: plain text of what Markdown says."""

import re

LONGEST_TITLE = 200
# A link at the end that says nothing but what it leads to.
_TO_ISSUE = re.compile(
    r"\s{0,3}\(?\[(?:link(?: to (?:the )?(?:issue|ticket|pr))?|issue|ticket|pull request|pr|bug|jira)\]"
    r"\([^()\s]{1,500}\)\)?(?=\.?$)",
    re.IGNORECASE,
)


def title_of(text: str) -> tuple[str, bool]:
    """A title of plain text, and whether it says all of the text."""
    plain = plain_text(_TO_ISSUE.sub("", text)) or plain_text(text)
    if len(plain) <= LONGEST_TITLE and "](" not in text and "][" not in text and "<http" not in text:
        return plain, True
    bold = re.match(r"(?:\*\*|__)([^*_]{3,200}?)[:.]?(?:\*\*|__)", text)
    if bold:
        return plain_text(bold[1]), False
    if len(plain) <= LONGEST_TITLE:
        return plain, False
    sentence = re.match(r".{10,199}?[.!?](?=\s)", plain)
    return (sentence[0] if sentence else f"{plain[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"), False


def plain_text(markdown: str) -> str:
    """The words without links, emphasis and escapes."""
    text = re.sub(r"!?\[((?:[^\[\]\\]|\\.){0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)", r"\1", markdown)
    text = re.sub(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`", "", text)
    return " ".join(re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text).split())
