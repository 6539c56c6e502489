"""What an operator sees and mends in one service (kiezwerk.operator.v1): parked messages and the outbox."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.access import city_wide
from chassis.bus import Hearing, why_parked
from chassis.codec import invalid_fields
from chassis.fields import Line, PageSize, PageToken
from chassis.inbox import Inbox, Parked
from chassis.outbox import Journal, Reconciliation, Relay
from chassis.ports import Caller, Page, PageRequest
from chassis.refusals import NotNow, Stale, Unavailable
from chassis.rpc import Api, query

ACCESS = {
    f"OperatorService/{rpc}": city_wide("operator")
    for rpc in (
        "ListParked",
        "GetParked",
        "RedriveParked",
        "DropParked",
        "GetOutboxStatus",
        "ReconcileOutbox",
        "RepublishOutbox",
    )
}
Name = Annotated[str, MaxLen(300)]


@dataclass(frozen=True, slots=True)
class ListParked:
    """Asks for parked messages, of one durable or of all."""

    durable: Name = ""
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class GetParked:
    """Asks for one parked message."""

    id: Name


@dataclass(frozen=True, slots=True)
class RedriveParked:
    """Names one message, or a durable for all of its."""

    id: Name = ""
    durable: Name = ""


@dataclass(frozen=True, slots=True)
class DropParked:
    """Names a message to give up, and why."""

    id: Name
    reason: Line


@dataclass(frozen=True, slots=True)
class GetOutboxStatus:
    """Asks how far facts are published."""


@dataclass(frozen=True, slots=True)
class ReconcileOutbox:
    """Asks how outbox and stream compare."""


@dataclass(frozen=True, slots=True)
class RepublishOutbox:
    """Asks for what the stream lacks."""


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of messages that were driven again."""

    handled: int
    still_parked: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty answer."""


class Operator:
    """Redriving runs the handler in here and publishes nothing again."""

    def __init__(self, inbox: Inbox, hearing: Hearing, relay: Relay, journal: Journal) -> None:
        self._inbox, self._hearing, self._relay, self._journal = inbox, hearing, relay, journal

    def api(self) -> Api:
        return Api(
            "kiezwerk.operator.v1.OperatorService",
            query("ListParked", ListParked, self._list, "parked"),
            query("GetParked", GetParked, self._get, "parked"),
            query("RedriveParked", RedriveParked, self._redrive, seconds=300),
            query("DropParked", DropParked, self._drop),
            query("GetOutboxStatus", GetOutboxStatus, self._outbox),
            query("ReconcileOutbox", ReconcileOutbox, self._reconcile, seconds=300),
            query("RepublishOutbox", RepublishOutbox, self._republish, "queued", seconds=300),
        )

    async def _list(self, asked: ListParked, caller: Caller) -> Page[Parked]:
        caller.require("operator")
        request = PageRequest(asked.page_size, asked.page_token, caller.sub)
        return await self._inbox.list_parked(asked.durable, request)

    async def _get(self, asked: GetParked, caller: Caller) -> Parked:
        caller.require("operator")
        return await self._inbox.get_parked(asked.id)

    async def _redrive(self, asked: RedriveParked, caller: Caller) -> Redriven:
        caller.require("operator")
        if bool(asked.id) == bool(asked.durable):
            raise invalid_fields({"id": "exactly one of id and durable is needed"})
        if asked.durable:
            return await self._redrive_all(asked.durable)
        parked = await self._inbox.get_parked(asked.id)
        waiting = await self._inbox.of_aggregate(parked.durable, parked.aggregate_id)
        if waiting and waiting[0].id != parked.id:
            raise NotNow("PARKED_BEHIND", f"It waits behind {waiting[0].id}; drive or drop that one first.")
        done = await self._redrive_one(parked)
        return Redriven(int(done), int(not done))

    async def _redrive_all(self, durable: str) -> Redriven:
        handled, tried = 0, set[str]()
        async for row in self._inbox.all_parked(durable):
            if row.aggregate_id not in tried:
                tried.add(row.aggregate_id)
                handled += await self._redrive_aggregate(durable, row.aggregate_id)
        return Redriven(handled, await self._inbox.parked_count(durable))

    async def _redrive_aggregate(self, durable: str, aggregate_id: str) -> int:
        """Drive what is parked of it in its order, up to the first that stays; answers how many did not."""
        handled = 0
        # Until there is none: another may have been parked behind the last one just before that was done.
        while waiting := await self._inbox.of_aggregate(durable, aggregate_id):
            for parked in waiting:
                if not await self._redrive_one(parked):
                    return handled
                handled += 1
        return handled

    async def _redrive_one(self, parked: Parked) -> bool:
        try:
            await self._hearing.redrive(parked)
        except (Stale, Unavailable):
            # It says nothing of the message, which stays as it is.
            raise
        except Exception as error:
            await self._inbox.reword(parked.id, *why_parked(error))
            return False
        return True

    async def _drop(self, asked: DropParked, caller: Caller) -> Nothing:
        caller.require("operator")
        await self._inbox.drop(asked.id, asked.reason, caller.sub)
        return Nothing()

    async def _reconcile(self, asked: ReconcileOutbox, caller: Caller) -> Reconciliation:
        caller.require("operator")
        return (await self._journal.compare()).counted()

    async def _republish(self, asked: RepublishOutbox, caller: Caller) -> int:
        caller.require("operator")
        return await self._journal.republish()

    async def _outbox(self, asked: GetOutboxStatus, caller: Caller) -> object:
        caller.require("operator")
        return await self._relay.status()
