"""A service dies behind every single write of every command of a grant's life, comes again, and is asked again: each is done once.

Unlike the other rings, nothing here is left to chance: the store's traffic is cut behind the first request of a command's transaction, then behind the second, and so
on to its commit, whose answer nobody gets; each time the process is killed and another one started.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from chassis.ports import Role, berlin_day, new_id
from kiezctl.embedded import store_server
from kiezctl.ports import HOST
from tests.support.city import City
from tests.support.client import Client, Refused, message_types
from tests.support.forked import Forked
from tests.support.funds import AUDITOR, OFFICE, a_pot
from tests.support.funds_grant import APPLICANT, IBAN, TREASURER, a_receipt_line
from tests.support.funds_round import a_call
from tests.support.proxy import Proxy, a_proxy

pytestmark = pytest.mark.timeout(240)
# Every request of a transaction says so; what else goes to the store does not count.
IN_TRANSACTION = b"autocommit"
READS = ("Get", "List", "Verify")
# On a busy machine the last request of the dead one reaches the store when its sessions are ended already: what that begins stands in
# everybody's way until the store gives it up, after a minute.
FREE_SECONDS = 90


@dataclass
class Mortal:
    """Calls a service as `Started` does, letting it die behind each request of each command in turn."""

    city: City
    store: Any
    forked: Forked
    proxy: Proxy
    client: Client | None = None
    deaths: Counter[str] = field(default_factory=Counter)

    async def call(self, rpc: str, request: dict[str, Any], *roles: Role, sub: str = "") -> Any:
        name, sub = rpc.rpartition("/")[2], sub or "office"
        if "kiezwerk.lab" in rpc or name.startswith(READS):
            return await self._ask(rpc, request, roles, sub)
        if "request_id" in _fields_of(rpc):
            request = {"request_id": new_id(), **request}
        while True:
            self._arm(self.deaths[name] + 1)
            asked = asyncio.create_task(self._ask(rpc, request, roles, sub))
            cut = asyncio.create_task(self.proxy.was_cut.wait())
            await asyncio.wait((asked, cut), return_when=asyncio.FIRST_COMPLETED)
            if not cut.done():
                cut.cancel()
                self.proxy.cut_behind = None
                return await asked
            asked.cancel()
            self.deaths[name] += 1
            await self._born_again()
            await asyncio.gather(asked, return_exceptions=True)

    async def _ask(self, rpc: str, request: dict[str, Any], roles: tuple[Role, ...], sub: str) -> Any:
        token = self.city.token(*roles, sub=sub) if roles or sub else ""
        assert self.client is not None
        async with asyncio.timeout(FREE_SECONDS):
            while True:
                try:
                    return await self.client.call(rpc, request, token=token, metadata={})
                except Refused as refusal:
                    if refusal.code != "DEADLINE_EXCEEDED":
                        raise

    def _arm(self, behind: int) -> None:
        seen = 0

        def is_the_one(piece: bytes) -> bool:
            nonlocal seen
            seen += piece.count(IN_TRANSACTION)
            return seen >= behind

        self.proxy.cut_behind = is_the_one

    async def _born_again(self) -> None:
        await asyncio.to_thread(self.forked.kill)
        await self.proxy.heal()
        # What the dead one had begun stands in everybody's way until the store gives it up, which takes it a minute.
        await self.store.admin.command({"killAllSessions": []})
        await self.begin()

    async def begin(self) -> None:
        if self.client is not None:
            await self.client.channel.close()
        self.client = Client(await self.forked.start(), "funds")

    async def end(self) -> None:
        assert self.client is not None
        await self.client.channel.close()
        await asyncio.to_thread(self.forked.kill)
        self.store.close()

    async def now(self) -> datetime:
        answer = await self._ask("kiezwerk.lab.v1.LabService/GetTime", {}, (Role("operator"),), "")
        found: datetime = answer.time.ToDatetime(UTC)
        return found

    async def move_clock(self, instant: datetime) -> None:
        time = instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
        await self._ask("kiezwerk.lab.v1.LabService/SetTime", {"time": time}, (Role("operator"),), "")


def _fields_of(rpc: str) -> Any:
    service, _, method = rpc.partition("/")
    return message_types(f"kiezwerk.funds.v1.{service}", method)[0].DESCRIPTOR.fields_by_name


@asynccontextmanager
async def a_mortal(city: City) -> AsyncIterator[Mortal]:
    """On a store of its own: the sessions of all who use it are ended again and again."""
    async with store_server(city.folder / f"store-{new_id()[-12:]}") as server:
        port = urlsplit(server.uri).port or 0
        async with a_proxy(port) as proxy:
            uri = server.uri.replace(f":{port}", f":{proxy.port}")
            env = {"FUNDS_STORE_URI": uri, "FUNDS_ACTORS_ADDRESS": f"{HOST}:1"}
            forked = Forked(city, "funds", f"funds_{new_id()[-12:]}", **env)
            mortal = Mortal(city, AsyncIOMotorClient(server.uri), forked, proxy)
            await mortal.begin()
            try:
                yield mortal
            finally:
                await mortal.end()


async def test_whatever_write_it_dies_behind_each_command_is_done_once(city: City) -> None:
    async with a_mortal(city) as funds:
        there: Any = funds
        pot = await a_pot(there, decision_body="DECISION_BODY_OFFICE", quorum_percent=0, jury_size=0)
        grant, days = await _awarded(there, pot)
        await _paid_and_proven(funds, grant, days)
        budget = (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
        assert not proof.differences
        assert (budget.committed_cents, budget.paid_cents, budget.available_cents) == (0, 30_000, 1_270_000)
        postings = (await funds.call("LedgerService/ListPostings", {"budget_id": pot.budget_id}, OFFICE)).postings
        assert [posting.number for posting in postings] == list(range(1, len(postings) + 1))
        kinds = Counter(
            type(posting).Kind.Name(posting.kind) if hasattr(type(posting), "Kind") else posting.kind
            for posting in postings
        )
        assert max(kinds.values()) == 1, kinds
        # A command that reads, writes, says and commits has more than a few places to die at.
        assert min(funds.deaths.values()) > 3, funds.deaths
        assert len(funds.deaths) > 12, funds.deaths
    await _said_once(city, pot.budget_id, grant)


async def _awarded(funds: Any, pot: Any) -> tuple[str, tuple[date, date]]:
    call = await a_call(funds, pot=pot, seats=0)
    application = await call.apply(40_000)
    await call.check("AdmitApplication", application)
    award = {"application_id": application.id, "budget_id": pot.budget_id, "amount_cents": 40_000}
    awarded = await funds.call("ApplicationService/AwardApplication", award, OFFICE, sub="office")
    form = application.form
    return str(awarded.application.grant_id), (date.fromisoformat(form.starts_on), date.fromisoformat(form.ends_on))


async def _paid_and_proven(funds: Mortal, grant: str, days: tuple[date, date]) -> None:
    agree = {"grant_id": grant, "agreement_number": "L-01", "payee_name": "Anna Beispiel", "iban": IBAN}
    await funds.call("GrantService/AgreeGrant", agree, OFFICE, sub="office")
    await funds.move_clock(datetime.combine(days[1] + timedelta(days=2), datetime.min.time(), UTC))
    claim = {"grant_id": grant, "receipts": [a_receipt_line(days[0], 30_000)]}
    claimed = (await funds.call("ClaimService/SubmitClaim", claim, APPLICANT, sub="anna")).claim
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claimed.id}, OFFICE, sub="office")
    order = {"grant_id": grant, "amount_cents": 30_000}
    payment = (await funds.call("PaymentService/OrderPayment", order, TREASURER, sub="clerk")).payment
    await funds.call("PaymentService/ReleasePayment", {"payment_id": payment.id}, TREASURER, sub="treasurer")
    done = {"payment_id": payment.id, "paid_on": berlin_day(await funds.now()).isoformat()}
    await funds.call("PaymentService/MarkPaymentPaid", done, TREASURER, sub="treasurer")
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant, "report": "Gut.", "results": [result], "total_costs_cents": 30_000}
    await funds.call("ProofService/SubmitProof", proof, APPLICANT, sub="anna")
    await funds.call("ProofService/AcceptProof", {"grant_id": grant, "accepted_cents": 30_000}, OFFICE, sub="office")
    await funds.call("GrantService/SettleGrant", {"grant_id": grant}, OFFICE, sub="office")


async def _said_once(city: City, budget: str, grant: str) -> None:
    """In the stream, as an outsider has it: each fact of both once, in its order."""
    for aggregate in (budget, grant):
        subscription = await city.jetstream.subscribe("kiez.*.funds.v1.>", stream="FUNDS", ordered_consumer=True)
        last = (await city.jetstream.stream_info("FUNDS")).state.last_seq
        numbers = []
        while True:
            message = await subscription.next_msg(timeout=10)
            headers = message.headers or {}
            if headers["ce-subject"] == aggregate:
                numbers.append(int(headers["ce-sequence"]))
            if message.metadata.sequence.stream >= last:
                break
        await subscription.unsubscribe()
        assert numbers == list(range(1, len(numbers) + 1))
