"""The words of the templates that come with Debrief, marked for translation: their file is data and cannot be."""

from django.utils.translation import gettext_noop as _

# Besides those of the outline.
TEMPLATE_WORDS: tuple[str, ...] = (
    _("Complete"),
    _(
        "Debrief's thirteen sections, from the summary to the lessons, with a place for every record and for "
        "the evidence of a recovery."
    ),
    _("Google SRE book"),
    _(
        "In the order of the post-mortems in Google's book on site reliability: causes and trigger first, "
        "then lessons in three parts, and the timeline at the end."
    ),
    _("Which properties of the system, together, made this possible? Leave out who was there."),
    _("Trigger"),
    _("What set it off at this moment and not a day earlier?"),
    _("Resolution"),
    _("What ended the impact, and what was done for good afterwards?"),
    _("What went wrong"),
    _("Supporting information"),
    _("Which graphs, logs and restore tests back what is said above?"),
    _("PagerDuty style"),
    _(
        "Overview and course of events for readers in a hurry, then contributing factors, how the response "
        "went, and what was told to whom."
    ),
    _("Overview"),
    _("What would somebody who was away need to know, in two or three sentences?"),
    _("What happened"),
    _("How did it unfold, told from beginning to end for somebody who does not know the system?"),
    _("Contributing factors"),
    _("Which conditions had to come together? There is rarely only one."),
    _("What was tried, what helped, and how was it known that it helped?"),
    _("What can go better"),
    _("Which part of the response took longer or was harder than it need be?"),
    _("Message to colleagues"),
    _("What shall everyone in the organisation know, in plain words?"),
    _("Message to customers"),
    _("What shall customers know, and what do they have to do, if anything?"),
    _("Lightweight"),
    _("One page for small incidents: what happened, why, and what follows."),
    _("Why it was possible"),
    _("What follows"),
    _("What was learnt"),
    _("What is known now that was not known before?"),
    _("Five whys"),
    _("Follows one effect back to its causes, step by step, and says for each step how it is known."),
    _("The effect in question"),
    _("Which one effect is followed back here? Say it so that it can be measured."),
    _("The chain of whys"),
    _(
        "Why was that so, and why was that so in turn? Record each step with its cause, and stop where "
        "something can be changed."
    ),
    _("Other branches"),
    _("Where could the chain have gone another way, and why was that not followed?"),
    _("How each step is known"),
    _("Which log, graph, test or account stands behind each step? Which step is a guess?"),
    _("What breaks the chain"),
    _("At which step does each action take hold?"),
    _("Data-loss recovery"),
    _(
        "For lost or damaged data: what was lost, how it was brought back, what shows that it is complete, "
        "and what could not be brought back."
    ),
    _("Who missed which data, and for how long?"),
    _("What was lost or damaged"),
    _("Which records, from when to when, and how is that known? What was never in danger?"),
    _("Choosing the way back"),
    _("Which backups and replicas were there, how fresh was each, and what spoke for the one that was used?"),
    _("What was restored, to which point in time, how long did it take, and which restore test shows it?"),
    _("How the data was checked"),
    _("Which checks, counts and comparisons were made before it was used again, and what did they find?"),
    _("What did not come back"),
    _("What is missing for good, who was told, and what replaces it?"),
    _("Recovery before and after"),
    _("How long does a recovery take now, how much is lost at most, and which test measured it?"),
)
