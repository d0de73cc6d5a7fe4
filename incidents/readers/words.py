"""Lists of words that mean the same."""

import re


def any_line(words: str, *, is_whole: bool = False) -> re.Pattern[str]:
    """A pattern of what any of the lines has; `is_whole`: up to the end of the text."""
    lines = [line.strip() for line in words.strip().splitlines()]
    return re.compile(f"(?:{'|'.join(lines)}){'$' if is_whole else ''}", re.IGNORECASE)
