"""What post-mortems are begun from."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_administrator
from accounts.request import Request
from incidents.access import get_editable_template
from incidents.documents.outline import in_words
from incidents.forms.postmortem_templates import NewSectionForm, TemplateForm
from incidents.models import PostmortemTemplate
from incidents.queries.postmortem_templates import (
    find_removed_section,
    find_removed_template,
    list_template_sections,
    list_templates,
)
from incidents.services.postmortem_templates import (
    add_template,
    bring_back_template,
    change_template,
    copy_template,
    remove_template,
    template_values,
)
from incidents.views.outline_rows import section_rows
from lib.errors import DomainError
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """The templates, for everyone: their sections, and which levels use them."""
    removed = find_removed_template(request.user, request.GET.get("removed", ""))
    context = {"templates": list_templates(), "removed": removed}
    return render(request, "incidents/postmortem_template/list.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Add a template; its sections are added on its page."""
    check_administrator(request.user)
    form = TemplateForm(request.POST or None)
    if template := carry_out(form, add_template):
        return redirect(template)
    context = {"form": form}
    return render(request, "incidents/postmortem_template/create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Name a template, say which levels use it, and put its sections in order."""
    template = get_editable_template(request.user, pk)
    form = TemplateForm(request.POST or None, record=template_values(template))
    if changed := carry_out(form, partial(change_template, template)):
        messages.success(request, _("Saved."))
        return redirect(changed)
    return page(request, template, form=form)


@require_POST
def copy(request: Request, pk: int) -> HttpResponse:
    """Another template with the same sections."""
    made = copy_template(get_editable_template(request.user, pk))
    messages.success(request, _("This is the copy. No severity uses it yet."))
    return redirect(made)


@require_http_methods(["GET", "POST"])
def removal(request: Request, pk: int) -> HttpResponse:
    """Ask, then remove the template; with `undo`, it can be chosen again."""
    template = get_editable_template(request.user, pk)
    if request.method == "GET":
        levels = template.severity_levels.order_by("level")
        return render(request, "incidents/postmortem_template/removal.html", {"template": template, "levels": levels})
    if "undo" not in request.POST:
        remove_template(template, now=timezone.now())
        return redirect(f"{reverse('incidents:postmortem_template_list')}?removed={template.pk}")
    try:
        bring_back_template(template)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("incidents:postmortem_template_list")
    messages.success(request, _("“%(name)s” can be chosen again.") % {"name": in_words(template.name)})
    return redirect(template)


def page(request: Request, template: PostmortemTemplate, **shown: forms.Form) -> HttpResponse:
    """The template's page with its own forms in the place of those not `shown`; one that was refused is a 422."""
    sections = list_template_sections(template)
    taken = {section.key for section in sections}
    context = {
        "template": template,
        "form": shown.get("form") or TemplateForm(record=template_values(template)),
        "section_form": shown.get("section_form") or NewSectionForm(taken=taken, auto_id="id_section_%s"),
        "rows": section_rows(
            sections,
            request,
            name_of=lambda section: str(section.pk),
            address_of=lambda name, section: reverse(
                f"incidents:template_section_{name}", args=[template.pk, section.pk]
            ),
        ),
        "removed": find_removed_section(template, request.GET.get("removed", "")),
    }
    is_refused = any(form.is_bound for form in shown.values())
    return render(request, "incidents/postmortem_template/edit.html", context, status=422 if is_refused else 200)
