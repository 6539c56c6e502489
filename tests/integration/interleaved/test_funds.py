"""The invariants of money, each with two commands interleaved at every step, on two replicas."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from chassis.ports import Role, berlin_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from tests.support.city import City, Started
from tests.support.client import Refused
from tests.support.funds import AUDITOR, OFFICE, RULES, Pot, a_pot, move
from tests.support.funds_grant import (
    IBAN,
    TREASURER,
    a_receipt_line,
    agreed,
    get_budget,
    get_grant,
    order,
    pay,
    submit_claim,
)
from tests.support.funds_round import BY_OFFICE, JURY, Round, a_call, a_rolling_call
from tests.support.funds_years import a_budget, carry, two_years
from tests.support.interleaving import Command, Replicas, at_every_step, replicas

pytestmark = pytest.mark.timeout(300)


@pytest_asyncio.fixture(scope="module")
async def both(city: City) -> AsyncIterator[Replicas]:
    async with replicas(city, "funds") as running:
        yield running
        proof = await running.one.call("LedgerService/VerifyLedger", {}, AUDITOR, Role("fund_office"))
        assert not proof.differences


async def _admitted(call: Round, cents: int) -> Any:
    application = await call.apply(cents)
    await call.check("AdmitApplication", application)
    return application


def _calling(funds: Started, rpc: str, *roles: Role, sub: str = "office", **fields: Any) -> Command:
    return lambda: funds.call(rpc, fields, *(roles or (OFFICE,)), sub=sub)


async def test_two_awards_never_exceed_the_pot(both: Replicas) -> None:
    call = await a_rolling_call(both.one, released_cents=50_000)
    steps = 0

    async def prepare() -> tuple[Command, Command]:
        if steps:
            await move(both.one, "Raise", call.pot, 40_000)
        award: dict[str, Any] = {"budget_id": call.pot.budget_id, "amount_cents": 40_000}
        one, two = [await _admitted(call, 40_000) for _ in range(2)]
        return (
            _calling(both.one, "ApplicationService/AwardApplication", application_id=one.id, **award),
            _calling(both.two, "ApplicationService/AwardApplication", application_id=two.id, **award),
        )

    async for outcome in at_every_step(prepare):
        steps += 1
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id}, OFFICE)).budget
        assert outcome.reasons == ["BUDGET_EXCEEDED"]
        assert (budget.available_cents, budget.committed_cents) == (10_000, 40_000 * steps)


async def test_an_award_and_a_cut_never_take_the_same_money(both: Replicas) -> None:
    call = await a_rolling_call(both.one, released_cents=50_000)
    steps = 0

    async def prepare() -> tuple[Command, Command]:
        if steps:
            await move(both.one, "Raise", call.pot, 40_000)
        application = await _admitted(call, 40_000)
        pot = call.pot.budget_id
        award: dict[str, Any] = {"application_id": application.id, "budget_id": pot, "amount_cents": 40_000}
        cut: dict[str, Any] = {"budget_id": pot, "amount_cents": 40_000, "reason": "Haushaltssperre"}
        return (
            _calling(both.one, "ApplicationService/AwardApplication", **award),
            _calling(both.two, "BudgetService/CutBudget", **cut),
        )

    async for outcome in at_every_step(prepare):
        steps += 1
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": call.pot.budget_id}, OFFICE)).budget
        assert outcome.done == 1
        assert budget.available_cents == 10_000


async def test_a_year_that_closes_leaves_no_commitment_open(both: Replicas) -> None:
    pots: list[Pot] = []

    async def prepare() -> tuple[Command, Command]:
        old, _ = await two_years(both.one, cents=50_000, rules=RULES | BY_OFFICE | {"rolling": True})
        call = Round(both.one, old, "", await both.one.now())
        pots.append(old)
        application = await _admitted(call, 40_000)
        award: dict[str, Any] = {
            "application_id": application.id,
            "budget_id": pots[-1].budget_id,
            "amount_cents": 40_000,
        }
        return (
            _calling(both.one, "BudgetService/CloseBudget", budget_id=pots[-1].budget_id),
            _calling(both.two, "ApplicationService/AwardApplication", **award),
        )

    async for outcome in at_every_step(prepare):
        budget = (await both.one.call("BudgetService/GetBudget", {"budget_id": pots[-1].budget_id}, OFFICE)).budget
        assert outcome.done == 1
        assert (budget.committed_cents == 0) == (budget.lapsed_cents == 50_000)


async def test_a_year_is_never_planned_twice_for_one_title(both: Replicas) -> None:
    numbers = (f"{68_000 + number}" for number in range(1_000))

    async def prepare() -> tuple[Command, Command]:
        title = {"region": "11", "chapter": "3999", "number": next(numbers), "name": "Zuschüsse"}
        double = [{"year": 2040, "total_cents": 1_000}, {"year": 2041, "total_cents": 1_000}]
        return (
            _calling(both.one, "TitleService/PlanTitle", **title, years=double),
            _calling(both.two, "TitleService/PlanTitle", **title, years=double[1:]),
        )

    async for outcome in at_every_step(prepare):
        assert (outcome.done, outcome.reasons) == (1, ["TITLE_EXISTS"])


async def test_what_is_released_never_exceeds_the_title(both: Replicas) -> None:
    titles: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        pot = await a_pot(both.one, released_cents=0, total_cents=1_000_000)
        titles.append(pot.title_id)
        plan = {"fund_id": pot.fund_id, "title_id": pot.title_id, "region": "114010", "year": pot.year}
        other = await both.one.call("BudgetService/PlanBudget", plan | {"planned_cents": 1_000_000}, OFFICE)
        release: dict[str, Any] = {"amount_cents": 600_000, "reason": "as resolved"}
        return (
            _calling(both.one, "BudgetService/ReleaseBudget", budget_id=pot.budget_id, **release),
            _calling(both.two, "BudgetService/ReleaseBudget", budget_id=other.budget.id, **release),
        )

    async for outcome in at_every_step(prepare):
        title = (await both.one.call("TitleService/GetTitle", {"title_id": titles[-1]}, OFFICE)).title
        assert outcome.done == 1, outcome
        assert [year.released_cents for year in title.years] == [600_000]


async def test_orders_never_exceed_the_award(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        grant = grants[-1]
        return lambda: order(both.one, grant, 30_000), lambda: order(both.two, grant, 30_000)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["PAYMENT_EXCEEDED"]
        assert (await get_grant(both.one, grants[-1], TREASURER)).in_flight_cents == 30_000


async def test_a_payment_moves_its_money_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        payment = await order(both.one, grants[-1], 30_000)
        release = {"payment_id": payment.id}
        await both.one.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")
        done = release | {"paid_on": berlin_day(await both.one.now()).isoformat()}
        return (
            _calling(both.one, "PaymentService/MarkPaymentPaid", TREASURER, sub="treasurer", **done),
            _calling(both.two, "PaymentService/MarkPaymentPaid", TREASURER, sub="another", **done),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 1
        assert (await get_grant(both.one, grants[-1])).paid_cents == 30_000
    assert (await get_budget(both.one, grants[-1])).paid_cents == 30_000 * len(grants)


async def test_a_grant_that_is_cancelled_has_no_payment_on_its_way(both: Replicas) -> None:
    pot = await a_pot(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        grant = grants[-1]
        return (
            lambda: order(both.one, grant, 30_000),
            _calling(both.two, "GrantService/CancelGrant", grant_id=grant.id, reason="findet nicht statt"),
        )

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.done == 1
        assert (seen.in_flight_cents == 0) == (outcome.reasons != ["PAYMENT_IN_FLIGHT"])


async def test_what_is_carried_takes_no_payment_of_the_year_before(both: Replicas) -> None:
    old, new = await two_years(both.one)
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, old, payout=Payout.ADVANCE, approved_cents=1_000))
        return lambda: carry(both.one, grants[-1].id), lambda: order(both.two, grants[-1], 1_000)

    async for outcome in at_every_step(prepare):
        grant = await get_grant(both.one, grants[-1], TREASURER)
        carried = not isinstance(outcome.first, Refused)
        assert grant.budget_id == (new.budget_id if carried else old.budget_id)
        assert grant.in_flight_cents == 1_000
        if carried:
            assert outcome.second.budget_id == new.budget_id
    assert (await a_budget(both.one, new)).brought_cents == (await a_budget(both.one, old)).carried_cents


@pytest.mark.parametrize("other", ["close", "carry"])
async def test_what_a_bank_sends_back_at_the_turn_of_the_year_is_promised_once(both: Replicas, other: str) -> None:
    made: list[tuple[Pot, Pot, Grant]] = []

    async def prepare() -> tuple[Command, Command]:
        old, new = await two_years(both.one)
        grant = await agreed(both.one, old, payout=Payout.ADVANCE)
        payment = await pay(both.one, grant, 50_000 if other == "close" else 30_000)
        made.append((old, new, grant))
        back = {"payment_id": payment.id, "returned_on": berlin_day(await both.one.now()).isoformat()}
        turn = {
            "close": _calling(both.two, "BudgetService/CloseBudget", budget_id=old.budget_id),
            "carry": _calling(both.two, "YearEndService/CarryGrant", grant_id=grant.id, reason="Jahresende"),
        }
        return _calling(both.one, "PaymentService/ReturnPayment", TREASURER, sub="t", reason="x", **back), turn[other]

    async for outcome in at_every_step(prepare):
        old, new, grant = made[-1]
        before, after = await a_budget(both.one, old), await a_budget(both.one, new)
        home = (await get_grant(both.one, grant)).budget_id
        assert outcome.done == (1 if other == "close" and not before.carried_cents else 2), outcome.reasons
        assert (before.paid_cents, before.committed_cents + after.committed_cents) == (0, 50_000)
        assert (before.committed_cents, after.brought_cents) == ((50_000, 0) if home == old.budget_id else (0, 50_000))


async def test_a_receipt_counts_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    today = berlin_day(await both.one.now())
    one, two = await agreed(both.one, pot), await agreed(both.one, pot)

    async def prepare() -> tuple[Command, Command]:
        receipt = a_receipt_line(today, 100)
        return lambda: submit_claim(both.one, one, receipt), lambda: submit_claim(both.two, two, receipt)

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["RECEIPT_ALREADY_USED"]


async def test_what_is_accepted_twice_counts_once(both: Replicas) -> None:
    pot = await a_pot(both.one)
    today = berlin_day(await both.one.now())
    grants: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot))
        claim = await submit_claim(both.one, grants[-1], a_receipt_line(today, 20_000))
        return (
            _calling(both.one, "ClaimService/AcceptClaim", claim_id=claim.id),
            _calling(both.two, "ClaimService/RefuseClaim", claim_id=claim.id, reason="falsches Projekt"),
        )

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.done == 1
        assert (seen.payable_cents == 20_000) is isinstance(outcome.second, Refused)


async def test_a_cancelled_round_takes_no_application(both: Replicas) -> None:
    applied: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        call = await a_call(both.one, seats=0, days=60)
        draft = await call.draft()
        applied[:] = [draft]
        contact = {"contact_name": "Anna Beispiel", "contact_email": f"{draft.id[-12:]}@example.org"}
        return (
            _calling(both.one, "ApplicationService/SubmitApplication", Role("applicant"), sub="anna",
                     application_id=draft.id, **contact),
            _calling(both.two, "RoundService/CancelRound", round_id=call.round_id, reason="kein Geld"),
        )  # fmt: skip

    async for outcome in at_every_step(prepare):
        told = [message.fact for message in await both.one.said(applied[0].id)]
        if isinstance(outcome.first, Refused):
            assert told == []
        else:
            # It was in first: whoever cancels had to wait for it, and saw it.
            assert outcome.met
            assert told == ["application_submitted"]


async def test_no_award_rests_on_a_recused_vote_or_on_no_quorum(both: Replicas) -> None:
    call = await a_call(both.one, seats=2, quorum_percent=60)
    applications = [await call.apply(1_000) for _ in range(24)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])
    await call.act("InviteJury")
    assert call.session_at is not None
    await both.reach(call.session_at + timedelta(minutes=1))
    await call.act("OpenSession", present_member_ids=call.members)
    item: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        item[:] = [applications.pop()]
        await call.vote(item[0], "yes", "yes")
        this = {"session_id": call.session_id, "application_id": item[0].id}
        recusal = {**this, "reason": "Vorstand des Antragstellers"}
        return (
            _calling(both.one, "SessionService/ConcludeItem", **this),
            _calling(both.two, "SessionService/DeclareRecusal", JURY, sub=call.subs[0], **recusal),
        )

    async for outcome in at_every_step(prepare):
        seen = (await both.one.call("SessionService/GetSession", {"session_id": call.session_id}, OFFICE)).session
        (decided,) = [one for one in seen.agenda if one.application_id == item[0].id]
        if decided.grant_id:
            # Whoever is recused after the decision is told so; the decision rests on two votes.
            assert outcome.done == 1, outcome
        else:
            assert not isinstance(outcome.second, Exception), outcome


async def test_an_application_is_on_one_agenda_alone(both: Replicas) -> None:
    call = await a_call(both.one, seats=1)
    applications = [await call.apply(1_000) for _ in range(16)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    sessions = [(await call.plan()).id for _ in range(2)]
    on: list[str] = []

    async def prepare() -> tuple[Command, Command]:
        on[:] = [applications.pop().id]
        rpc = "SessionService/ScheduleApplications"
        return (
            _calling(both.one, rpc, session_id=sessions[0], application_ids=on),
            _calling(both.two, rpc, session_id=sessions[1], application_ids=on),
        )

    async for outcome in at_every_step(prepare):
        seen = [
            (await both.one.call("SessionService/GetSession", {"session_id": id}, OFFICE)).session for id in sessions
        ]
        assert outcome.done == 1
        assert sum(item.application_id == on[0] for session in seen for item in session.agenda) == 1


async def test_what_is_put_off_while_the_next_session_is_planned_stands_on_its_agenda(both: Replicas) -> None:
    call = await a_call(both.one, seats=1)
    applications = [await call.apply(1_000) for _ in range(24)]
    await call.end()
    for application in applications:
        await call.check("AdmitApplication", application)
    await call.plan()
    await call.act("ScheduleApplications", application_ids=[application.id for application in applications])
    await call.act("InviteJury")
    assert call.session_at is not None
    await both.reach(call.session_at + timedelta(minutes=1))
    await call.act("OpenSession", present_member_ids=call.members)
    begins = await both.one.now() + timedelta(days=3)
    plan = {"jury_id": call.jury_id, "budget_id": call.pot.budget_id, "title": "Jurysitzung", "place": "Rathaus"}
    plan |= {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat()}
    put_off: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        put_off.append(applications.pop())
        this = {"session_id": call.session_id, "application_id": put_off[-1].id, "reason": "Fragen sind offen"}
        return (
            _calling(both.one, "SessionService/DeferItem", **this),
            _calling(both.two, "SessionService/PlanSession", **plan),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.done == 2, outcome
        planned = outcome.second.session.id
        assert (await call.read(put_off[-1])).session_id == planned
        await both.one.call("SessionService/InviteJury", {"session_id": planned}, OFFICE)


async def _released(both: Replicas, pot: Pot) -> Any:
    payment = await order(both.one, await agreed(both.one, pot, payout=Payout.ADVANCE), 30_000)
    release = {"payment_id": payment.id}
    return (await both.one.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")).payment


async def test_a_payment_goes_to_the_bank_in_one_file(both: Replicas) -> None:
    pot = await a_pot(both.one)
    export = {"region": "11", "fund_id": pot.fund_id, "payer_name": "Bezirksamt", "payer_iban": IBAN}
    payments: list[Any] = []

    async def prepare() -> tuple[Command, Command]:
        payments.append(await _released(both, pot))
        return (
            _calling(both.one, "PaymentFileService/ExportPayments", TREASURER, sub="treasurer", **export),
            _calling(both.two, "PaymentFileService/ExportPayments", TREASURER, sub="another", **export),
        )

    async for outcome in at_every_step(prepare):
        assert outcome.reasons == ["NOTHING_TO_EXPORT"]
        seen = (await both.one.call("PaymentService/GetPayment", {"payment_id": payments[-1].id}, OFFICE)).payment
        (made,) = (told for told in (outcome.first, outcome.second) if not isinstance(told, Refused))
        assert (seen.file_id, made.payment_file.payments) == (made.payment_file.id, 1)
