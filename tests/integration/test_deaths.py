"""A service dies behind every single write of every command that moves money or decides, comes again, and is asked again: each is done once.

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
from tests.support.funds import AUDITOR, OFFICE, RULES, a_pot
from tests.support.funds_grant import APPLICANT, IBAN, TREASURER, a_receipt_line
from tests.support.funds_round import BY_OFFICE, Round, a_call
from tests.support.funds_years import carry, close_year, two_years
from tests.support.proxy import Proxy, a_proxy

pytestmark = pytest.mark.timeout(240)
# Every request of a transaction says so; what else goes to the store does not count.
IN_TRANSACTION = b"autocommit"
# What of it leaves something behind: between two reads a death is no other than before the first one.
WRITES = tuple(
    mark + b"\x00" for mark in (b"\x10bulkWrite", b"\x02insert", b"\x02update", b"\x02delete", b"\x10commitTransaction")
)
# Of these the life of a grant has the deaths already.
SPARED = frozenset(
    {"PlanTitle", "CreateFund", "PlanBudget", "ReleaseBudget", "DraftApplication", "SubmitApplication"}
    | {"AdmitApplication", "AwardApplication"}
)
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
    spared: frozenset[str] = frozenset()
    behind: tuple[bytes, ...] = (IN_TRANSACTION,)
    client: Client | None = None
    deaths: Counter[str] = field(default_factory=Counter)

    async def call(self, rpc: str, request: dict[str, Any], *roles: Role, sub: str = "") -> Any:
        name, sub = rpc.rpartition("/")[2], sub or "office"
        if "kiezwerk.lab" in rpc or name.startswith(READS):
            return await self._ask(rpc, request, roles, sub)
        if "request_id" in _fields_of(rpc):
            request = {"request_id": new_id(), **request}
        if name in self.spared:
            return await self._ask(rpc, request, roles, sub)
        while True:
            self._arm(self.deaths[name] + 1, self.behind)
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

    def _arm(self, behind: int, marks: tuple[bytes, ...] = (IN_TRANSACTION,)) -> None:
        seen = 0

        def is_the_one(piece: bytes) -> bool:
            nonlocal seen
            seen += sum(piece.count(mark) for mark in marks) if IN_TRANSACTION in piece else 0
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
        try:
            await self._ask("kiezwerk.lab.v1.LabService/SetTime", {"time": time}, (Role("operator"),), "")
        except Refused as refusal:
            # It moved, and was too busy to answer in time; asked again it reads more already.
            if refusal.reason != "TIME_GOES_FORWARD":
                raise


def _fields_of(rpc: str) -> Any:
    service, _, method = rpc.partition("/")
    return message_types(f"kiezwerk.funds.v1.{service}", method)[0].DESCRIPTOR.fields_by_name


@asynccontextmanager
async def a_mortal(city: City, **more: Any) -> AsyncIterator[Mortal]:
    """On a store of its own: the sessions of all who use it are ended again and again."""
    async with store_server(city.folder / f"store-{new_id()[-12:]}") as server:
        port = urlsplit(server.uri).port or 0
        async with a_proxy(port) as proxy:
            uri = server.uri.replace(f":{port}", f":{proxy.port}")
            env = {"FUNDS_STORE_URI": uri, "FUNDS_ACTORS_ADDRESS": f"{HOST}:1"}
            forked = Forked(city, "funds", f"funds_{new_id()[-12:]}", **env)
            mortal = Mortal(city, AsyncIOMotorClient(server.uri), forked, proxy, **more)
            await mortal.begin()
            try:
                yield mortal
            finally:
                await mortal.end()


async def test_whatever_write_it_dies_behind_each_command_is_done_once(city: City) -> None:
    async with a_mortal(city) as funds:
        there: Any = funds
        pot = await a_pot(there, **BY_OFFICE)
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
        # A command reads, writes and commits.
        assert min(funds.deaths.values()) > 2, funds.deaths
        assert len(funds.deaths) > 12, funds.deaths
    await _said_once(city, pot.budget_id, grant)


async def test_whatever_write_it_dies_behind_a_jury_decides_once(city: City) -> None:
    async with a_mortal(city, spared=SPARED, behind=WRITES) as funds:
        there: Any = funds
        call = await a_call(there, seats=3, pot=await a_pot(there))
        granted, lost, put_off, gone = [await call.apply(cents) for cents in (40_000, 30_000, 20_000, 10_000)]
        await _checked(call, gone)
        await call.begin(granted, lost, put_off)
        await _sat(call, granted, lost, put_off)
        for step in ("ConcludeRound", "PublishRound"):
            await funds.call(f"RoundService/{step}", {"round_id": call.round_id}, OFFICE)
        later = await _called_off(funds, call)
        budget = (await funds.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id})).budget
        assert (budget.committed_cents, budget.available_cents) == (30_000, 1_270_000)
        assert not (await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)).differences
        recount = await funds.call("SessionService/RecomputeSession", {"session_id": call.session_id}, AUDITOR)
        assert recount.agrees
        assert len(funds.deaths) > 20, funds.deaths
    said = await _said_once(city, call.session_id, call.round_id, call.jury_id, granted.id, lost.id, later)
    assert said[call.session_id] == [
        *("session_planned", "session_invited", "session_opened"),
        *("session_closed", "session_reopened", "session_closed", "minutes_approved"),
    ]
    assert said[call.jury_id] == ["jury_member_seated"] * 3
    assert said[granted.id][-3:] == ["application_scheduled", "application_approved", "decision_revised"]
    assert said[lost.id][-3:] == ["application_declined", "decision_revised", "application_declined"]
    assert said[call.round_id] == [
        "round_planned",
        *(f"round_{end}" for end in ("opened", "closed", "decided", "published")),
    ]
    assert said[later] == ["round_planned", "round_rescheduled", "round_cancelled"]


async def test_whatever_write_it_dies_behind_a_year_ends_once(city: City) -> None:
    async with a_mortal(city, spared=SPARED, behind=WRITES) as funds:
        there: Any = funds
        old, new = await two_years(there, rule_set="", kind="FUND_KIND_FEIN", rules=RULES | BY_OFFICE)
        grant, _ = await _awarded(there, old)
        await carry(there, grant)
        await close_year(there, old)
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
        assert not proof.differences
        budgets = [
            (await funds.call("BudgetService/GetBudget", {"budget_id": pot.budget_id})).budget for pot in (old, new)
        ]
        assert [(budget.committed_cents, budget.available_cents) for budget in budgets] == [(0, 0), (40_000, 1_000_000)]
    await _said_once(city, old.budget_id, new.budget_id, grant)


async def _checked(call: Round, application: Any) -> None:
    """Asked back, answered, refused, readmitted and withdrawn."""
    due = {"reason": "Wo?", "info_due_on": call.closes_at.date().isoformat()}
    await call.check("RequestInfo", application, **due)
    again = {"application_id": application.id}
    await call.funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    await call.check("RefuseApplication", application, reason="nein")
    await call.check("ReadmitApplication", application, reason="doch")
    await call.check("WithdrawApplication", application, reason="doch nicht")


async def _sat(call: Round, granted: Any, lost: Any, put_off: Any) -> None:
    """One award that is mended, one refusal that is decided anew, one item that is put off."""
    await call.act("RecordAttendance", present_member_ids=call.members)
    await call.vote(granted, "yes", "yes", "no")
    await call.conclude(granted)
    await call.vote(lost, "no", "no")
    by_hand = {"application_id": lost.id, "member_id": call.members[2], "choice": "CHOICE_YES", "reason": "per Hand"}
    await call.act("EnterVote", **by_hand)
    await call.conclude(lost)
    await call.act("DeferItem", application_id=put_off.id, reason="Fragen sind offen")
    await call.check("ReviseDecision", granted, amount_cents=30_000, reason="Tippfehler")
    await call.act("CloseSession")
    await call.act("EnterRecusal", application_id=lost.id, member_id=call.members[2], reason="Nachbar")
    right = {"application_id": lost.id, "member_id": call.members[1], "choice": "CHOICE_ABSTAIN", "reason": "verhört"}
    await call.act("CorrectVote", **right)
    await call.conclude(lost)
    await call.act("CloseSession")
    await call.act("ApproveMinutes")


async def _called_off(funds: Mortal, call: Round) -> str:
    """A second round that is moved and called off, and a session that is; answers the round's id."""
    there: Any = funds
    second = await a_call(there, seats=0, pot=call.pot)
    await funds.call("RoundService/CancelRound", {"round_id": second.round_id, "reason": "kein Geld"}, OFFICE)
    today = berlin_day(await funds.now())
    days = {"opens_on": (today + timedelta(days=9)).isoformat(), "closes_on": (today + timedelta(days=19)).isoformat()}
    plan = {"budget_id": call.pot.budget_id, "name": "Später"}
    planned = (await funds.call("RoundService/PlanRound", plan | days, OFFICE)).round
    one = {"round_id": planned.id}
    await funds.call("RoundService/RescheduleRound", one | days, OFFICE)
    await funds.call("RoundService/CancelRound", one | {"reason": "kein Geld"}, OFFICE)
    held = call.session_id
    session = await call.plan(round_id="")
    when = {"starts_at": session.starts_at.ToJsonString(), "ends_at": session.ends_at.ToJsonString(), "place": "Aula"}
    await call.act("MoveSession", **when)
    await call.act("CancelSession", reason="Saal gesperrt")
    call.session_id = held
    return str(planned.id)


async def _awarded(funds: Any, pot: Any) -> tuple[str, tuple[date, date]]:
    call = await a_call(funds, pot=pot, seats=0)
    application = await call.apply(40_000)
    await call.check("AdmitApplication", application)
    await call.end()
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


async def _said_once(city: City, *aggregates: str) -> dict[str, list[str]]:
    """In the stream, as an outsider has it: each fact of each of them once, in its order; answers their names."""
    subscription = await city.jetstream.subscribe("kiez.*.funds.v1.>", stream="FUNDS", ordered_consumer=True)
    last = (await city.jetstream.stream_info("FUNDS")).state.last_seq
    said: dict[str, list[str]] = {aggregate: [] for aggregate in aggregates}
    while True:
        message = await subscription.next_msg(timeout=10)
        headers = message.headers or {}
        if (facts := said.get(headers["ce-subject"])) is not None:
            facts.append(headers["ce-type"].rpartition(".")[2])
            assert int(headers["ce-sequence"]) == len(facts)
        if message.metadata.sequence.stream >= last:
            break
    await subscription.unsubscribe()
    assert all(said.values())
    return said
