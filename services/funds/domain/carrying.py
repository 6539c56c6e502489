"""Carrying a promise into the next year: out of one budget, into the one that follows, in one step (Haushaltsübertrag)."""

from services.funds.domain.budget import Booked, Budget, BudgetStatus
from services.funds.domain.ledger import Account, Posting, PostingKind, Stamp
from services.funds.domain.refusals.budget import NextBudgetMissing

Year = tuple[Booked, Booked]


def carry(budget: Budget, following: Budget | None, amount_cents: int, grant_id: str, out: Stamp, into: Stamp) -> Year:
    """What happens in `budget` and in `following`, that of the same fund and region in the next year."""
    following = require_following(budget, following)
    return hand_on(budget, following, amount_cents, grant_id, out, into)


def hand_on(budget: Budget, following: Budget, amount_cents: int, grant_id: str, out: Stamp, into: Stamp) -> Year:
    """The same without asking whether the year that follows is closed: whoever calls hands it on from there at once."""
    return (
        budget.carry_forward(amount_cents, grant_id, out, following),
        following.bring_forward(amount_cents, grant_id, into, budget),
    )


def require_following(
    budget: Budget, following: Budget | None, status: tuple[BudgetStatus, ...] = (BudgetStatus.RELEASED,)
) -> Budget:
    """The budget that follows, when it can take money."""
    where = (budget.fund_id, budget.region, budget.year + 1)
    if following is None or (following.fund_id, following.region, following.year) != where:
        raise NextBudgetMissing(budget.year + 1)
    if following.status not in status:
        raise NextBudgetMissing(budget.year + 1)
    return following


def match(posting: Posting, counterpart: Posting | None) -> bool:
    """Whether what one posting carried is what the other brought, for the same grant, each naming the other."""
    if counterpart is None:
        return False
    kinds = {posting.kind, counterpart.kind}
    out, into = (posting, counterpart) if posting.kind is PostingKind.CARRY_FORWARD else (counterpart, posting)
    return (
        kinds == {PostingKind.CARRY_FORWARD, PostingKind.BRING_FORWARD}
        and (posting.counterpart_id, counterpart.counterpart_id) == (counterpart.id, posting.id)
        and posting.grant_id == counterpart.grant_id
        and out.moves(Account.CARRIED) == -into.moves(Account.BROUGHT) > 0
    )
