"""All that actors says."""

from services.actors.messages.published.actor import (
    ActorArchived,
    ActorRegistered,
    ActorRestored,
    ActorUpdated,
    ActorVerified,
)
from services.actors.messages.published.relation import RelationEnded, RelationStarted

PUBLISHED = (
    ActorRegistered,
    ActorUpdated,
    ActorVerified,
    ActorArchived,
    ActorRestored,
    RelationStarted,
    RelationEnded,
)
