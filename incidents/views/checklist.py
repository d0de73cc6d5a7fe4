"""The questions that stand before publication."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from incidents.access import get_editable_postmortem, get_visible_postmortem
from incidents.forms.reviews import ChecklistForm
from incidents.queries.publishing import list_questions
from incidents.services.checklist import answer_question, confirm_answers
from lib.forms import carry_out


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: int) -> HttpResponse:
    """The questions with their answers; a POST answers one."""
    is_post = request.method == "POST"
    postmortem = (get_editable_postmortem if is_post else get_visible_postmortem)(request.user, number)
    form = ChecklistForm(request.POST if is_post else None)
    carry_out(form, partial(answer_question, postmortem, actor=request.user))
    if is_post and not form.errors:
        return redirect(f"{reverse('incidents:checklist', args=[number])}#question-{form.cleaned_data['question']}")
    questions = list_questions(postmortem)
    context = {
        "incident": postmortem.incident,
        "questions": questions,
        "answered": sum(1 for question in questions if question.answer),
        "earlier": [question.earlier for question in questions if question.earlier],
        "form": form,
        "can_write": request.user.is_writer,
    }
    return render(request, "incidents/checklist/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def confirmation(request: Request, number: int) -> HttpResponse:
    """All that was answered for an earlier version is still true, says the reader."""
    count = confirm_answers(get_editable_postmortem(request.user, number), actor=request.user)
    words = ngettext("%(count)d answer is confirmed.", "%(count)d answers are confirmed.", count)
    messages.success(request, words % {"count": count})
    return redirect("incidents:checklist", number)
