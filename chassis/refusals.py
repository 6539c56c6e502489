"""Every way to say no: one class a gRPC status, each with a reason for programs and a sentence for people."""

from collections.abc import Mapping


class Refusal(Exception):
    """A rule said no. Nothing was changed, and asking again without change gives the same answer.

    `reason` is UPPER_SNAKE and stable; `sentence` says what to do; `fields` maps a request field
    ("items[2].amount_cents") to what is wrong with it; `details` are facts for programs
    ({"available_cents": "9530"}). None of them may name a person or hold a secret.
    """

    def __init__(
        self,
        reason: str,
        sentence: str,
        *,
        fields: Mapping[str, str] | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason
        self.sentence = sentence
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class Invalid(Refusal):
    """INVALID_ARGUMENT: the request itself is wrong; `fields` names where."""


class NotFound(Refusal):
    """NOT_FOUND: there is nothing under this id (or not for this caller)."""


class Exists(Refusal):
    """ALREADY_EXISTS: what must be unique is there already."""


class Unauthenticated(Refusal):
    """UNAUTHENTICATED: no token, or one that does not hold."""


class Forbidden(Refusal):
    """PERMISSION_DENIED: the caller's roles do not reach this."""


class NotNow(Refusal):
    """FAILED_PRECONDITION: the state or a money rule does not allow it."""


class Stale(Refusal):
    """ABORTED: the record changed since the caller read it, or too many changed it at once."""


class Exhausted(Refusal):
    """RESOURCE_EXHAUSTED: too much at once; try again after `retry_after` seconds."""

    def __init__(self, reason: str, sentence: str, *, retry_after: float) -> None:
        super().__init__(reason, sentence)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """UNAVAILABLE: something that is needed does not answer; the same call may be repeated."""
