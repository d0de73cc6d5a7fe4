"""The numbers that records had where they come from, as those they have here."""

import re
from collections.abc import Mapping

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class Renaming:
    """Text in which each reference to a record that was brought along means that record again.

    Code stays as it is, and so does what is part of an address or of another word.
    """

    def __init__(self, references: Mapping[str, str]) -> None:
        self._references = {old: new for old, new in references.items() if old != new}
        names = "|".join(re.escape(name) for name in sorted(self._references, key=len, reverse=True))
        self._pattern = re.compile(rf"(`[^`\n]*`)|(?<![\w/#=?&.-])({names})(?![\w/-])") if names else None

    def __call__(self, text: str) -> str:
        """The text with the new references."""
        if self._pattern is None:
            return text
        fence, lines = "", []
        for line in text.split("\n"):
            mark = FENCE.match(line)
            if fence or mark:
                lines.append(line)
                if mark:
                    fence = self._next_fence(fence, mark[1])
            else:
                lines.append(self._pattern.sub(self._replace, line))
        return "\n".join(lines)

    def _next_fence(self, fence: str, mark: str) -> str:
        if not fence:
            return mark
        return "" if mark.startswith(fence) else fence

    def _replace(self, match: re.Match[str]) -> str:
        return match[1] or self._references[match[2]]
