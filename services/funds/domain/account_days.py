"""What the accounts of a budget held at the end of each day, by value date."""

from collections import Counter, defaultdict
from datetime import date

from services.funds.domain.ledger import SOURCES, Account, Posting
from services.funds.domain.refusals.budget import ValueDateTooEarly


class AccountDays:
    """Takes all postings of a budget one by one, in any order, and keeps a sum a day."""

    def __init__(self) -> None:
        self._moved: defaultdict[Account, Counter[date]] = defaultdict(Counter)

    def add(self, posting: Posting) -> None:
        for line in posting.lines:
            self._moved[line.account][posting.value_date] += line.amount_cents

    def balances(self, day: date) -> dict[Account, int]:
        """What each held at the end of `day`."""
        return {account: self._held(account, day) for account in Account}

    def require(self, posting: Posting) -> None:
        """Refuse a movement into the past that takes what was not there, on its own day or on one since then."""
        for line in posting.lines:
            if line.amount_cents >= 0 or line.account in SOURCES:
                continue
            later = sorted(day for day in self._moved[line.account] if day > posting.value_date)
            for day in (posting.value_date, *later):
                held = self._held(line.account, day)
                if held + line.amount_cents < 0:
                    raise ValueDateTooEarly(day, held)

    def _held(self, account: Account, day: date) -> int:
        return sum(cents for moved, cents in self._moved[account].items() if moved <= day)
