"""The end of a year in a running service: carried, closed, owed, and over several years."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import Role, berlin_day, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started, a_quiet_city
from tests.support.client import Refused, refused
from tests.support.funds import AUDITOR, OFFICE, RULES, Pot, move
from tests.support.funds_grant import IBAN, TREASURER, agreed, an_award, award, get_grant, order, pay, prove
from tests.support.funds_round import BY_OFFICE, a_call, a_known_actor
from tests.support.funds_years import a_budget, carry, close_year, two_years

PLANNED, PROOF_ACCEPTED = 1, 7
CLOSED = 3


async def verify(funds: Started) -> Any:
    found = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    assert found.correct, found.differences
    return found


async def refund(funds: Started, grant_id: str, cents: int) -> Any:
    day = berlin_day(await funds.now()).isoformat()
    request = {"grant_id": grant_id, "amount_cents": cents, "received_on": day}
    return (await funds.call("GrantService/ReceiveRefund", request, TREASURER)).grant


async def test_a_carried_promise_is_paid_from_the_next_year_and_both_sides_are_said(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    carried = await carry(funds, grant.id)
    assert (carried.budget_id, carried.year, carried.approved_cents) == (new.budget_id, old.year, 50_000)
    await pay(funds, grant, 30_000)
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.carried_cents, before.committed_cents) == (20_000, 30_000, 0)
    assert (after.paid_cents, after.brought_cents, after.available_cents) == (30_000, 30_000, 1_000_000)
    title = (await funds.call("TitleService/GetTitle", {"title_id": new.title_id})).title
    assert [y.released_cents for y in title.years] == [1_000_000, 1_000_000]

    out = [m.body for m in await funds.published(old.budget_id) if m.fact == "ledger_posted"][-1]
    into = next(m.body for m in await funds.said(new.budget_id) if m.body.get("kind") == "bring_forward")
    assert (out["kind"], out["counterpart_budget_id"], out["counterpart_number"]) == (
        *("carry_forward", new.budget_id, into["number"]),
    )
    assert (into["counterpart_budget_id"], into["counterpart_number"]) == (old.budget_id, out["number"])
    said = next(m for m in await funds.said(grant.id) if m.fact == "grant_carried")
    assert (said.body["amount_cents"], said.body["from_budget_id"]) == (30_000, old.budget_id)
    assert said.subject.startswith("kiez.pub.")
    assert (await verify(funds)).carried >= 2


async def test_what_is_claimed_back_after_the_year_closed_is_owed_to_the_year_that_paid_it(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, grant, 30_000)
    await prove(funds, grant, 50_000, 10_000)
    assert (await a_budget(funds, new)).receivable_cents == 30_000
    closed = await a_budget(funds, old)
    assert (closed.receivable_cents, closed.paid_cents, closed.lapsed_cents) == (10_000, 10_000, 950_000)

    await refund(funds, grant.id, 15_000)
    closed, running = await a_budget(funds, old), await a_budget(funds, new)
    assert (closed.receivable_cents, closed.lapsed_cents) == (0, 960_000)
    assert (running.receivable_cents, running.lapsed_cents, running.available_cents) == (25_000, 5_000, 1_000_000)
    await refund(funds, grant.id, 25_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await verify(funds)


async def test_a_refund_that_did_not_come_is_owed_again_where_it_was_booked_also_of_a_settled_grant(
    funds: Started,
) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, grant, 30_000)
    await prove(funds, grant, 50_000, 10_000)
    before = await a_budget(funds, old), await a_budget(funds, new)
    await refund(funds, grant.id, 40_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)

    async def did_not_come(cents: int) -> Any:
        request = {"grant_id": grant.id, "amount_cents": cents, "reason": "eine Null zu viel"}
        return (await funds.call("GrantService/CorrectRefund", request, TREASURER)).grant

    corrected = await did_not_come(35_000)
    assert (corrected.status, corrected.refunded_cents) == (PROOF_ACCEPTED, 5_000)
    after = await a_budget(funds, old), await a_budget(funds, new)
    assert [budget.receivable_cents for budget in after] == [5_000, 30_000]
    assert [message.fact for message in await funds.said(grant.id)][-2:] == ["refund_corrected", "grant_reopened"]
    with refused("REFUND_OUTSTANDING", "FAILED_PRECONDITION"):
        await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    with refused("REFUND_NOT_SO_HIGH", "FAILED_PRECONDITION"):
        await did_not_come(5_001)
    await did_not_come(5_000)
    again = await a_budget(funds, old), await a_budget(funds, new)
    names = ("receivable_cents", "lapsed_cents", "available_cents", "paid_cents")
    assert [[getattr(b, n) for n in names] for b in again] == [[getattr(b, n) for n in names] for b in before]
    await verify(funds)
    await refund(funds, grant.id, 40_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await verify(funds)


async def test_what_was_carried_and_is_not_needed_lapses(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await award(funds, old)
    await carry(funds, grant.id)
    await funds.call("GrantService/CancelGrant", {"grant_id": grant.id, "reason": "fällt aus"}, OFFICE)
    budget = await a_budget(funds, new)
    assert (budget.committed_cents, budget.lapsed_cents, budget.available_cents) == (0, 50_000, 1_000_000)
    await verify(funds)


@pytest.mark.parametrize("next_year", ["missing", "planned"])
async def test_nothing_is_carried_into_a_budget_without_a_release(funds: Started, next_year: str) -> None:
    old, _ = await two_years(funds, next_year=next_year)
    grant = await award(funds, old)
    with refused("NEXT_BUDGET_MISSING", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)


async def test_a_payment_on_its_way_is_finished_before_anything_is_carried(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 50_000)
    with refused("PAYMENT_IN_FLIGHT", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)
    failed = {"payment_id": payment.id, "reason": "falsches Konto"}
    await funds.call("PaymentService/MarkPaymentFailed", failed, TREASURER)
    await pay(funds, grant, 50_000)
    with refused("NOTHING_TO_CARRY", "FAILED_PRECONDITION"):
        await carry(funds, grant.id)


async def test_who_hears_of_a_carried_grant_does_not_hear_how_its_proof_goes(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await agreed(funds, old)
    result = {"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}
    proof = {"grant_id": grant.id, "report": "Gut.", "results": [result, result], "total_costs_cents": 1}
    await funds.call("ProofService/SubmitProof", proof, OFFICE, sub="office")
    await carry(funds, grant.id)
    said = next(m for m in await funds.said(grant.id) if m.fact == "grant_carried")
    assert said.body["state"]["status"] == "running"


async def test_two_who_carry_at_once_carry_once(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await award(funds, old)
    answers = await asyncio.gather(*(carry(funds, grant.id) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert (await a_budget(funds, new)).brought_cents == 50_000
    await verify(funds)


async def test_an_office_carries_in_its_own_district_alone(funds: Started) -> None:
    old, _ = await two_years(funds)
    grant = await award(funds, old)
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        request = {"grant_id": grant.id, "reason": "x"}
        await funds.call("YearEndService/CarryGrant", request, Role("fund_office", regions=("01",)))


async def test_a_budget_with_open_promises_names_them_and_closes_when_they_are_carried(funds: Started) -> None:
    old, _ = await two_years(funds)
    grants = [await award(funds, old) for _ in range(2)]
    with pytest.raises(Refused, match="BUDGET_HAS_OPEN_COMMITMENTS") as caught:
        await funds.call("BudgetService/CloseBudget", {"budget_id": old.budget_id}, OFFICE)
    assert caught.value.details["grant_ids"].split(",") == [grant.id for grant in grants]
    open_ones = await funds.call("YearEndService/ListOpenGrants", {"budget_id": old.budget_id}, OFFICE)
    assert [grant.id for grant in open_ones.grants] == [grant.id for grant in grants]
    for grant in grants:
        await carry(funds, grant.id)
    closed = await funds.call("BudgetService/CloseBudget", {"budget_id": old.budget_id}, OFFICE)
    assert (closed.budget.carried_cents, closed.budget.lapsed_cents) == (100_000, 900_000)
    assert not [m for m in await funds.said(old.budget_id) if m.fact == "budget_threshold_reached"]
    await verify(funds)


async def test_a_whole_year_closes_some_budgets_at_a_time(funds: Started) -> None:
    old, new = await two_years(funds)
    plan = {"fund_id": old.fund_id, "title_id": old.title_id, "year": old.year, "planned_cents": 1}
    others = []
    for region in ("114010", "114011"):
        budget = (await funds.call("BudgetService/PlanBudget", plan | {"region": region}, OFFICE)).budget
        others.append(Pot(old.title_id, old.fund_id, budget.id, old.year))
    await move(funds, "Release", others[0], 5_000)
    await move(funds, "Freeze", others[0], 1_000)
    grant = await award(funds, old)
    with pytest.raises(Refused, match="YEAR_HAS_OPEN_COMMITMENTS") as caught:
        await close_year(funds, old)
    assert (caught.value.details["budget_ids"], caught.value.details["committed_cents"]) == (old.budget_id, "50000")
    assert (await a_budget(funds, others[0])).available_cents == 4_000
    await carry(funds, grant.id)

    first = await close_year(funds, old, at_most=1)
    assert ([b.id for b in first.budgets], first.remaining) == ([old.budget_id], 2)
    second = await close_year(funds, old)
    lapsed = [(others[0].budget_id, 5_000), (others[1].budget_id, 0)]
    assert ([(b.id, b.lapsed_cents) for b in second.budgets], second.remaining) == (lapsed, 0)
    assert not (await close_year(funds, old)).budgets
    # What was only planned has nothing that could lapse, and gets nothing any more; the next year goes on.
    assert (await a_budget(funds, others[1])).status == CLOSED
    with refused("BUDGET_NOT_PLANNED", "FAILED_PRECONDITION"):
        await move(funds, "Release", others[1], 5_000)
    assert (await a_budget(funds, new)).available_cents == 1_000_000
    await verify(funds)


async def test_a_year_is_closed_for_a_region_alone(funds: Started) -> None:
    here, _ = await two_years(funds, region="115013")
    elsewhere, _ = await two_years(funds, region="111001")
    closed = await close_year(funds, here, fund_id="", region="115013")
    assert here.budget_id in [budget.id for budget in closed.budgets]
    assert (await a_budget(funds, elsewhere)).available_cents == 1_000_000


async def test_whose_year_it_is_must_be_said_and_it_must_have_begun(funds: Started) -> None:
    old, new = await two_years(funds)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "fund_id"):
        await close_year(funds, old, fund_id="")
    with refused("YEAR_NOT_BEGUN", "FAILED_PRECONDITION"):
        await close_year(funds, new)
    with refused("YEAR_NOT_BEGUN", "FAILED_PRECONDITION"):
        await funds.call("BudgetService/CloseBudget", {"budget_id": new.budget_id}, OFFICE)
    with refused("FUND_NOT_FOUND", "NOT_FOUND"):
        await close_year(funds, old, fund_id=new_id())
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await close_year(funds, old, fund_id="", region="01")


async def test_a_year_does_not_close_when_what_it_carried_never_arrived(city: City) -> None:
    async with city.service("funds") as funds:
        old, new = await two_years(funds)
        grant = await award(funds, old)
        await carry(funds, grant.id)
        postings = funds.running.service.store.rows("postings")
        await postings.update_one({"_id": f"{new.budget_id}/00000002"}, {"$set": {"grant_id": new_id()}})
        with refused("CARRIED_WITHOUT_COUNTERPART", "FAILED_PRECONDITION"):
            await close_year(funds, old)
        proof = await funds.call("LedgerService/VerifyLedger", {}, AUDITOR)
    found = {(d.of_id, d.what) for d in proof.differences}
    assert {
        (old.budget_id, "counterpart of posting 3"),
        (new.budget_id, "counterpart of posting 2"),
        (new.budget_id, "grant of posting 2"),
        (grant.id, "committed"),
    } <= found


async def test_basic_funding_goes_on_year_by_year_from_each_years_money(city: City) -> None:
    async with a_quiet_city(city) as quiet, quiet.service("funds") as funds:
        old, new = await two_years(funds, cents=5_000_000, rule_set="infrastructure")
        grant = await basic_funding(funds, old, new)
        assert (await a_budget(funds, new)).available_cents == 5_000_000
        mended = {
            "application_id": (await get_grant(funds, grant)).application_id,
            "amount_cents": 900_000,
            "later_shares": [{"year": new.year, "amount_cents": 1_300_000}],
            "reason": "verschrieben",
        }
        await funds.call("ApplicationService/ReviseDecision", mended, OFFICE, sub="head")
        said = (await funds.said(grant.id))[-1]
        assert (said.fact, said.body["state"]["later_shares"]) == (
            *("grant_revised", [{"year": new.year, "amount_cents": 1_300_000}]),
        )
        mended |= {"amount_cents": 1_000_000, "later_shares": [{"year": new.year, "amount_cents": 1_200_000}]}
        revised = (await funds.call("ApplicationService/ReviseDecision", mended, OFFICE, sub="head")).application
        assert (revised.approved_cents, (await a_budget(funds, old)).committed_cents) == (2_200_000, 1_000_000)
        agreement = {"grant_id": grant.id, "agreement_number": "I-1", "payee_name": "Haus e. V.", "iban": IBAN}
        await funds.call("GrantService/AgreeGrant", agreement, OFFICE, sub="office")
        await pay(funds, grant, 900_000)

        goes_on = {"grant_id": grant.id, "reason": "zweites Jahr"}
        continued = (await funds.call("YearEndService/ContinueGrant", goes_on, OFFICE, sub="office")).grant
        assert (continued.approved_cents, continued.budget_id) == (2_200_000, new.budget_id)
        assert not continued.later_shares
        second = await a_budget(funds, new)
        assert (second.brought_cents, second.committed_cents, second.available_cents) == (100_000, 1_300_000, 3_800_000)
        with refused("NEXT_BUDGET_MISSING", "FAILED_PRECONDITION"):
            await funds.call("YearEndService/ContinueGrant", goes_on, OFFICE)
        assert [m.fact for m in await funds.said(grant.id)][-2:] == ["grant_carried", "grant_continued"]
        await close_year(funds, old)

        await pay(funds, grant, 1_250_000)
        await funds.move_clock(await funds.now() + timedelta(days=70))
        proven = await prove(funds, grant, 2_150_000, 2_150_000)
        assert proven.refund_claimed_cents == 0
        settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
        assert (settled.paid_cents, settled.returned_cents) == (2_150_000, 50_000)
        # What was carried was spent first: what is left is of the second year's own money.
        second = await a_budget(funds, new)
        assert (second.available_cents, second.lapsed_cents, second.committed_cents) == (3_850_000, 0, 0)
        await verify(funds)


async def test_a_share_that_the_next_year_cannot_pay_carries_nothing_either(city: City) -> None:
    async with a_quiet_city(city) as quiet, quiet.service("funds") as funds:
        old, new = await two_years(funds, cents=1_100_000, rule_set="infrastructure")
        grant = await basic_funding(funds, old, new)
        with refused("BUDGET_EXCEEDED", "FAILED_PRECONDITION"):
            goes_on = {"grant_id": grant.id, "reason": "zweites Jahr"}
            await funds.call("YearEndService/ContinueGrant", goes_on, OFFICE)
        assert (await get_grant(funds, grant)).budget_id == old.budget_id
        assert ((await a_budget(funds, old)).committed_cents, (await a_budget(funds, new)).postings) == (1_000_000, 1)
        # What the second year does not pay is given up with the grant; what was promised goes back to the first.
        cancelled = {"grant_id": grant.id, "reason": "kein Geld im zweiten Jahr"}
        ended = (await funds.call("GrantService/CancelGrant", cancelled, OFFICE)).grant
        assert (ended.returned_cents, list(ended.later_shares)) == (1_000_000, [])
        assert (await a_budget(funds, old)).available_cents == 1_100_000
        await verify(funds)


async def test_a_grant_that_was_carried_before_its_share_of_that_year_gets_it_all_the_same(city: City) -> None:
    async with a_quiet_city(city) as quiet, quiet.service("funds") as funds:
        old, new = await two_years(funds, cents=5_000_000, rule_set="infrastructure")
        grant = await basic_funding(funds, old, new)
        await carry(funds, grant.id)
        goes_on = {"grant_id": grant.id, "reason": "zweites Jahr"}
        continued = (await funds.call("YearEndService/ContinueGrant", goes_on, OFFICE, sub="office")).grant
        assert (continued.approved_cents, continued.budget_id) == (2_200_000, new.budget_id)
        second = await a_budget(funds, new)
        assert (second.brought_cents, second.committed_cents, second.available_cents) == (
            *(1_000_000, 2_200_000, 3_800_000),
        )
        assert [m.fact for m in await funds.said(grant.id)][-2:] == ["grant_carried", "grant_continued"]
        await verify(funds)


async def send_back(funds: Started, payment: Any) -> Any:
    request = {
        "payment_id": payment.id,
        "returned_on": berlin_day(await funds.now()).isoformat(),
        "reason": "Konto erloschen",
    }
    return (await funds.call("PaymentService/ReturnPayment", request, TREASURER, sub="treasurer")).payment


@pytest.mark.parametrize("closed", [False, True])
async def test_what_comes_back_after_the_grant_was_carried_is_promised_in_the_new_year(
    funds: Started, closed: bool
) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    if closed:
        await close_year(funds, old)
    returned = await send_back(funds, payment)
    assert returned.budget_id == old.budget_id
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.committed_cents, before.carried_cents) == (0, 0, 50_000)
    assert (after.committed_cents, after.brought_cents, after.available_cents) == (50_000, 50_000, 1_000_000)
    said = [m for m in await funds.said(grant.id) if m.fact == "grant_carried"][-1]
    assert (said.body["amount_cents"], said.body["from_budget_id"]) == (20_000, old.budget_id)
    await pay(funds, grant, 50_000)
    assert (await a_budget(funds, new)).paid_cents == 50_000
    await verify(funds)


async def test_what_comes_back_when_the_year_is_closed_and_the_grant_settled_is_paid_from_the_next_year(
    funds: Started,
) -> None:
    old, new = await two_years(funds, next_year="planned")
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 50_000)
    await prove(funds, grant, 50_000, 50_000)
    await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)
    await close_year(funds, old)
    with refused("NEXT_BUDGET_MISSING", "FAILED_PRECONDITION"):
        await send_back(funds, payment)
    await move(funds, "Release", new, 1_000)
    await send_back(funds, payment)
    again = await get_grant(funds, grant, TREASURER)
    assert (again.budget_id, again.paid_cents, again.payable_cents) == (new.budget_id, 0, 50_000)
    await pay(funds, grant, 50_000)
    settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
    assert (settled.paid_cents, settled.returned_cents) == (50_000, 0)
    closed, running = await a_budget(funds, old), await a_budget(funds, new)
    assert (closed.paid_cents, closed.committed_cents, closed.carried_cents) == (0, 0, 50_000)
    assert (running.paid_cents, running.available_cents, running.lapsed_cents) == (50_000, 1_000, 0)
    await verify(funds)


async def test_what_comes_back_from_the_old_year_is_claimed_back_no_more_in_the_new_one(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    first = await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await pay(funds, grant, 30_000)
    # The newest year claims first: 15,000 of its 30,000.
    assert (await prove(funds, grant, 35_000, 35_000)).refund_claimed_cents == 15_000
    await send_back(funds, first)
    before, after = await a_budget(funds, old), await a_budget(funds, new)
    assert (before.paid_cents, before.receivable_cents, before.carried_cents) == (0, 0, 50_000)
    assert (after.paid_cents, after.receivable_cents, after.committed_cents) == (30_000, 0, 20_000)
    again = await get_grant(funds, grant, TREASURER)
    assert (again.refund_claimed_cents, again.paid_cents, again.payable_cents) == (0, 30_000, 5_000)
    await pay(funds, grant, 5_000)
    settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
    assert (settled.paid_cents, settled.returned_cents) == (35_000, 15_000)
    after = await a_budget(funds, new)
    assert (after.paid_cents, after.committed_cents, after.lapsed_cents) == (35_000, 0, 15_000)
    await verify(funds)


async def test_what_was_asked_of_one_years_pot_is_not_given_from_the_next(funds: Started) -> None:
    old, new = await two_years(funds, rules=RULES | BY_OFFICE)
    call = await a_call(funds, seats=0, pot=old, days=0)
    application = await call.apply(80_000)
    await call.end()
    await call.check("AdmitApplication", application)
    award = {"budget_id": new.budget_id, "amount_cents": 80_000}
    with refused("BUDGET_OF_ANOTHER_YEAR", "FAILED_PRECONDITION"):
        await call.check("AwardApplication", application, **award)
    await call.check("AwardApplication", application, **award | {"budget_id": old.budget_id})


async def basic_funding(funds: Started, old: Pot, new: Pot) -> Any:
    """Decided by the office: 10,000 € this year and 12,000 € in the next."""
    call = await a_call(funds, seats=0, pot=old)
    ends_on = (call.closes_at.date() + timedelta(days=400)).isoformat()
    application = await call.apply(
        3_000_000, await a_known_actor(funds), "anna", ends_on=ends_on, goals=["eins", "zwei"]
    )
    await call.end()
    await call.check("AdmitApplication", application)
    request = {"budget_id": old.budget_id, "amount_cents": 1_000_000}
    three = [{"year": year, "amount_cents": 1} for year in (new.year, new.year + 1)]
    with refused("TOO_MANY_YEARS", "INVALID_ARGUMENT", "later_shares"):
        await call.check("AwardApplication", application, later_shares=three, **request)
    later = [{"year": new.year, "amount_cents": 1_200_000}]
    decided = await call.check("AwardApplication", application, later_shares=later, **request)
    grant = an_award(id=decided.grant_id, applicant_sub="anna", goals=("eins", "zwei"))
    found = await get_grant(funds, grant)
    assert (decided.approved_cents, found.approved_cents) == (2_200_000, 1_000_000)
    assert [(share.year, share.amount_cents) for share in found.later_shares] == [(new.year, 1_200_000)]
    return grant
