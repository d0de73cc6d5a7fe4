"""The sections of a post-mortem, in order."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFAULT_SECTIONS: dict[str, Promise] = {
    "summary": _("Summary"),
    "impact": _("Impact"),
    "timeline": _("Timeline"),
    "detection": _("Detection"),
    "response": _("Response"),
    "root_causes": _("Root causes"),
    "recovery": _("Recovery and evidence"),
    "went_well": _("What went well"),
    "went_poorly": _("What went poorly"),
    "got_lucky": _("Where we got lucky"),
    "action_items": _("Action items"),
    "improvements": _("Improvements"),
    "lessons": _("Lessons"),
}

# What an author is asked in an empty section; shown in the editor, never in a document.
PROMPTS: dict[str, Promise] = {
    "summary": _("In three sentences: what happened, whom it touched, how it ended?"),
    "impact": _("What did people who rely on the service notice? What is known, what is not?"),
    "timeline": _("What does the timeline not show by itself?"),
    "detection": _("How was it noticed? What would have shown it earlier?"),
    "response": _("What was done, in which order, and what made it quicker or slower?"),
    "root_causes": _("What about the system made this possible?"),
    "recovery": _("What was restored, from where, and what shows that the data is complete?"),
    "went_well": _("What worked as it was meant to?"),
    "went_poorly": _("What got in the way?"),
    "got_lucky": _("What might have made it worse, but did not?"),
    "action_items": _("What do the actions below not say by themselves?"),
    "improvements": _("What is better now, and how is it measured?"),
    "lessons": _("What should another team know?"),
}
