"""The sections of a template."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from incidents.access import get_editable_template, get_editable_template_section
from incidents.forms.postmortem_templates import HeadingForm, NewSectionForm
from incidents.queries.postmortem_templates import list_template_sections
from incidents.services.template_sections import (
    add_section,
    bring_back_section,
    change_section,
    move_section,
    remove_section,
    section_values,
)
from incidents.views.outline_rows import chosen_direction
from incidents.views.postmortem_templates import page
from lib.errors import DomainError
from lib.forms import carry_out


@require_POST
def create(request: Request, pk: int) -> HttpResponse:
    """One more section at the end."""
    template = get_editable_template(request.user, pk)
    taken = {section.key for section in list_template_sections(template)}
    form = NewSectionForm(request.POST, taken=taken, auto_id="id_section_%s")
    if section := carry_out(form, partial(add_section, template)):
        return redirect(f"{template.get_absolute_url()}#section-{section.pk}")
    return page(request, template, section_form=form)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int, section: int) -> HttpResponse:
    """What a section is called, and what its author is asked."""
    record = get_editable_template_section(request.user, pk, section)
    form = HeadingForm(request.POST or None, record=section_values(record))
    if carry_out(form, partial(change_section, record)):
        messages.success(request, _("Saved."))
        return redirect(record.template)
    context = {"form": form, "section": record, "template": record.template}
    return render(request, "incidents/postmortem_template/section.html", context, status=422 if form.is_bound else 200)


@require_POST
def position(request: Request, pk: int, section: int) -> HttpResponse:
    """One place up or down."""
    record = get_editable_template_section(request.user, pk, section)
    direction = chosen_direction(request.POST)
    move_section(record, direction=direction)
    # Not to an anchor: with one, browsers do not let the page say where the keyboard goes on.
    return redirect(f"{record.template.get_absolute_url()}?moved={record.pk}&direction={direction}")


@require_POST
def removal(request: Request, pk: int, section: int) -> HttpResponse:
    """Remove a section; with `undo`, it is back where it was."""
    record = get_editable_template_section(request.user, pk, section)
    here = record.template.get_absolute_url()
    try:
        if "undo" in request.POST:
            bring_back_section(record)
            return redirect(f"{here}#section-{record.pk}")
        remove_section(record, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(here)
    return redirect(f"{here}?removed={record.pk}")
