"""Which sections a document has, and in which order."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from incidents.access import get_editable_heading, get_editable_postmortem
from incidents.forms.postmortem_templates import HeadingForm, NewSectionForm
from incidents.queries.outline import list_removed_sections, list_sections
from incidents.services.outline import (
    add_section,
    bring_back_section,
    change_heading,
    heading_values,
    move_section,
    remove_section,
)
from incidents.views.outline_rows import chosen_direction, section_rows
from lib.errors import DomainError
from lib.forms import carry_out


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """The sections of a document, to be put in order; a POST adds one."""
    postmortem = get_editable_postmortem(request.user, number)
    sections = list_sections(postmortem)
    form = NewSectionForm(request.POST or None, taken={section.key for section in sections})
    if added := carry_out(form, partial(add_section, postmortem)):
        return redirect(f"{request.path}#section-{added.key}")
    removed = list_removed_sections(postmortem)
    rows = section_rows(
        sections,
        request,
        name_of=lambda section: section.key,
        address_of=lambda name, section: reverse(f"incidents:heading_{name}", args=[number, section.key]),
    )
    context = {
        "incident": postmortem.incident,
        "rows": rows,
        "form": form,
        "removed_sections": removed,
        "removed": next((section for section in removed if section.key == request.GET.get("removed")), None),
    }
    return render(request, "incidents/outline/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def heading(request: Request, number: int, key: str) -> HttpResponse:
    """What a section is called, and what its author is asked."""
    section = get_editable_heading(request.user, number, key)
    form = HeadingForm(request.POST or None, record=heading_values(section))
    if carry_out(form, partial(change_heading, section)):
        messages.success(request, _("Saved."))
        return redirect("incidents:outline_edit", number)
    context = {"form": form, "section": section, "incident": section.postmortem.incident}
    return render(request, "incidents/outline/heading.html", context, status=422 if form.is_bound else 200)


@require_POST
def position(request: Request, number: int, key: str) -> HttpResponse:
    """One place up or down."""
    direction = chosen_direction(request.POST)
    move_section(get_editable_heading(request.user, number, key), direction=direction)
    here = reverse("incidents:outline_edit", args=[number])
    # Not to an anchor: with one, browsers do not let the page say where the keyboard goes on.
    return redirect(f"{here}?moved={key}&direction={direction}")


@require_http_methods(["GET", "POST"])
def removal(request: Request, number: int, key: str) -> HttpResponse:
    """Ask, then remove a section; with `undo`, it is back where it was, with its text."""
    section = get_editable_heading(request.user, number, key)
    if request.method == "GET":
        context = {"section": section, "incident": section.postmortem.incident}
        return render(request, "incidents/outline/removal.html", context)
    here = reverse("incidents:outline_edit", args=[number])
    try:
        if "undo" in request.POST:
            bring_back_section(section)
            return redirect(f"{here}#section-{key}")
        remove_section(section, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(here)
    return redirect(f"{here}?removed={key}")
