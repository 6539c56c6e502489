"""The claim of a refund that a wrong acceptance made, undone: in the years that claimed it, and on no day below nothing."""

from datetime import UTC, datetime

from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import a_pot
from tests.support.funds_grant import TREASURER, agreed, pay, prove
from tests.support.funds_looks import verify
from tests.support.funds_proof import accept, refund, reopen, settle
from tests.support.funds_years import a_budget, carry, close_year, two_years

NAMES = ("paid_cents", "receivable_cents", "available_cents", "lapsed_cents", "committed_cents")


async def test_a_claim_over_two_years_is_undone_in_both_of_which_one_is_closed(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, grant, 30_000)

    async def stands() -> list[list[int]]:
        return [[getattr(budget, name) for name in NAMES] for budget in [await a_budget(funds, p) for p in (old, new)]]

    before = await stands()
    await prove(funds, grant, 50_000, 10_000)
    claimed = await stands()
    assert [one[:2] for one in claimed] == [[10_000, 10_000], [0, 30_000]]
    # It was booked as received, where half of it would have lapsed, and did not come.
    await refund(funds, grant, 40_000)
    with refused("REFUND_ALREADY_RECEIVED", "FAILED_PRECONDITION"):
        await reopen(funds, grant)
    mend = {"grant_id": grant.id, "amount_cents": 40_000, "reason": "falsche Zeile"}
    await funds.call("GrantService/CorrectRefund", mend, TREASURER, sub="treasurer")
    assert await stands() == claimed
    await reopen(funds, grant)
    assert await stands() == before
    await verify(funds)

    assert (await accept(funds, grant, 45_000)).refund_due_cents == 5_000
    await refund(funds, grant, 5_000)
    await settle(funds, grant)
    # What was brought from the year that is closed lapses; the new year's own money was never touched.
    assert await stands() == [before[0], [25_000, 0, 1_000_000, 5_000, 0]]
    await verify(funds)


async def test_no_day_shows_less_than_nothing_when_a_bank_sends_back_what_was_claimed_by_mistake(
    funds: Started,
) -> None:
    pot = await a_pot(funds)
    await funds.move_clock(datetime(pot.year, 3, 1, 10, tzinfo=UTC))
    grant = await agreed(funds, pot, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 50_000)
    await funds.move_clock(datetime(pot.year, 5, 3, 10, tzinfo=UTC))
    await prove(funds, grant, 50_000, 20_000)
    await funds.move_clock(datetime(pot.year, 5, 8, 10, tzinfo=UTC))
    await reopen(funds, grant)
    back = {"payment_id": payment.id, "returned_on": f"{pot.year}-03-06", "reason": "Konto erloschen"}
    await funds.call("PaymentService/ReturnPayment", back, TREASURER, sub="treasurer")
    for day, paid, owed, committed in (
        *(("03-07", 50_000, 0, 0), ("05-03", 20_000, 30_000, 0), ("05-07", 20_000, 30_000, 0)),
        ("05-08", 0, 0, 50_000),
    ):
        asked = {"budget_id": pot.budget_id, "as_of": f"{pot.year}-{day}"}
        balance = (await funds.call("StatementService/GetBudgetBalance", asked)).balance
        assert (balance.paid_cents, balance.receivable_cents, balance.committed_cents) == (paid, owed, committed)
    await verify(funds)


async def test_what_is_sent_back_then_is_handed_on_to_the_next_year_on_no_earlier_day(funds: Started) -> None:
    year = (await funds.now()).year + 1
    await funds.move_clock(datetime(year, 3, 1, 10, tzinfo=UTC))
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    payment = await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await funds.move_clock(datetime(year, 5, 3, 10, tzinfo=UTC))
    await prove(funds, grant, 50_000, 5_000)
    await funds.move_clock(datetime(year, 5, 8, 10, tzinfo=UTC))
    await reopen(funds, grant)
    back = {"payment_id": payment.id, "returned_on": f"{year}-03-06", "reason": "Konto erloschen"}
    await funds.call("PaymentService/ReturnPayment", back, TREASURER, sub="treasurer")
    for day, paid, carried in (("03-07", 20_000, 30_000), ("05-03", 5_000, 30_000), ("05-08", 0, 50_000)):
        asked = {"budget_id": old.budget_id, "as_of": f"{year}-{day}"}
        balance = (await funds.call("StatementService/GetBudgetBalance", asked)).balance
        assert (balance.paid_cents, balance.carried_cents, balance.committed_cents) == (paid, carried, 0)
    assert (await a_budget(funds, new)).committed_cents == 50_000
    await verify(funds)


async def test_a_refund_that_comes_after_a_correction_leaves_no_day_that_owes_less_than_nothing(funds: Started) -> None:
    pot = await a_pot(funds)
    await funds.move_clock(datetime(pot.year, 3, 1, 10, tzinfo=UTC))
    grant = await agreed(funds, pot, payout=Payout.ADVANCE)
    await pay(funds, grant, 50_000)
    await funds.move_clock(datetime(pot.year, 5, 3, 10, tzinfo=UTC))
    await prove(funds, grant, 50_000, 30_000)
    await funds.move_clock(datetime(pot.year, 5, 5, 10, tzinfo=UTC))
    await refund(funds, grant, 20_000)
    await funds.move_clock(datetime(pot.year, 5, 20, 10, tzinfo=UTC))
    mend = {"grant_id": grant.id, "amount_cents": 20_000, "reason": "falsche Zeile"}
    await funds.call("GrantService/CorrectRefund", mend, TREASURER, sub="treasurer")
    come = {"grant_id": grant.id, "amount_cents": 20_000, "received_on": f"{pot.year}-05-10"}
    await funds.call("GrantService/ReceiveRefund", come, TREASURER)
    for day, owed in (("05-04", 20_000), ("05-09", 0), ("05-10", 0), ("05-20", 0)):
        asked = {"budget_id": pot.budget_id, "as_of": f"{pot.year}-{day}"}
        balance = (await funds.call("StatementService/GetBudgetBalance", asked)).balance
        assert balance.receivable_cents == owed, day
    await verify(funds)
