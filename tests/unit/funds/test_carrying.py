"""What a year promised and did not pay goes into the next one, to the cent and once; grants over several years go on."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.refusals import Refusal
from services.funds.domain import continuing
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.carrying import carry, match, require_following
from services.funds.domain.fund_rules import DecisionBody, FundRules, Payout
from services.funds.domain.grant import OVER, Grant, GrantStatus
from services.funds.domain.grant_position import claimed_no_more, positions
from services.funds.domain.ledger import Account, PostingKind, PostingLine
from services.funds.domain.refusals.budget import NextBudgetMissing
from services.funds.domain.revision import amount_revised
from services.funds.domain.year_share import YearShare
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp, books
from tests.support.funds_decision import a_form, an_application
from tests.support.funds_grant import FEBRUARY, a_grant, an_award

NEXT = YEAR + 1
NEW_YEAR = a_stamp(value_date=a_stamp().value_date.replace(year=NEXT))
RULES = FundRules(decision_body=DecisionBody.OFFICE, payout=Payout.ADVANCE, grant_years=3, last_year=NEXT + 2)


def two_years() -> tuple[Books, Books]:
    old = books(1_000)
    old.keep(old.budget.commit(500, "g1", a_stamp()))
    new = Books(a_planned_budget(fund_id=old.budget.fund_id, year=NEXT), [])
    new.keep(new.budget.release(1_000, NEW_YEAR))
    return old, new


def carried(cents: int = 500) -> tuple[Books, Books]:
    old, new = two_years()
    out, into = carry(old.budget, new.budget, cents, "g1", a_stamp(), NEW_YEAR)
    old.keep(out)
    new.keep(into)
    return old, new


def test_what_is_carried_leaves_one_year_and_arrives_in_the_next_without_the_title() -> None:
    old, new = carried()
    assert (old.budget.committed_cents, old.budget.carried_cents) == (0, 500)
    assert (new.budget.committed_cents, new.budget.brought_cents) == (500, 500)
    assert (new.budget.released_cents, new.budget.available_cents) == (1_000, 1_000)
    closed, _ = old.budget.close(a_stamp())
    assert (closed.carried_cents, closed.lapsed_cents) == (500, 500)


def test_the_two_halves_name_each_other() -> None:
    old, new = carried()
    out, into = old.postings[-1], new.postings[-1]
    assert (out.kind, into.kind) == (PostingKind.CARRY_FORWARD, PostingKind.BRING_FORWARD)
    assert (out.counterpart_id, into.counterpart_id) == (into.id, out.id)
    assert match(out, into)
    assert match(into, out)


@pytest.mark.parametrize(
    "forged",
    [
        {"grant_id": "g2"},
        {"counterpart_number": 9},
        {"kind": PostingKind.CARRY_FORWARD},
        {"lines": (PostingLine(Account.BROUGHT, -499), PostingLine(Account.COMMITTED, 499))},
    ],
)
def test_halves_that_do_not_fit_are_no_match(forged: dict[str, Any]) -> None:
    old, new = carried()
    assert not match(old.postings[-1], replace(new.postings[-1], **forged))
    assert not match(old.postings[-1], None)


@pytest.mark.parametrize("other", [{"year": NEXT + 1}, {"region": "114010"}, {"fund_id": "another"}, {"year": YEAR}])
def test_only_the_next_years_budget_of_the_same_fund_and_region_takes_it(other: dict[str, Any]) -> None:
    old, new = two_years()
    with pytest.raises(NextBudgetMissing):
        require_following(old.budget, replace(new.budget, **other))


def test_a_budget_that_is_only_planned_takes_nothing() -> None:
    old, _ = two_years()
    for following in (None, a_planned_budget(fund_id=old.budget.fund_id, year=NEXT)):
        with pytest.raises(NextBudgetMissing):
            require_following(old.budget, following)


def test_a_grant_gives_the_new_year_no_more_than_it_took_from_it() -> None:
    _, new = carried()
    new.keep(new.budget.commit(200, "g1", NEW_YEAR))
    (here,) = positions(posting for posting in new.postings if posting.grant_id)
    assert (here.own_cents, here.committed_cents) == (200, 700)
    assert [here.lapsing_cents(cents) for cents in (100, 200, 201, 700)] == [0, 0, 1, 500]


def test_what_comes_back_is_owed_no_more_to_whoever_paid_it_then_to_the_newest() -> None:
    old, new = carried()
    for book, stamp in ((old, a_stamp()), (new, NEW_YEAR)):
        book.keep(book.budget.commit(100, "g1", stamp))
        book.keep(book.budget.pay(100, "g1", stamp))
        book.keep(book.budget.refund_claimed(60, "g1", stamp))
    stands = positions(p for book in (old, new) for p in book.postings if p.grant_id)
    for paid_by, parts in ((old, [60, 10]), (new, [60, 10])):
        assert [part for _, part in claimed_no_more(stands, paid_by.budget.id, 70)] == parts
        assert claimed_no_more(stands, paid_by.budget.id, 70)[0][0].budget_id == paid_by.budget.id


def test_from_the_carrying_on_the_grant_knows_its_new_budget() -> None:
    following = a_planned_budget(year=NEXT)
    grant = continuing.carry(a_grant(), following, 500)
    assert (grant.budget_id, grant.year) == (following.id, YEAR)


@pytest.mark.parametrize("status", OVER)
def test_a_grant_that_is_over_is_not_carried(status: GrantStatus) -> None:
    with pytest.raises(Refusal, match="GRANT_NOT_READY"):
        continuing.carry(a_grant(status), a_planned_budget(), 1)


@pytest.mark.parametrize(("grant", "cents", "reason"), [
    (a_grant(), 0, "NOTHING_TO_CARRY"),
    (a_grant(in_flight_cents=1), 5, "PAYMENT_IN_FLIGHT"),
])  # fmt: skip
def test_what_is_paid_or_on_its_way_is_not_carried(grant: Grant, cents: int, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        continuing.carry(grant, a_planned_budget(), cents)


def over_years(*shares: tuple[int, int], rules: FundRules = RULES) -> Grant:
    award = an_award(requested_cents=60_000, approved_cents=20_000)
    return continuing.on_terms(award, rules, [YearShare(*share) for share in shares], YEAR)


def test_each_year_adds_its_share_until_none_is_left() -> None:
    grant = over_years((NEXT, 15_000), (NEXT + 1, 10_000))
    assert grant.approved_cents == 20_000
    second, share = continuing.go_on(grant, a_planned_budget(year=NEXT))
    assert (share, second.approved_cents, second.later_shares) == (15_000, 35_000, (YearShare(NEXT + 1, 10_000),))
    third, share = continuing.go_on(second, a_planned_budget(year=NEXT + 1))
    assert (share, third.approved_cents, third.later_shares) == (10_000, 45_000, ())
    with pytest.raises(Refusal, match="NO_SHARE_LEFT"):
        continuing.go_on(third, a_planned_budget(year=NEXT + 2))


def test_a_share_of_the_year_into_which_a_grant_was_carried_is_not_lost() -> None:
    year = a_planned_budget(year=NEXT)
    there = continuing.carry(over_years((NEXT, 15_000), (NEXT + 1, 10_000)), year, 1)
    assert continuing.has_share_of(there, NEXT)
    # Nothing moves into another budget, so that a payment on its way is no hindrance.
    second, share = continuing.go_on(replace(there, in_flight_cents=1), year)
    assert (share, second.approved_cents, second.later_shares) == (15_000, 35_000, (YearShare(NEXT + 1, 10_000),))
    assert (second.budget_id, continuing.has_share_of(second, NEXT)) == (year.id, False)


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        (((NEXT + 1, 1),), "SHARES_NOT_IN_ORDER"),
        (((YEAR, 1),), "SHARES_NOT_IN_ORDER"),
        (((NEXT, 1), (NEXT, 1)), "SHARES_NOT_IN_ORDER"),
        (((NEXT + 1, 1), (NEXT, 1)), "SHARES_NOT_IN_ORDER"),
        (((NEXT, 1), (NEXT + 1, 1), (NEXT + 2, 1)), "TOO_MANY_YEARS"),
        (((NEXT, 40_001),), "APPROVED_ABOVE_REQUESTED"),
    ],
)
def test_shares_follow_each_other_within_the_rules_and_what_was_asked_for(
    shares: tuple[tuple[int, int], ...], reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        over_years(*shares)


def test_a_fund_that_ends_gives_no_share_after_its_last_year() -> None:
    with pytest.raises(Refusal, match="FUND_GIVES_NOT_IN_YEAR"):
        over_years((NEXT, 1), rules=replace(RULES, last_year=YEAR))


def test_a_usual_fund_gives_in_one_year_alone() -> None:
    with pytest.raises(Refusal, match="TOO_MANY_YEARS"):
        over_years((NEXT, 1), rules=replace(RULES, grant_years=0))


@pytest.mark.parametrize("status", [s for s in GrantStatus if s not in continuing.GOES_ON])
def test_a_project_that_is_over_gets_no_further_share(status: GrantStatus) -> None:
    with pytest.raises(Refusal, match="GRANT_NOT_READY"):
        continuing.go_on(a_grant(status, later_shares=(YearShare(NEXT, 5),)), a_planned_budget(year=NEXT))


def test_an_award_over_several_years_is_not_revised_to_one_amount() -> None:
    application = an_application(ApplicationStatus.APPROVED)
    with pytest.raises(Refusal, match="SHARES_STAND"):
        amount_revised(application, over_years((NEXT, 5)), 70_000, (), False, "verschrieben", "office", FEBRUARY)


def test_an_award_over_several_years_is_revised_with_each_years_share() -> None:
    application = replace(
        an_application(ApplicationStatus.APPROVED, form=a_form(requested_cents=60_000)),
        rules=RULES,
        approved_cents=20_005,
    )
    grant = over_years((NEXT, 5))

    def revised(cents: int, *shares: tuple[int, int]) -> tuple[Application, Grant]:
        named = tuple(YearShare(*share) for share in shares)
        mended = ("verschrieben", "office", FEBRUARY)
        return amount_revised(application, grant, cents, (), False, *mended, later_shares=named, year=YEAR)

    total, changed = revised(10_000, (NEXT, 15_000), (NEXT + 1, 35_000))
    assert (total.approved_cents, changed.approved_cents) == (60_000, 10_000)
    assert changed.later_shares == (YearShare(NEXT, 15_000), YearShare(NEXT + 1, 35_000))
    with pytest.raises(Refusal, match="APPROVED_ABOVE_REQUESTED"):
        revised(10_001, (NEXT, 15_000), (NEXT + 1, 35_000))
    with pytest.raises(Refusal, match="SHARES_NOT_IN_ORDER"):
        revised(1, (NEXT + 1, 1))
