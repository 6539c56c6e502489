"""A funding round (Antragsrunde): the days between which a fund takes applications, and what becomes of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.fund import Fund
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.refusals.application import RoundClosed, RoundIsCancelled, RoundNotOpen
from services.funds.domain.refusals.funding_round import (
    BudgetOfAnotherYear,
    RoundDatesWrong,
    RoundInState,
    RoundNotOver,
    RoundOver,
)


class RoundStatus(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    DECIDING = "deciding"
    DECIDED = "decided"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FundingRound:
    """Open from `opens_at`, the beginning of `opens_on`, to `closes_at`, the end of `closes_on` (24:00 in Berlin).

    `rules` are the fund's at the opening, frozen then; None before. `session_at` is when the decision is planned.
    """

    id: str
    region: str
    fund_id: str
    fund_name: str
    budget_id: str
    year: int
    name: str
    opens_on: date
    closes_on: date
    opens_at: datetime
    closes_at: datetime
    session_at: datetime | None = None
    status: RoundStatus = RoundStatus.PLANNED
    rules: FundRules | None = None
    rules_version: int = 0
    cancelled_reason: str = ""
    version: int = 0

    def opened(self, fund: Fund) -> "FundingRound":
        """Take applications; what the fund's rules say now holds for the whole round."""
        self._only(RoundStatus.PLANNED)
        return replace(self, status=RoundStatus.OPEN, rules=fund.rules, rules_version=fund.rules_version)

    def closed(self) -> "FundingRound":
        self._only(RoundStatus.OPEN)
        return replace(self, status=RoundStatus.CLOSED)

    def reopened(self, closes_on: date, at: datetime) -> "FundingRound":
        """Take applications again under the same frozen rules; only before the decisions have begun."""
        self._only(RoundStatus.CLOSED)
        return replace(self.closing_on(closes_on, at), status=RoundStatus.OPEN)

    def deciding(self) -> "FundingRound":
        self._only(RoundStatus.CLOSED)
        return replace(self, status=RoundStatus.DECIDING)

    def decided(self) -> "FundingRound":
        """From closed, too: an office decides without a session, and where nothing was admitted there is none."""
        self._only(RoundStatus.CLOSED, RoundStatus.DECIDING)
        return replace(self, status=RoundStatus.DECIDED)

    def published(self) -> "FundingRound":
        self._only(RoundStatus.DECIDED)
        return replace(self, status=RoundStatus.PUBLISHED)

    def cancelled(self, reason: str) -> "FundingRound":
        self._only(RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED)
        return replace(self, status=RoundStatus.CANCELLED, cancelled_reason=reason)

    def rescheduled(self, opens_on: date, closes_on: date, session_at: datetime | None, at: datetime) -> "FundingRound":
        """Move the days that lie ahead: all of a planned round, the deadline of an open one, the session of a closed."""
        self._only(RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED)
        if self.status is not RoundStatus.PLANNED and opens_on != self.opens_on:
            raise RoundOver("opens_on")
        if self.status is RoundStatus.CLOSED and closes_on != self.closes_on:
            raise RoundOver("closes_on")
        moved = replace(self, session_at=session_at)
        if self.status is RoundStatus.CLOSED:
            return moved
        return moved.opening_on(opens_on).closing_on(closes_on, at)

    @property
    def is_decided(self) -> bool:
        return self.status in (RoundStatus.DECIDED, RoundStatus.PUBLISHED)

    def takes_applications_at(self, at: datetime) -> bool:
        """By the calendar, not by whether the timers have fired: what comes at `closes_at` is late."""
        return self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and self.opens_at <= at < self.closes_at

    def is_over_at(self, at: datetime) -> bool:
        """Whether its last day is over and it is not closed yet."""
        return self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at >= self.closes_at

    def require_over(self, at: datetime) -> None:
        """Nothing is decided while somebody may still apply; by the calendar, as everything here."""
        if self.status in (RoundStatus.PLANNED, RoundStatus.OPEN) and at < self.closes_at:
            raise RoundNotOver(RoundStatus.OPEN if at >= self.opens_at else RoundStatus.PLANNED, self.closes_on)

    def require_pot_of(self, year: int, at: datetime, *, put_off: bool) -> None:
        """What was asked of a year's pot gets its money; of a later one when it was put off, or when that year is over."""
        later = put_off or berlin_day(at).year > self.year
        if year < self.year or (year > self.year and not later):
            raise BudgetOfAnotherYear(self.year, year)

    def opening_on(self, opens_on: date) -> "FundingRound":
        return replace(self, opens_on=opens_on, opens_at=end_of_day(opens_on - timedelta(days=1)))

    def closing_on(self, closes_on: date, at: datetime) -> "FundingRound":
        if closes_on < self.opens_on:
            raise RoundDatesWrong("closes_on", "must not lie before opens_on")
        closes_at = end_of_day(closes_on)
        if closes_at <= at:
            raise RoundDatesWrong("closes_on", "has passed already")
        return replace(self, closes_on=closes_on, closes_at=closes_at)

    def _only(self, *allowed: RoundStatus) -> None:
        if self.status not in allowed:
            raise RoundInState(self.status, allowed)


def plan_round(
    fund: Fund,
    *,
    id: str,
    budget_id: str,
    region: str,
    year: int,
    name: str,
    opens_on: date,
    closes_on: date,
    session_at: datetime | None,
    at: datetime,
) -> FundingRound:
    """A round of a fund for the money of one budget."""
    planned = FundingRound(
        id=id,
        region=region,
        fund_id=fund.id,
        fund_name=fund.name,
        budget_id=budget_id,
        year=year,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        opens_at=end_of_day(opens_on - timedelta(days=1)),
        closes_at=end_of_day(closes_on),
        session_at=session_at,
    )
    return planned.closing_on(closes_on, at)


def receiving_round(wanted: FundingRound, later: FundingRound | None, at: datetime) -> tuple[FundingRound, bool]:
    """The round that an application of `at` belongs to, and whether it is late: `later` is where late ones may go.

    By the calendar alone: what comes at `closes_at` is late though no timer has closed the round yet.
    """
    if wanted.status is RoundStatus.CANCELLED:
        raise RoundIsCancelled
    if at < wanted.opens_at:
        raise RoundNotOpen(wanted.opens_on)
    if wanted.takes_applications_at(at):
        return wanted, False
    if later is None or later.is_over_at(at):
        raise RoundClosed(wanted.closes_on)
    return later, True
