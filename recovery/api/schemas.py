"""What is sent and what is answered, as OpenAPI describes it. What is not named here is refused."""

from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lib.api_fields import Instant, PlainText, plain

LONGEST_TEST_SECONDS = 7 * 86_400
LARGEST_NUMBER = 2**63 - 1
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(plain)]
Sentence = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(plain)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_TEST_SECONDS, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_NUMBER)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PhaseName = Literal["plan", "fetch", "restore", "integrity", "foreign_keys", "counts", "checks", "hash"]


class ReportedCheck(Schema):
    """What one check of the agent found."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    passed: Annotated[bool, Field(strict=True)]
    message: Sentence
    # What somebody should know of a restore without being a check; it does not make a test fail.
    outcome: Literal["noted"] | None = None

    @model_validator(mode="after")
    def _check_note(self) -> Self:
        if self.outcome == "noted" and not self.passed:
            raise ValueError("What is noted does not make a test fail; its `passed` is true.")
        return self


class ReportIn(Schema):
    """What an agent found by restoring the latest state of one replica."""

    model_config = ConfigDict(extra="forbid")

    report_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    reporter: Name
    database: Name
    replica: Name
    status: Literal["passed", "failed", "timed_out", "inconclusive"]
    started_at: Instant
    finished_at: Instant
    source_written_at: Instant | None = None
    restored_to: Instant | None = None
    restored_txid: Annotated[str, Field(max_length=40, pattern=r"^[0-9a-f]*$")] = ""
    rto_seconds: Seconds | None = None
    integrity: Annotated[str, Field(max_length=300), AfterValidator(plain)] = ""
    tables: Annotated[dict[Name, Count], Field(max_length=5000)] = {}
    uncounted_tables: Annotated[list[Name], Field(max_length=5000)] = []
    sha256: Digest | None = None
    schema_fingerprint: Digest | None = None
    size_bytes: Count | None = None
    identity: Annotated[dict[Name, Name], Field(max_length=20)] = {}
    phases: dict[PhaseName, Seconds] = {}
    checks: Annotated[list[ReportedCheck], Field(max_length=200)] = []
    tool: Annotated[str, Field(max_length=80), AfterValidator(plain)] = ""
    exit_code: Annotated[int, Field(strict=True, ge=-255, le=255)] | None = None
    log_tail: Annotated[str, Field(max_length=4096), AfterValidator(plain)] = ""


class CheckOut(BaseModel):
    """A check of a restore test."""

    model_config = ConfigDict(extra="allow")

    name: str
    passed: bool
    message: str
    # Not in results of the first versions, which had no other outcomes than the two that `passed` tells apart.
    outcome: Literal["passed", "failed", "unknown", "skipped", "noted"] | None = None


class RestoreTestOut(BaseModel):
    """A restore test: durations in seconds, sizes in bytes, instants in RFC 3339, null for unknown."""

    model_config = ConfigDict(extra="forbid")

    number: int
    reference: str
    database: str
    replica: str
    method: str
    trigger: str
    origin: Literal["measured", "reported"]
    reporter: str | None
    target_at: str | None
    status: Literal["pending", "running", "passed", "failed", "timed_out", "inconclusive"]
    reasons: list[str]
    rto_seconds: float | None
    rto_objective_seconds: int | None
    is_rto_met: bool | None
    rpo_seconds: float | None
    rpo_reason: str | None
    rpo_objective_seconds: int | None
    is_rpo_met: bool | None
    restored_txid: str | None
    restored_to: str | None
    integrity: str | None
    tables: dict[str, int]
    sha256: str | None
    schema_fingerprint: str | None
    size_bytes: int | None
    identity: dict[str, Any]
    phases: dict[str, float]
    checks: list[CheckOut]
    tool: str | None
    exit_code: int | None
    requested_at: str | None
    started_at: str | None
    finished_at: str | None


class RestoreTestPage(BaseModel):
    """Up to 50 restore tests, newest first; `next` and `previous` are the numbers of the pages beside this one."""

    count: int
    page: int
    next: int | None
    previous: int | None
    results: list[RestoreTestOut]


class Objectives(BaseModel):
    """What a database must hold up to; null is no objective."""

    rpo_seconds: int | None
    rto_seconds: int | None
    proof_days: int | None


class ReplicaOut(BaseModel):
    """One backup of a database, as the watch saw it last."""

    name: str
    method: str
    status: str
    newest_at: str | None
    lag_seconds: float | None
    size_bytes: int | None
    checked_at: str | None


class ProofOut(BaseModel):
    """The newest test of a database's latest state that passed."""

    number: int
    reference: str
    replica: str
    origin: Literal["measured", "reported"]
    reporter: str | None
    finished_at: str | None
    restored_to: str | None
    rto_seconds: float | None
    rpo_seconds: float | None


class DatabaseOut(BaseModel):
    """A database that is protected."""

    model_config = ConfigDict(extra="forbid")

    name: str
    kind: str
    team: str | None
    is_tested_by_an_agent: bool
    is_demonstration: bool
    objectives: Objectives
    replicas: list[ReplicaOut]
    last_proof: ProofOut | None


class DatabaseList(BaseModel):
    """Every database by name."""

    results: list[DatabaseOut]


class TestFilter(Schema):
    """Which tests are asked for; without a word, all of them."""

    database: PlainText = ""
    replica: PlainText = ""
    status: Literal["", "pending", "running", "passed", "failed", "timed_out", "inconclusive"] = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
