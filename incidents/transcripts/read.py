"""The one way in: whatever was pasted, as entries."""

from datetime import date, tzinfo

from incidents.transcripts.chat import read_chat
from incidents.transcripts.delimited import read_delimited
from incidents.transcripts.draft import Reading
from incidents.transcripts.entry import Transcript
from incidents.transcripts.plain_lines import read_plain_lines
from incidents.transcripts.stamps import HAS_CLOCK


def read_transcript(text: str, *, day: date, zone: tzinfo) -> Transcript:
    """What `text` says happened when; `day` and `zone` are those of times that do not say theirs.

    Every line that is not blank is in one entry or is left over. Raises nothing, whatever the text is.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _read(lines, has_clock=bool(HAS_CLOCK.search(text))).finish(day, zone)


def _read(lines: list[str], *, has_clock: bool) -> Reading:
    if has_clock:
        return read_delimited(lines) or read_chat(lines) or read_plain_lines(lines)
    reading = Reading(lines)
    reading.leave_rest(1)
    return reading
