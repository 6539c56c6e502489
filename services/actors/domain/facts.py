"""What can be said of actors and relations once it has happened; `state` is the record after the change."""

from dataclasses import dataclass

from services.actors.domain.actor import Actor
from services.actors.domain.relation import Relation


@dataclass(frozen=True, slots=True)
class ActorRegistered:
    state: Actor


@dataclass(frozen=True, slots=True)
class ActorUpdated:
    """`was_public` tells that others knew it until now, so they must hear of a withdrawal too."""

    state: Actor
    changed_fields: tuple[str, ...]
    was_public: bool


@dataclass(frozen=True, slots=True)
class ActorVerified:
    state: Actor


@dataclass(frozen=True, slots=True)
class ActorArchived:
    state: Actor


@dataclass(frozen=True, slots=True)
class ActorRestored:
    state: Actor


@dataclass(frozen=True, slots=True)
class RelationStarted:
    state: Relation


@dataclass(frozen=True, slots=True)
class RelationEnded:
    state: Relation
