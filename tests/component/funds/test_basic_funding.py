"""Grants over several years in a running service: each year's share from that year's money."""

from datetime import timedelta
from typing import Any

from tests.support.city import City, Started, a_quiet_city
from tests.support.client import refused
from tests.support.funds import OFFICE, Pot
from tests.support.funds_grant import IBAN, an_award, get_grant, pay, prove
from tests.support.funds_looks import verify
from tests.support.funds_round import a_call, a_known_actor
from tests.support.funds_years import a_budget, carry, close_year, two_years


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
