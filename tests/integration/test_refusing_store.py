"""The store has no space from a command's first request on, then from its second and so on to its commit: it is refused whole and,
asked again, done once.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from chassis.ports import Role, berlin_day, end_of_day, new_id
from kiezctl.child import Child
from kiezctl.embedded import leash, store_program, store_uri
from kiezctl.strip import free_port
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started
from tests.support.client import Refused, message_types, refused
from tests.support.funds import AUDITOR, OFFICE, Pot, a_pot, move
from tests.support.funds_grant import TREASURER, agreed, award, order, pay, prove

pytestmark = pytest.mark.timeout(240)
REQUESTS = ("find", "aggregate", "bulkWrite", "insert", "update", "delete", "commitTransaction")
NO_SPACE = 14031
READS = ("Get", "List", "Verify")
PAYER = {"payer_name": "Bezirksamt Lichtenberg", "payer_iban": "DE02 1005 0000 0054 5404 02"}
PAPER = {"kind": "REFERENCE_KIND_PRINTED_PAPER", "number": "DS/0815/IX", "body": "BVV", "dated": "2026-09-17"}


@dataclass(slots=True)
class Refusing(Started):
    """Calls a service whose store has no space, from each request of each command on in turn; the last try goes through."""

    store: Any = None
    refused: Counter[str] = field(default_factory=Counter)

    async def call(
        self, rpc: str, request: dict[str, Any] | None = None, *roles: Role, sub: str = "", **metadata: str
    ) -> Any:
        name = rpc.rpartition("/")[2]
        if name.startswith(READS):
            return await Started.call(self, rpc, request, *roles, sub=sub, **metadata)
        again = {"request_id": new_id()} if "request_id" in _fields_of(rpc) else {}
        behind = 0
        while True:
            await self._fail({"skip": behind})
            try:
                return await Started.call(self, rpc, again | (request or {}), *roles, sub=sub, **metadata)
            except Refused as refusal:
                if refusal.code != "UNAVAILABLE":
                    raise
                behind += 1
                self.refused[name] = max(self.refused[name], behind)
            finally:
                await self._fail("off")

    async def _fail(self, mode: Any) -> None:
        data = {"failCommands": REQUESTS, "errorCode": NO_SPACE}
        await self.store.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})


def _fields_of(rpc: str) -> Any:
    service, _, method = rpc.partition("/")
    return message_types(f"kiezwerk.funds.v1.{service}", method)[0].DESCRIPTOR.fields_by_name


@asynccontextmanager
async def a_refusing(city: City) -> AsyncIterator[Refusing]:
    port = free_port()
    program = store_program(city.folder / f"store-{new_id()[-12:]}", port)
    with leash() as held:
        child = Child(replace(program, command=(*program.command, "--enable-test-commands")), held)
        try:
            await child.start()
            async with city.service("funds", store_uri=store_uri(port)) as started:
                client: Any = AsyncIOMotorClient(store_uri(port))
                yield Refusing(started.city, started.running, started.client, client)
                client.close()
        finally:
            await child.kill()


async def test_a_store_without_space_moves_no_cent_by_halves(city: City) -> None:
    async with a_refusing(city) as funds:
        pot = await a_pot(funds)
        revise = {"title_id": pot.title_id, "year": pot.year, "total_cents": 20_000_000, "reference": PAPER}
        await funds.call("TitleService/ReviseTitle", revise, OFFICE)
        await move(funds, "Raise", pot, 10_000)
        undone = {"budget_id": pot.budget_id, "number": 2, "reason": "mistyped"}
        await funds.call("LedgerService/ReversePosting", undone, OFFICE)
        for what in ("Cut", "Freeze", "Unfreeze"):
            await move(funds, what, pot, 1_000)
        await _sent_back_and_claimed_back(funds, pot)
        cancel = {"grant_id": (await award(funds, pot)).id, "reason": "findet nicht statt"}
        await funds.call("GrantService/CancelGrant", cancel, OFFICE)
        await _revoked(funds, pot)
        assert len(funds.refused) > 20, funds.refused
        assert min(funds.refused.values()) >= 3, funds.refused
        kinds = ["release", "raise", "reversal", "cut", "freeze", "unfreeze"]
        await _is_sound(funds, pot, kinds)


async def _sent_back_and_claimed_back(funds: Refusing, pot: Pot) -> None:
    """A payment that fails at the bank, one that comes back, one that is made, and too much of it that is claimed back."""
    grant = await agreed(funds, pot, payout=Payout.ADVANCE)
    for end in ("MarkPaymentFailed", "ReturnPayment"):
        payment = {"payment_id": (await order(funds, grant, 50_000)).id}
        await funds.call("PaymentService/ReleasePayment", payment, TREASURER, sub="treasurer")
        await funds.call(
            "PaymentFileService/ExportPayments", {"region": "11", "fund_id": pot.fund_id} | PAYER, TREASURER
        )
        told = {"reason": "Konto erloschen"}
        if end == "ReturnPayment":
            today = berlin_day(await funds.now()).isoformat()
            await funds.call("PaymentService/MarkPaymentPaid", payment | {"paid_on": today}, TREASURER, sub="treasurer")
            told["returned_on"] = today
        await funds.call(f"PaymentService/{end}", payment | told, TREASURER, sub="treasurer")
    await pay(funds, grant, 50_000)
    await prove(funds, grant, 35_000, 30_000)
    came_on = berlin_day(await funds.now()).isoformat()
    refund = {"grant_id": grant.id, "received_on": came_on, "amount_cents": 20_000}
    await funds.call("GrantService/ReceiveRefund", refund, TREASURER)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE, sub="office")


async def _revoked(funds: Refusing, pot: Pot) -> None:
    first = berlin_day(await funds.now()) + timedelta(days=3)
    grant = await agreed(funds, pot, payout=Payout.ADVANCE, starts_on=first, ends_on=first)
    await funds.move_clock(end_of_day(first + timedelta(days=28)))
    await funds.call("GrantService/RevokeGrant", {"grant_id": grant.id, "reason": "kein Nachweis"}, OFFICE)


async def _is_sound(funds: Refusing, pot: Pot, first: list[str]) -> None:
    """The ledger adds up, its postings are numbered without a gap, and each was made once."""
    assert (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).correct
    found = (await funds.call("LedgerService/ListPostings", {"budget_id": pot.budget_id}, OFFICE)).postings
    assert [posting.number for posting in found] == list(range(1, len(found) + 1))
    said = [message for message in await funds.published(pot.budget_id) if message.fact == "ledger_posted"]
    assert [message.body["number"] for message in said] == [posting.number for posting in found]
    assert [message.body["kind"] for message in said][: len(first)] == first
    async with asyncio.timeout(30):
        await funds.running.relay.flush(30)


async def test_a_clock_that_the_store_does_not_keep_has_not_moved(city: City) -> None:
    async with a_refusing(city) as funds:
        before, later = await funds.now(), timedelta(days=10)
        await funds._fail("alwaysOn")
        with refused("STORE_AWAY", "UNAVAILABLE"):
            await funds.move_clock(before + later)
        assert await funds.now() < before + later
        await funds._fail("off")
        await funds.move_clock(before + later)
        assert await funds.now() >= before + later
