"""What stands on every account of a budget, from nothing but its postings (Saldo)."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.funds.domain.ledger import Account


@dataclass(frozen=True, slots=True)
class Balance:
    """Cents on each account, of so many postings. Released and brought are what came in, all others where it stands."""

    postings: int
    released_cents: int
    brought_cents: int
    available_cents: int
    blocked_cents: int
    committed_cents: int
    paid_cents: int
    carried_cents: int
    receivable_cents: int
    lapsed_cents: int

    @classmethod
    def of(cls, held: Mapping[Account, int], postings: int) -> "Balance":
        return cls(
            postings=postings,
            released_cents=-held[Account.TITLE],
            brought_cents=-held[Account.BROUGHT],
            available_cents=held[Account.AVAILABLE],
            blocked_cents=held[Account.BLOCKED],
            committed_cents=held[Account.COMMITTED],
            paid_cents=held[Account.PAID],
            carried_cents=held[Account.CARRIED],
            receivable_cents=held[Account.RECEIVABLE],
            lapsed_cents=held[Account.LAPSED],
        )
