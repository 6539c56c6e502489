"""Jury sessions in MongoDB, each with its agenda and votes in one document."""

from collections.abc import Collection, Iterable
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates
from lor import ancestors
from services.funds.domain.correction import CORRECTABLE
from services.funds.domain.jury_session import JurySession
from services.funds.domain.session_status import SessionStatus


class MongoSessions(StoredAggregates[JurySession]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "sessions",
            JurySession,
            noun="session",
            derive=lambda session: {"regions": ancestors(session.region)},
            indexes=(Index("regions"), Index("jury_id"), Index("agenda.application_id")),
        )

    async def next_after(self, tx: Transaction, session: JurySession) -> JurySession | None:
        same = {"fund_id": session.fund_id, "jury_id": session.jury_id, "region": session.region}
        planned = await self.where({"regions": session.region, "status": SessionStatus.PLANNED} | same, tx)
        later = [other for other in planned if other.starts_at > tx.at and other.id != session.id]
        return min(later, key=lambda other: (other.starts_at, other.id), default=None)

    async def under_way(self, tx: Transaction, jury_id: str) -> bool:
        return bool(await self.count({"jury_id": jury_id, "status": {"$in": CORRECTABLE}}, tx))

    async def listed(
        self, region: str, fund_id: str, status: SessionStatus | None, request: PageRequest
    ) -> Page[JurySession]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        filter |= {"status": status} if status else {}
        return await self.page(filter, request, order="-_id")

    async def with_minutes(self, region: str, budget_ids: Iterable[str], most: int) -> tuple[JurySession, ...]:
        filter = {"regions": region, "status": SessionStatus.MINUTES_APPROVED, "budget_id": {"$in": list(budget_ids)}}
        return (await self.page(filter, PageRequest(most), order="-_id")).items

    async def without_minutes(self, tx: Transaction, region: str, round_id: str, session_ids: Collection[str]) -> int:
        waiting = {"status": {"$in": CORRECTABLE}}
        named = await self.where({"_id": {"$in": list(session_ids)}} | waiting, tx)
        of_round = await self.where({"regions": region, "round_id": round_id} | waiting, tx)
        return len({session.id for session in (*named, *of_round)})

    async def in_minutes(self, application_ids: Collection[str]) -> frozenset[str]:
        if not application_ids:
            return frozenset()
        named = {"agenda.application_id": {"$in": list(application_ids)}, "status": SessionStatus.MINUTES_APPROVED}
        listed = (item.application_id for session in await self.all_where(named) for item in session.agenda)
        return frozenset(listed) & frozenset(application_ids)
