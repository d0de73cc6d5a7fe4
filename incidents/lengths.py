"""How much one record holds: of what a form takes, and of what is read from a file."""

# Characters of a text of several lines: an event, a cause, a summary.
LONG_TEXT = 20_000
# Characters of a section of a post-mortem.
SECTION_TEXT = 100_000
# Records of a kind that are read from one document: each is a row of its own, written in one transaction.
MOST_ITEMS = 300
MOST_CAUSES = 100
# Records of all kinds in one of Debrief's own files.
MOST_RECORDS = 3_000
