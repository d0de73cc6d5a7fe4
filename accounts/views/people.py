"""The people of the installation: everybody sees them, administrators change them. Their pages are in `incidents`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_administrator, get_person
from accounts.forms import ChangePersonForm, NewPersonForm
from accounts.queries import list_visible_people
from accounts.request import Request
from accounts.services.people import add_person, change_person, password_link_path
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """Everyone, with role and teams."""
    return render(request, "accounts/people/list.html", {"people": list_visible_people(request.user)})


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Add somebody; the next page shows the link to hand to them."""
    check_administrator(request.user)
    form = NewPersonForm(request.POST or None)
    if person := carry_out(form, add_person):
        return render(request, "accounts/people/link.html", _link(request, person.pk))
    return render(request, "accounts/people/edit.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change somebody's name, address, role, or whether they may sign in."""
    person = get_person(request.user, pk)
    known = {"name": person.name, "email": person.email, "role": person.role, "is_active": person.is_active}
    known["teams"] = person.teams.all()
    form = ChangePersonForm(request.POST or None, initial=known)
    if carry_out(form, lambda **facts: change_person(person, **facts)):
        messages.success(request, _("Saved."))
        return redirect("accounts:person_list")
    context = {"form": form, "person": person}
    return render(request, "accounts/people/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def link_create(request: Request, pk: int) -> HttpResponse:
    """A fresh one-time link with which this person sets a password."""
    return render(request, "accounts/people/link.html", _link(request, get_person(request.user, pk).pk))


def _link(request: Request, pk: int) -> dict[str, object]:
    person = get_person(request.user, pk)
    return {"person": person, "link": request.build_absolute_uri(password_link_path(person))}
