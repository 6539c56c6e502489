"""What everyone may know of the money of a region in a year: asked, awarded, paid and left, pot by pot and in all."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.funds.domain.asked import Asked
from services.funds.domain.budget import Budget, BudgetStatus


@dataclass(frozen=True, slots=True)
class Figures:
    """Cents. released = awarded + left + lapsed; `paid_cents` is a part of what is awarded.

    Where `asked_is_withheld` there is more than `asked_cents` and `applications` say: too few to be told, or the call is
    still open.
    """

    released_cents: int = 0
    asked_cents: int = 0
    applications: int = 0
    asked_is_withheld: bool = False
    awarded_cents: int = 0
    paid_cents: int = 0
    left_cents: int = 0
    lapsed_cents: int = 0


@dataclass(frozen=True, slots=True)
class PotYear:
    """One pot: a fund's money for one region and year. `blocked_cents` is the part of what is left that is locked now."""

    budget_id: str
    fund_id: str
    fund_name: str
    region: str
    status: BudgetStatus
    blocked_cents: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class RegionYear:
    """`is_complete` is false when there are more pots than are told; `total` is then of those told."""

    region: str
    year: int
    total: Figures
    pots: tuple[PotYear, ...]
    is_complete: bool = True


def pot_year(budget: Budget, fund_name: str, asked: Asked, *, is_open: bool) -> PotYear:
    """A pot as everyone sees it; while a call `is_open`, what it was asked for stays sealed."""
    applications, asked_cents, withheld = asked.shown(is_open=is_open)
    figures = Figures(
        released_cents=budget.released_cents,
        asked_cents=asked_cents,
        applications=applications,
        asked_is_withheld=withheld,
        awarded_cents=budget.committed_cents + budget.paid_cents + budget.carried_cents + budget.receivable_cents,
        paid_cents=budget.paid_cents,
        left_cents=budget.available_cents + budget.blocked_cents,
        lapsed_cents=budget.lapsed_cents,
    )
    return PotYear(
        budget_id=budget.id,
        fund_id=budget.fund_id,
        fund_name=fund_name,
        region=budget.region,
        status=budget.status,
        blocked_cents=budget.blocked_cents,
        figures=figures,
    )


def in_all(pots: Iterable[PotYear]) -> Figures:
    """The sum of what is told of each pot: what is withheld of one is in no sum, so that nobody can subtract it out."""
    figures = [pot.figures for pot in pots]
    return Figures(
        released_cents=sum(one.released_cents for one in figures),
        asked_cents=sum(one.asked_cents for one in figures),
        applications=sum(one.applications for one in figures),
        asked_is_withheld=any(one.asked_is_withheld for one in figures),
        awarded_cents=sum(one.awarded_cents for one in figures),
        paid_cents=sum(one.paid_cents for one in figures),
        left_cents=sum(one.left_cents for one in figures),
        lapsed_cents=sum(one.lapsed_cents for one in figures),
    )
