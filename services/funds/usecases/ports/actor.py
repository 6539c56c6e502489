"""Where funds keeps what it heard of actors and relations, and whom it asks for the rest."""

from typing import Protocol

from chassis.ports import Records, Trail, Transaction
from services.funds.domain.known_actor import KnownActor, KnownRelation


class KnownActors(Records[KnownActor], Protocol):
    """`find(id)` is None for an actor that has not been heard of yet."""

    async def merged_into(self, actor_id: str, tx: Transaction | None = None) -> tuple[KnownActor, ...]:
        """The records that this one stands for directly."""
        ...


class ActorOwner(Protocol):
    """The service that owns actors, for one whose message has not come yet."""

    async def ask(self, actor_id: str, trail: Trail) -> KnownActor | None:
        """None when there is no such actor; Unavailable when the owner does not answer within 2 s."""
        ...


class KnownRelations(Records[KnownRelation], Protocol):
    async def touching(self, actor_id: str, tx: Transaction | None = None) -> tuple[KnownRelation, ...]:
        """All relations from or to an actor; which of them hold on a day says `holds_on`."""
        ...
