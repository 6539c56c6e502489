"""What the use cases need of a store."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from chassis.ports import Aggregates, Page, PageRequest, Records, Transaction
from services.actors.domain.actor import Actor, ActorStatus
from services.actors.domain.duplicates import TakenIdentifier
from services.actors.domain.profile import ActorKind
from services.actors.domain.relation import Relation, RelationKind
from services.actors.domain.revision import Revision


@dataclass(frozen=True, slots=True)
class ActorFilter:
    """Which actors: in `region` (LOR key, "00" for all), and what of the rest is given."""

    region: str
    kind: ActorKind | None = None
    topic: str = ""
    status: ActorStatus | None = None
    public_only: bool = True


class Actors(Aggregates[Actor], Protocol):
    async def fitting(self, filter: ActorFilter, request: PageRequest) -> Page[Actor]:
        """Oldest registration first."""
        ...

    async def neighbours(self, region: str, tx: Transaction) -> tuple[Actor, ...]:
        """Those at home in the same district region, or in the same coarser region where `region` is coarser."""
        ...

    async def with_mailbox(self, person_ref: str) -> Actor | None:
        """An active actor that has a contact of this mail address."""
        ...


class Relations(Aggregates[Relation], Protocol):
    async def of_actor(self, actor_id: str, tx: Transaction) -> tuple[Relation, ...]: ...

    async def page_of_actor(
        self, actor_id: str, kind: RelationKind | None, request: PageRequest, *, public_only: bool
    ) -> Page[Relation]: ...

    async def responsible_for(self, regions: Iterable[str]) -> tuple[Relation, ...]:
        """Past and future ones too."""
        ...


class TakenIdentifiers(Records[TakenIdentifier], Protocol): ...


class Revisions(Records[Revision], Protocol):
    async def of_actor(self, actor_id: str, request: PageRequest) -> Page[Revision]:
        """Newest first."""
        ...
