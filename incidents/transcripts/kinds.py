"""What sort of thing a text is probably about: the names of timeline kinds, guessed from words. English alone."""

import re

# The first that fits. A word that is merely mentioned decides nothing worse than a preselected choice.
_GUESSES = (
    ("alert", r"alert(?:s|ed)?|alarm(?:s|ed)?|pag(?:ed|es)|pagerduty|alertmanager|firing|triggered"),
    ("acknowledgement", r"ack(?:ed|s)?|acknowledg\w+|taking a look|i'?m on it|looking into"),
    ("escalation", r"escalat\w+|called in|paging"),
    ("communication", r"status ?page|customers? (?:were|was|are) (?:told|informed)|announc\w+|statement|emailed"),
    ("decision", r"decid\w+|decision|agreed|let'?s|we will|we'?ll"),
    ("mitigation", r"rolled back|roll(?:ing)? ?back|revert\w*|mitigat\w+|workaround|failed over|failover|disabled"),
    ("recovery", r"recover\w*|restored|resolved|back to normal|is back|all clear|fixed"),
    ("detection", r"notic\w+|detect\w+|report(?:s|ed)|discovered|realised|realized|complain\w+"),
    ("action", r"restart\w*|deploy\w*|merg(?:ed|es)|released?|deleted?|ran|running|started|stopped|applied|pushed"),
)  # fmt: skip
_PATTERNS = [(kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _GUESSES]
DEFAULT = "observation"
# What a text is about stands at its beginning.
FARTHEST = 200


def guess_kind(text: str) -> str:
    """A kind of timeline event; an observation where nothing tells."""
    return next((kind for kind, words in _PATTERNS if words.search(text, 0, FARTHEST)), DEFAULT)
