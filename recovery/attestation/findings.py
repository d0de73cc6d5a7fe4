"""What a verification found."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. `message` is a sentence; the rest says where, as far as is known."""

    message: str
    database: str = ""
    record: int | None = None
    test: str = ""

    def __str__(self) -> str:
        place = " ".join(
            filter(None, [self.database, f"record {self.record}" if self.record is not None else "", self.test])
        )
        return f"{place}: {self.message}" if place else self.message


@dataclass
class Verification:
    """All that was looked at, and all that does not hold. `heads` is the newest record of each database."""

    records: int = 0
    tests: int = 0
    files: int = 0
    evidence: int = 0
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """True where nothing was found."""
        return not self.findings

    def add(self, message: str, *, database: str = "", record: int | None = None, test: str = "") -> None:
        """One more finding, once."""
        finding = Finding(message, database, record, test)
        if finding not in self.findings:
            self.findings.append(finding)

    def as_json(self) -> dict[str, Any]:
        """What a machine reads."""
        return {"holds": self.holds, **asdict(self)}
