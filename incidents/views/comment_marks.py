"""A section of the document as its page shows it, with what is said of its passages."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from incidents.models import Incident, SectionComment
from incidents.queries.comments import Talk
from lib.markdown import mark_passages
from lib.passages import find_places, read_text

LONGEST_LABEL = 120


def mark_comments(html: SafeString, talk: Talk, incident: Incident) -> SafeString:
    """The section with its passages marked, each with a way to its comment; below, those whose passage is gone."""
    passages = talk.passages
    if not passages:
        return html
    text, comments = read_text(html), reverse("incidents:comment_list", args=[incident.pk])
    places = find_places(text, passages)
    links = {key: _link(talk.comments[key], talk.counts[key], comments) for key in places}
    gone = [talk.comments[passage.key] for passage in passages if passage.key not in places]
    marked = mark_passages(html, text, places, links)
    if not gone:
        return marked
    return marked + render_to_string("incidents/comment/_gone.html", {"gone": gone, "incident": incident})


def _link(comment: SectionComment, count: int, comments: str) -> SafeString:
    """The number of what is said is drawn by the style: as text it would be selected and copied with the passage."""
    words = Truncator(" ".join(comment.text.split())).chars(LONGEST_LABEL)
    label = _("Comment by %(name)s: %(words)s") % {"name": comment.author, "words": words}
    return format_html(
        '<a class="comment-mark" id="passage-{}" href="{}#comment-{}" data-count="{}" aria-label="{}" title="{}"></a>',
        comment.pk,
        comments,
        comment.pk,
        count,
        label,
        label,
    )
