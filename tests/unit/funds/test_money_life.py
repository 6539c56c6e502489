"""Two years of a fund, and any order of what can happen to its money: no step breaks a sum."""

from hypothesis import settings
from hypothesis.stateful import invariant

from services.funds.domain.budget import BudgetStatus
from services.funds.domain.carrying import match
from services.funds.domain.grant_position import positions
from services.funds.domain.ledger import SOURCES, balances
from services.funds.domain.ledger_check import check_grant
from tests.support.funds import YEAR, check_budget, check_title
from tests.support.funds_two_years import NEXT, TwoYears


class MoneyLife(TwoYears):
    """What holds after every step."""

    @invariant()
    def the_ledger_proves_what_is_kept(self) -> None:
        for book in self.books.values():
            assert check_budget(book.budget, book.postings) == ()
        assert check_title(self.title, [book.budget for book in self.books.values()]) == ()
        for grant in self.grants:
            assert check_grant(grant, self.postings_of(grant)) == ()

    @invariant()
    def nothing_is_negative_and_every_cent_is_somewhere(self) -> None:
        for book in self.books.values():
            held = balances(book.postings)
            assert all(cents >= 0 for account, cents in held.items() if account not in SOURCES)
            came = -sum(held[account] for account in SOURCES)
            assert came == sum(cents for account, cents in held.items() if account not in SOURCES)

    @invariant()
    def no_grant_gives_a_pot_more_than_it_took(self) -> None:
        assert all(p.own_cents >= 0 for grant in self.grants for p in positions(self.postings_of(grant)))

    @invariant()
    def what_was_carried_arrived_once(self) -> None:
        old, new = self.books[YEAR], self.books[NEXT]
        carried = [posting for posting in old.postings if posting.is_carrying]
        brought = {posting.id: posting for posting in new.postings if posting.is_carrying}
        assert all(match(posting, brought.pop(posting.counterpart_id, None)) for posting in carried)
        assert not brought
        assert old.budget.carried_cents == new.budget.brought_cents

    @invariant()
    def a_closed_year_promises_nothing(self) -> None:
        for book in self.books.values():
            if book.budget.status is BudgetStatus.CLOSED:
                assert (book.budget.committed_cents, book.budget.available_cents, book.budget.blocked_cents) == (
                    0,
                    0,
                    0,
                )


TestMoneyLife = MoneyLife.TestCase
TestMoneyLife.settings = settings(max_examples=50)
