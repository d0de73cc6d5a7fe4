"""A section of a document as its page shows it, for finding the words in it that somebody quoted."""

from django.template.loader import render_to_string

from incidents.documents.tree import Section
from lib.passages import Text, read_text


def section_text(section: Section) -> Text:
    """What a reader of the section's page reads below its heading."""
    return read_text("".join(render_to_string(block.template, {"block": block}) for block in section.blocks))
