"""Finding out who is biased, from what this service knows of actors and relations today."""

from collections.abc import Iterable
from datetime import date

from chassis.ports import Transaction, berlin_day
from services.funds.domain.affiliation import is_biased, near_to
from services.funds.domain.agenda_item import Recusal, RecusalGround
from services.funds.domain.jury import Jury
from services.funds.domain.known_actor import KnownRelation
from services.funds.usecases.applicant import merges, same_as
from services.funds.usecases.ports import Applications, KnownActors, KnownRelations


class Affiliations:
    def __init__(self, applications: Applications, actors: KnownActors, relations: KnownRelations) -> None:
        self._applications, self._actors, self._relations = applications, actors, relations

    async def recusals(
        self,
        tx: Transaction,
        application_id: str,
        jury: Jury,
        took_part: Iterable[str] = (),
        day: date | None = None,
    ) -> tuple[Recusal, ...]:
        """One for each member who may not decide on this application, today or on the day of its decision.

        Looked at are those who sit on the day, and who `took_part` though their terms are over since.
        """
        application = await self._applications.get(application_id, tx)
        day = day or berlin_day(tx.at)
        there = set(took_part)
        members = tuple(member for member in jury.members if member.sits_on(day) or member.id in there)
        relations = await self._touching(tx, application.applicant_actor_id)
        ids = {actor for member in members for actor in member.affiliations}
        ids |= {end for relation in relations for end in (relation.from_id, relation.to_id)}
        ids |= {application.applicant_actor_id}
        merged = await merges(self._actors, tuple(ids - {""}), tx)
        near = near_to(application.applicant_actor_id, relations, day, merged)
        biased = (member for member in members if is_biased(member, application, near, merged))
        return tuple(Recusal(member.id, RecusalGround.AFFILIATION, tx.at) for member in biased)

    async def _touching(self, tx: Transaction, actor_id: str) -> tuple[KnownRelation, ...]:
        """The relations of every record that is this applicant after merges."""
        if not actor_id:
            return ()
        found: dict[str, KnownRelation] = {}
        for id in await same_as(self._actors, actor_id, tx):
            found |= {relation.id: relation for relation in await self._relations.touching(id, tx)}
        return tuple(found.values())
