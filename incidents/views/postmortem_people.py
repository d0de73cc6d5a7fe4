"""Who writes a post-mortem, and who leads the conversation about it."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.request import Request
from incidents.access import get_editable_postmortem
from incidents.forms.sections import PostmortemPeopleForm
from incidents.services.postmortem_people import change_postmortem_people, people_values
from lib.forms import carry_out
from lib.http import page_or_fragment, saved

PAGE, PANEL = "incidents/panel.html", "incidents/postmortem/_people.html"


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """Choose the author and the facilitator."""
    postmortem = get_editable_postmortem(request.user, number)
    form = PostmortemPeopleForm(request.POST or None, record=people_values(postmortem), postmortem=postmortem)
    done = carry_out(form, partial(change_postmortem_people, postmortem))
    if done:
        return saved(request, None, {}, otherwise=done)
    context = {"incident": postmortem.incident, "postmortem": postmortem, "form": form, "can_write": True}
    return page_or_fragment(request, PAGE, PANEL, context, status=422 if form.is_bound else 200)
