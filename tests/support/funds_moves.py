"""Each way in which the money of a budget moves, by its name."""

from collections.abc import Callable

from services.funds.domain.budget import Booked, Budget
from services.funds.domain.ledger import Stamp

Move = Callable[[Budget, int, Stamp], Booked]
MOVES: dict[str, Move] = {
    "raise": Budget.raised,
    "cut": Budget.cut,
    "freeze": Budget.freeze,
    "unfreeze": Budget.unfreeze,
    "commit": lambda budget, cents, stamp: budget.commit(cents, "g1", stamp),
    "uncommit": lambda budget, cents, stamp: budget.uncommit(cents, "g1", stamp),
    "pay": lambda budget, cents, stamp: budget.pay(cents, "g1", stamp),
    "refund_claimed": lambda budget, cents, stamp: budget.refund_claimed(cents, "g1", stamp),
    "refund_received": lambda budget, cents, stamp: budget.refund_received(cents, "g1", stamp),
    "refund_corrected": lambda budget, cents, stamp: budget.refund_corrected(cents, "g1", stamp),
    "refund_claim_withdrawn": lambda budget, cents, stamp: budget.refund_claim_withdrawn(cents, "g1", stamp),
}
