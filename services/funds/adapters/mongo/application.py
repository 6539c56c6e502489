"""Applications in MongoDB."""

from collections.abc import Collection
from typing import Any

from chassis.ports import Page, PageRequest, Transaction
from chassis.store import Index, Store, StoredAggregates, Total
from lor import ancestors
from services.funds.domain.application import BEFORE_AWARD, UNDECIDED, Application, ApplicationStatus
from services.funds.domain.asked import AWARDED, AskedPart, Call, InRounds

# Far more than one round, or one year without rounds, ever has.
MOST_ASKED = 100_000
DECIDED = (ApplicationStatus.APPROVED, ApplicationStatus.DECLINED, ApplicationStatus.CANCELLED)


def _derived(application: Application) -> dict[str, Any]:
    owners = (application.applicant_sub, application.applicant_actor_id)
    return {
        # A draft is nobody's business but the applicant's, also one that was given up: no list by region finds it.
        "regions": () if application.submitted_at is None else ancestors(application.region),
        "owners": tuple(owner for owner in owners if owner),
        "undecided_in": application.round_id if _is_waited_for(application) else "",
    }


def _is_waited_for(application: Application) -> bool:
    return application.status in UNDECIDED and not application.was_deferred


def _answers(call: Call) -> dict[str, Any]:
    funds = {"fund_id": {"$in": call.fund_ids}}
    if isinstance(call, InRounds):
        return funds | {"round_id": {"$in": call.round_ids}, "submitted_at": {"$ne": None}}
    handed_in = {"submitted_at": {"$gte": call.first, "$lt": call.end}}
    return funds | {"round_id": "", "regions": call.region} | handed_in


def _part(total: Total) -> AskedPart:
    fund_id, round_id, region, status = total.key
    return AskedPart(fund_id, round_id, region, ApplicationStatus(status), total.rows, total.amount)


class MongoApplications(StoredAggregates[Application]):
    def __init__(self, store: Store) -> None:
        super().__init__(
            store,
            "applications",
            Application,
            noun="application",
            derive=_derived,
            indexes=(Index("regions"), Index("owners"), Index("undecided_in"), Index("fund_id", "round_id")),
        )

    async def listed(
        self, region: str, fund_id: str, round_id: str, status: ApplicationStatus | None, request: PageRequest
    ) -> Page[Application]:
        filter: dict[str, Any] = {"regions": region}
        filter |= {"fund_id": fund_id} if fund_id else {}
        filter |= {"round_id": round_id} if round_id else {}
        filter |= {"status": status} if status else {}
        return await self.page(filter, request, order="-_id")

    async def owned(self, owners: tuple[str, ...], request: PageRequest) -> Page[Application]:
        own = owners[0] if len(owners) == 1 else {"$in": owners}
        return await self.page({"owners": own}, request, order="-_id")

    async def of_actor(self, tx: Transaction, actor_id: str) -> tuple[Application, ...]:
        found = await self.all_where({"owners": actor_id, "status": {"$in": BEFORE_AWARD}}, tx)
        return tuple(application for application in found if application.applicant_actor_id == actor_id)

    async def waiting(self, tx: Transaction, fund_id: str, region: str) -> tuple[Application, ...]:
        return await self.where({"regions": region, "fund_id": fund_id, "status": ApplicationStatus.DEFERRED}, tx)

    async def asked(self, call: Call, ids: Collection[str], *, among: bool) -> tuple[AskedPart, ...]:
        filter = _answers(call) | {"_id": {"$in" if among else "$nin": list(ids)}}
        totals = await self.totals(filter, "form.requested_cents", "fund_id", "round_id", "region", "status")
        return tuple(_part(total) for total in totals)

    async def scheduled_once(self, call: Call) -> tuple[str, ...]:
        been_there = {"course.status": ApplicationStatus.SCHEDULED, "status": {"$nin": AWARDED}}
        return await self.ids(_answers(call) | been_there, MOST_ASKED)

    async def undecided(self, tx: Transaction, round_id: str) -> int:
        return await self.count({"undecided_in": round_id}, tx)

    async def decided(self, tx: Transaction, fund_id: str, round_id: str) -> int:
        return await self.count({"fund_id": fund_id, "round_id": round_id, "status": {"$in": DECIDED}}, tx)

    async def sessions_of(self, fund_id: str, round_id: str) -> tuple[str, ...]:
        filter = {"fund_id": fund_id, "round_id": round_id, "course.status": {"$ne": ApplicationStatus.DEFERRED}}
        totals = await self.totals(filter, "form.requested_cents", "session_id")
        return tuple(one.key[0] for one in totals if one.key[0])

    async def left_in(self, tx: Transaction, round_id: str, most: int) -> tuple[Application, ...]:
        return await self.where({"undecided_in": round_id}, tx, most)
