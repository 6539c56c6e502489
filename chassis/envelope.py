"""What a message looks like on the wire: CloudEvents 1.0 binary mode in NATS headers, a JSON body, and its subject."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

import lor
from chassis.ports import Trail
from chassis.refusals import Invalid

Audience = Literal["pub", "int"]
MAX_BYTES = 256 * 1024
LONGEST_NAME = 200
_SEQUENCE = re.compile(r"[0-9]{1,10}", re.ASCII)
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Body(BaseModel):
    """A part of a published message; what it does not declare never leaves the service."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class Published(Body):
    """A message that this service says. `state` is the aggregate after the change: `id`, `region` and its public fields.

    `audience` is "pub" (other city systems may read it) or "int" (the four services only), `why` the reason.
    """

    audience: ClassVar[Audience]
    why: ClassVar[str]

    state: Any
    left: bool = False

    def __init_subclass__(cls, audience: Audience = "int", why: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.audience, cls.why = audience, why

    @classmethod
    def fact(cls) -> str:
        """The name in snake_case: `BudgetReleased` is "budget_released"."""
        return WORD_START.sub("_", cls.__name__).lower()

    def audience_now(self) -> Audience:
        """Who may read this one; a message of a record that is not public says "int"."""
        return self.audience


class Part(BaseModel):
    """A part of a consumed message: only the fields that this service uses; the rest is passed over.

    Whoever wrote it: a `region` is a LOR key, an instant has its offset and lies, as a day does, between 1970 and 2200, and
    a number is one that a store can hold.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_used(cls, value: Any, field: ValidationInfo) -> Any:
        if field.field_name == "region" and not lor.is_known(value):
            raise ValueError("must be a LOR 2021 key")
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("must have an offset")
        if isinstance(value, date) and not 1970 <= value.year <= 2200:
            raise ValueError("must lie between 1970 and 2200")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError("must have at most 64 bits")
        return value


class Heard(Part):
    """A message of another service, in this service's own words."""

    type: ClassVar[str]

    def __init_subclass__(cls, type: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.type = type

    @classmethod
    def filter_subject(cls) -> str:
        """Both audiences, every region, of this type."""
        _, service, version, fact = cls.type.split(".")
        return f"kiez.*.{service}.{version}.{fact}.>"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is said: one correlation id from the first call on, the message before it, who did it."""

    correlation_id: str
    causation_id: str = ""
    by: str = ""
    traceparent: str = ""

    @classmethod
    def follows(cls, trail: Trail) -> "Cause":
        return cls(trail.correlation_id, traceparent=trail.traceparent)


@dataclass(frozen=True, slots=True)
class Meta:
    """The envelope of a message that was heard. `aggregate_id` with `sequence` orders it; `id` makes it unique."""

    id: str
    type: str
    aggregate_id: str
    sequence: int
    time: datetime
    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""

    def as_cause(self) -> Cause:
        return Cause(self.correlation_id, self.id, by="", traceparent=self.traceparent)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready for the wire."""

    type: str
    subject: str
    headers: dict[str, str]
    data: str


class Unreadable(Exception):
    """The headers of a message are not an envelope."""


class Catalogue:
    """All that one service says: finds the message of a fact and writes its envelope."""

    def __init__(self, service: str, installation: str, published: Iterable[type[Published]]) -> None:
        self._service = service
        self._source = f"/kiezwerk/{installation}/{service}"
        self._models = {model.__name__: model for model in published}

    def __iter__(self) -> Any:
        return iter(self._models.values())

    def type_of(self, model: type[Published]) -> str:
        return f"kiezwerk.{self._service}.v1.{model.fact()}"

    def letter(
        self, fact: object, *, id: str, sequence: int, at: datetime, cause: Cause, left_region: str | None = None
    ) -> Letter:
        """The message of `fact`, the `sequence`-th of its aggregate; said under `left_region` when its home moved away."""
        model = self._models[type(fact).__name__]
        message = model.model_validate(fact)
        if left_region is not None:
            message = message.model_copy(update={"left": True})
        fact_type = self.type_of(model)
        headers = {
            "Nats-Msg-Id": id,
            "content-type": "application/json",
            "ce-specversion": "1.0",
            "ce-id": id,
            "ce-source": self._source,
            "ce-type": fact_type,
            "ce-subject": message.state.id,
            "ce-time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "ce-dataschema": f"urn:kiezwerk:{self._service}:v1:{model.fact()}",
            "ce-sequence": f"{sequence:010}",
            "ce-partitionkey": message.state.id,
            "ce-correlationid": cause.correlation_id,
        }
        headers |= {"ce-causationid": cause.causation_id} if cause.causation_id else {}
        headers |= {"traceparent": cause.traceparent} if cause.traceparent else {}
        tokens = lor.subject_tokens(left_region or message.state.region)
        subject = ".".join(("kiez", message.audience_now(), self._service, "v1", model.fact(), *tokens))
        data = message.model_dump_json(exclude_defaults=False, exclude=None if message.left else {"left"})
        if len(data.encode()) > MAX_BYTES:
            raise Invalid(
                "RECORD_TOO_LARGE", f"With that the record is larger than {MAX_BYTES} bytes; shorten its texts."
            )
        return Letter(fact_type, subject, headers, data)


def read_meta(headers: Mapping[str, str] | None) -> Meta:
    """The envelope of a message that came; raises Unreadable naming the header."""
    found = headers or {}
    for name in ("ce-id", "ce-type", "ce-subject", "ce-sequence", "ce-time"):
        if not found.get(name):
            raise Unreadable(f"the header {name} is missing")
    for name in ("ce-id", "ce-type", "ce-subject"):
        if not _is_name(found[name]):
            raise Unreadable(f"the header {name} is no printable line of at most {LONGEST_NAME} characters")
    given = found.get("ce-correlationid", "")
    traceparent = found.get("traceparent", "")
    return Meta(
        id=found["ce-id"],
        type=found["ce-type"],
        aggregate_id=found["ce-subject"],
        sequence=_sequence(found["ce-sequence"]),
        time=_instant(found["ce-time"]),
        # What goes on into our own headers must be a header: an id of another kind is passed over.
        correlation_id=given if _is_header(given) else found["ce-id"],
        causation_id=found.get("ce-causationid", ""),
        traceparent=traceparent if _is_header(traceparent) else "",
    )


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and text.isprintable()


def _is_header(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and text.isascii() and text.isprintable()


def _sequence(text: str) -> int:
    if not _SEQUENCE.fullmatch(text) or int(text) == 0:
        raise Unreadable("the header ce-sequence is no number from 1 to 9999999999")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Unreadable("the header ce-time is no instant with its offset")
