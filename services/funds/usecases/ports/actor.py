"""Where funds keeps what it heard of actors and relations."""

from typing import Protocol

from chassis.ports import Records, Transaction
from services.funds.domain.known_actor import KnownActor, KnownRelation


class KnownActors(Records[KnownActor], Protocol):
    """`find(id)` is None for an actor that has not been heard of yet."""


class KnownRelations(Records[KnownRelation], Protocol):
    async def touching(self, actor_id: str, tx: Transaction | None = None) -> tuple[KnownRelation, ...]:
        """All relations from or to an actor; which of them hold on a day says `holds_on`."""
        ...
