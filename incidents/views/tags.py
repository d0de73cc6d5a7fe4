"""The words that incidents are found again by: which there are, and putting them in order."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.request import Request
from incidents.access import get_editable_tag
from incidents.forms.tag import MergeTagForm, RenameTagForm
from incidents.models import Tag
from incidents.queries.tags import list_counted_tags
from incidents.services.tags import merge_tag, remove_tag, rename_tag
from lib.forms import carry_out

PAGE_SIZE = 100


@require_safe
def list(request: Request) -> HttpResponse:
    """The tags of incidents that the reader sees, with how many of these each is on."""
    page = Paginator(list_counted_tags(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "incidents/tag/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Another name for the tag, on all incidents that the reader sees."""
    tag = get_editable_tag(request.user, pk)
    form = RenameTagForm(request.POST or None, initial={"name": tag.name})
    if renamed := carry_out(form, partial(rename_tag, tag, actor=request.user)):
        messages.success(request, _("Renamed to “%(tag)s”.") % {"tag": renamed})
        return redirect("incidents:tag_list")
    return _page(request, tag, rename_form=form)


@require_http_methods(["GET", "POST"])
def merger(request: Request, pk: int) -> HttpResponse:
    """Another tag in the place of this one."""
    tag = get_editable_tag(request.user, pk)
    form = MergeTagForm(request.POST or None, tag=tag, user=request.user)
    if into := carry_out(form, partial(merge_tag, tag, actor=request.user)):
        messages.success(request, _("“%(tag)s” was merged into “%(into)s”.") % {"tag": tag, "into": into})
        return redirect("incidents:tag_list")
    return _page(request, tag, merge_form=form)


@require_POST
def removal(request: Request, pk: int) -> HttpResponse:
    """The tag is on no incident that the reader sees any more."""
    tag = get_editable_tag(request.user, pk)
    count = remove_tag(tag, actor=request.user)
    sentence = ngettext(
        "“%(tag)s” was removed from %(count)d incident.", "“%(tag)s” was removed from %(count)d incidents.", count
    )
    messages.success(request, sentence % {"tag": tag.name, "count": count})
    return redirect("incidents:tag_list")


def _page(request: Request, tag: Tag, **forms: Any) -> HttpResponse:
    context = {
        "tag": tag,
        "rename_form": RenameTagForm(initial={"name": tag.name}),
        "merge_form": MergeTagForm(tag=tag, user=request.user),
    }
    is_refused = any(form.is_bound for form in forms.values())
    return render(request, "incidents/tag/edit.html", context | forms, status=422 if is_refused else 200)
