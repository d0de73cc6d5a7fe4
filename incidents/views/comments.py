"""What is said about the sections of a post-mortem."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import get_visible_postmortem
from incidents.errors import IncidentError
from incidents.forms.reviews import AnswerForm, CommentForm, EditForm
from incidents.models import Postmortem
from incidents.queries.comments import list_commented_sections
from incidents.queries.reviews import may_comment
from incidents.review_access import get_commentable_comment, get_commentable_section, get_own_comment
from incidents.services.comments import (
    add_comment,
    answer_comment,
    bring_back_comment,
    edit_comment,
    remove_comment,
    resolve_comment,
)
from lib.forms import carry_out

PAGE = "incidents/comment/list.html"


@require_safe
def list(request: Request, number: int) -> HttpResponse:  # named for what it is
    """All comments, section by section."""
    return _show(request, get_visible_postmortem(request.user, number))


@require_http_methods(["GET", "POST"])
def create(request: Request, number: int, key: str) -> HttpResponse:
    """A comment on a section; the passage may come with the address."""
    section = get_commentable_section(request.user, number, key)
    about = {"quote": request.GET.get("quote", "")[:500], "quote_before": request.GET.get("before", "")[-60:]}
    form = CommentForm(request.POST or None, initial=about)
    comment = carry_out(form, partial(add_comment, section, actor=request.user))
    if comment:
        return redirect(_address(number, comment.pk))
    context = {"incident": section.postmortem.incident, "section": section, "form": form}
    return render(request, "incidents/comment/create.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer(request: Request, number: int, pk: int) -> HttpResponse:
    """An answer below a comment."""
    comment = get_commentable_comment(request.user, number, pk)
    form = AnswerForm(request.POST)
    if carry_out(form, partial(answer_comment, comment, actor=request.user)):
        return redirect(_address(number, comment.parent_id or comment.pk))
    return _show(request, get_visible_postmortem(request.user, number), answered=pk, form=form)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """The author says it in other words."""
    comment = get_own_comment(request.user, number, pk)
    form = EditForm(request.POST or None, initial={"text": comment.text})
    if carry_out(form, partial(edit_comment, comment, actor=request.user, now=timezone.now())):
        return redirect(_address(number, comment.parent_id or comment.pk))
    context = {"incident": comment.section.postmortem.incident, "comment": comment, "form": form}
    return render(request, "incidents/comment/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def removal(request: Request, number: int, pk: int) -> HttpResponse:
    """The author deletes it, or brings it back: the `undo` of the same request."""
    comment = get_own_comment(request.user, number, pk)
    if "undo" in request.POST:
        bring_back_comment(comment, actor=request.user)
    else:
        remove_comment(comment, actor=request.user, now=timezone.now())
    return redirect(_address(number, comment.parent_id or comment.pk))


@require_POST
def resolution(request: Request, number: int, pk: int) -> HttpResponse:
    """The comment is dealt with, or open again."""
    comment = get_commentable_comment(request.user, number, pk)
    is_resolved = "resolved" in request.POST
    try:
        comment = resolve_comment(comment, is_resolved=is_resolved, actor=request.user, now=timezone.now())
    except IncidentError as error:
        messages.error(request, str(error))
    return redirect(_address(number, comment.parent_id or comment.pk))


def _show(request: Request, postmortem: Postmortem, **more: Any) -> HttpResponse:
    sections = list_commented_sections(postmortem, request.user)
    context = {
        "incident": postmortem.incident,
        "sections": [row for row in sections if row.threads],
        "others": [row for row in sections if not row.threads],
        "can_comment": may_comment(request.user, postmortem),
        **more,
    }
    return render(request, PAGE, context, status=422 if more else 200)


def _address(number: int, pk: int) -> str:
    return f"{reverse('incidents:comment_list', args=[number])}#comment-{pk}"
