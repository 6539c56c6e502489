"""A grant beyond the end of a year: its promise carried on, the share of the next year added (Jahresscheiben)."""

from collections.abc import Sequence
from dataclasses import replace

from services.funds.domain.budget import Budget
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.grant import OVER, Grant, GrantStatus
from services.funds.domain.refusals.fund import FundGivesNotInYear
from services.funds.domain.refusals.grant import (
    ApprovedAboveRequested,
    NoShareLeft,
    NothingToCarry,
    PaymentInFlight,
    SharesNotInOrder,
    TooManyYears,
)
from services.funds.domain.year_share import YearShare

# Once the proof is in, or due, a project needs no more money than it has.
GOES_ON = (GrantStatus.AWARDED, GrantStatus.AGREED, GrantStatus.RUNNING)


def on_terms(grant: Grant, rules: FundRules, shares: Sequence[YearShare], year: int) -> Grant:
    """The award under the frozen rules: how it is proven, and what it gets in the years after `year`.

    A later share is decided and not yet committed: it is, when the budget of its year has the money.
    """
    years = [share.year for share in shares]
    if years != list(range(year + 1, year + 1 + len(years))):
        raise SharesNotInOrder(year + 1)
    if len(years) >= rules.most_years:
        raise TooManyYears(rules.most_years)
    if years and not rules.gives_in(years[-1]):
        raise FundGivesNotInYear(years[-1], rules.first_year, rules.last_year)
    total = grant.approved_cents + sum(share.amount_cents for share in shares)
    if total > grant.requested_cents:
        raise ApprovedAboveRequested(total, grant.requested_cents)
    return replace(grant, receipts_only=rules.receipts_only, later_shares=tuple(shares))


def carry(grant: Grant, following: Budget, open_cents: int) -> Grant:
    """From now on it is paid from the budget of the next year."""
    if not open_cents:
        raise NothingToCarry
    return _moved(grant, following)


def has_share_of(grant: Grant, year: int) -> bool:
    return any(share.year == year for share in grant.later_shares)


def go_on(grant: Grant, budget: Budget) -> tuple[Grant, int]:
    """The grant with its share from this budget, and that share in cents; the budget may be where it was carried before."""
    grant.require(*GOES_ON)
    share = next((s for s in grant.later_shares if s.year == budget.year), None)
    if share is None:
        raise NoShareLeft(budget.year)
    left = tuple(s for s in grant.later_shares if s.year > share.year)
    more = replace(grant, approved_cents=grant.approved_cents + share.amount_cents, later_shares=left)
    return (more if more.budget_id == budget.id else _moved(more, budget)), share.amount_cents


def _moved(grant: Grant, following: Budget) -> Grant:
    grant.require(*(status for status in GrantStatus if status not in OVER))
    if grant.in_flight_cents:
        raise PaymentInFlight(grant.in_flight_cents)
    return replace(grant, budget_id=following.id)
