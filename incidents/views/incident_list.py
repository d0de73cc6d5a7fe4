"""The list of all incidents, and the same as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.documents.table_files import write_csv, write_json
from incidents.forms.filtering import FilterForm, address_query, list_chips
from incidents.models import Incident
from incidents.queries.board import has_incidents
from incidents.queries.filtering import IncidentFilter
from incidents.queries.incidents import Listing, Summary, keys_for, list_incidents, walk_incidents
from incidents.queries.names import suggest
from incidents.queries.services import list_severities
from incidents.queries.sorting import ORDERS
from incidents.views.incident_rows import render_rows
from lib.http import page_or_fragment
from lib.tables import download


@dataclass(frozen=True)
class Column:
    """A heading that sorts: the query of its address, and the direction it is sorted in now, if it is."""

    name: str
    label: str
    query: str
    direction: str


@require_safe
def list(request: Request) -> HttpResponse:
    """The incidents that are asked for, 50 a page, in any order; the address says which."""
    form = FilterForm(request.GET, severities=list_severities())
    wanted, sort = form.wanted(), form.sort_name
    pairs = wanted.parameters()
    if _is_untidy(request) and not form.errors:
        return redirect(f"{reverse('incidents:incident_list')}?{address_query(pairs, sort)}")
    listing = list_incidents(request.user, wanted, sort, form.position(keys_for(wanted, sort)))
    context = {
        "listing": listing,
        "rows": render_rows(listing.incidents),
        "filter_form": form,
        "wanted": wanted,
        "chips": list_chips(form, wanted),
        "columns": _columns(wanted, sort),
        "query": address_query(pairs, sort),
        "pages": _pages(listing, pairs, sort),
        "is_new": not listing.incidents and wanted.is_empty and not has_incidents(request.user),
    }
    return render(request, "incidents/incident/list.html", context)


@require_safe
def names(request: Request) -> HttpResponse:
    """What the filter's fields suggest; the page asks for it when somebody opens the filter."""
    context = {"suggestions": suggest(request.user)}
    return page_or_fragment(request, "incidents/incident/names.html", "incidents/incident/_suggestions.html", context)


@require_safe
def csv_file(request: Request) -> HttpResponseBase:
    """What the list shows, all of it, for a spreadsheet."""
    return _file(request, write_csv, "incidents.csv", "text/csv")


@require_safe
def json_file(request: Request) -> HttpResponseBase:
    """What the list shows, all of it, for a program."""
    return _file(request, write_json, "incidents.json", "application/json")


def _file(
    request: Request, write: Callable[[Iterable[Sequence[Incident]]], Iterator[str]], name: str, media_type: str
) -> HttpResponseBase:
    """The file. Where the filter is not understood, the list says so: a file would hold more than was asked for."""
    form = FilterForm(request.GET, severities=list_severities())
    if form.not_understood:
        shown: HttpResponse = list(request)
        shown.status_code = HTTPStatus.BAD_REQUEST
        return shown
    pieces = write(walk_incidents(request.user, form.wanted(), form.sort_name))
    return download(pieces, name=f"{timezone.localdate():%Y-%m-%d}-{name}", media_type=media_type)


def _is_untidy(request: Request) -> bool:
    """True for what a form sends of its empty fields; addresses to keep have none of them."""
    return any(text == "" for name in request.GET if name != "last" for text in request.GET.getlist(name))


def _columns(wanted: IncidentFilter, sort: str) -> dict[str, Column]:
    """The headings by name. The first press sorts the greatest to the top, but the worst severity is the least."""
    columns = {}
    for name, (label, *_rest) in ORDERS.items():
        first = name if name in ("severity", "status") else f"-{name}"
        other = name if first.startswith("-") else f"-{name}"
        direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        query = address_query(wanted.parameters(), other if sort == first else first)
        columns[name] = Column(name, str(label), query, direction)
    return columns


def _pages(listing: Listing[Summary], pairs: Sequence[tuple[str, str]], sort: str) -> dict[str, str]:
    """The queries of the pages around this one."""
    pages: dict[str, str] = {}
    if listing.before:
        pages |= {"first": address_query(pairs, sort), "previous": address_query(pairs, sort, before=listing.before)}
    if listing.after:
        pages |= {"next": address_query(pairs, sort, after=listing.after), "last": address_query(pairs, sort, last="")}
    return pages
