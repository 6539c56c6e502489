"""A revision: who changed what of a record, when and why."""

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.actors.domain.actor import Actor
from services.actors.domain.relation import Relation

# Contacts name people, who may ask to be forgotten: of them the history keeps only that they changed.
_UNTOLD = ("contacts",)
_NOT_OF_THE_RECORD = ("id", "version")


class Action(StrEnum):
    REGISTERED = "registered"
    UPDATED = "updated"
    ACTIVATED = "activated"
    VERIFIED = "verified"
    ARCHIVED = "archived"
    RESTORED = "restored"
    RELATION_STARTED = "relation_started"
    RELATION_ENDED = "relation_ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as text; structures as JSON."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One step in the history of `actor_id`; `relation_id` is "" when it was the actor itself that changed."""

    id: str
    actor_id: str
    relation_id: str
    action: Action
    changes: tuple[Change, ...]
    by: str
    at: datetime
    reason: str = ""


def differences(before: Actor | Relation | None, after: Actor | Relation) -> tuple[Change, ...]:
    """The fields in which two states differ; the first state of a record differs from nothing."""
    if before is None:
        return ()
    names = (field.name for field in fields(after) if field.name not in _NOT_OF_THE_RECORD)
    return tuple(
        _change(name, getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


def _change(field: str, before: Any, after: Any) -> Change:
    return Change(field, "", "") if field in _UNTOLD else Change(field, _text(before), _text(after))


def _text(value: Any) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, tuple) or is_dataclass(value):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    return str(value)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
