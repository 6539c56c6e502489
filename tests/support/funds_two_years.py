"""Two years of a fund, and each step that its money may take in them, by chance."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from chassis.refusals import Refusal
from services.funds.domain.budget import Booked, Budget, BudgetStatus
from services.funds.domain.carrying import carry, hand_on
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.grant_position import claimed_from, not_received_by, positions, received_by, withdrawn_from
from services.funds.domain.ledger import Account, Posting, Stamp
from services.funds.domain.title import BudgetTitle, TitleYear
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp, a_title
from tests.support.funds_grant import a_grant

NEXT = YEAR + 1
years = st.sampled_from((YEAR, NEXT))
amounts = st.integers(1, 5_000)
picks = st.integers(0, 30)


class TwoYears(RuleBasedStateMachine):
    """The pots of this year and of the next, and what they promised; what is refused changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.title: BudgetTitle = a_title(years=(TitleYear(YEAR, 9_000), TitleYear(NEXT, 9_000)))
        first = a_planned_budget(title_id=self.title.id)
        of_next_year = a_planned_budget(title_id=self.title.id, fund_id=first.fund_id, year=NEXT)
        self.books = {YEAR: Books(first, []), NEXT: Books(of_next_year, [])}
        self.grants: list[Grant] = []
        self.reversed: set[str] = set()
        for year in (YEAR, NEXT):
            self.draw(year, 4_000, Budget.release)

    # Out of and back to the title.

    @rule(year=years, cents=amounts, what=st.sampled_from((Budget.release, Budget.raised, Budget.cut)))
    def draw(self, year: int, cents: int, what: Callable[..., Booked]) -> None:
        drawn = -cents if what is Budget.cut else cents

        def both() -> None:
            booked = what(self.books[year].budget, cents, self.stamp(year))
            self.title = self.title.draw(year, drawn)
            self.books[year].keep(booked)

        self.attempt(both)

    @rule(year=years, cents=amounts, what=st.sampled_from((Budget.freeze, Budget.unfreeze)))
    def lock(self, year: int, cents: int, what: Callable[..., Booked]) -> None:
        self.attempt(lambda: self.books[year].keep(what(self.books[year].budget, cents, self.stamp(year))))

    # Grants.

    @rule(year=years, cents=amounts)
    def award(self, year: int, cents: int) -> None:
        budget = self.books[year].budget
        grant = replace(a_grant(), budget_id=budget.id, year=year, requested_cents=cents, approved_cents=cents)

        def both() -> None:
            self.books[year].keep(budget.commit(cents, grant.id, self.stamp(year)))
            self.grants.append(grant)

        self.attempt(both)

    @precondition(lambda self: self.grants)
    @rule(pick=picks, cents=amounts)
    def pay(self, pick: int, cents: int) -> None:
        grant = self.grant(pick)
        amount = min(cents, grant.approved_cents - grant.paid_cents - grant.returned_cents)
        home = self.home(grant)

        def both() -> None:
            home.keep(home.budget.pay(amount, grant.id, self.stamp(home.budget.year)))
            self.put(replace(grant, paid_cents=grant.paid_cents + amount))

        self.attempt(both)

    @precondition(lambda self: self.grants)
    @rule(pick=picks, cents=amounts)
    def bounce(self, pick: int, cents: int) -> None:
        """From whatever year paid it; it is promised where the grant stands, or in the year after that, if it is closed."""
        grant = self.grant(pick)
        stands = [p for p in positions(self.postings_of(grant)) if p.paid_cents]
        if not stands or grant.refund_claimed_cents:
            return
        paid_by = stands[pick % len(stands)]
        amount = min(cents, paid_by.paid_cents)
        old, new = self.books[YEAR], self.books[NEXT]
        closed = {year: book.budget.status is BudgetStatus.CLOSED for year, book in self.books.items()}
        passes_on = paid_by.year == YEAR and (grant.budget_id == new.budget.id or closed[YEAR])
        if closed[NEXT] and (passes_on or paid_by.year == NEXT):
            return
        book = self.books[paid_by.year]
        book.keep(book.budget.payment_returned(amount, 0, grant.id, self.stamp(paid_by.year)))
        back = replace(grant, paid_cents=grant.paid_cents - amount)
        if passes_on:
            out, into = hand_on(old.budget, new.budget, amount, grant.id, self.stamp(YEAR), self.stamp(NEXT))
            old.keep(out)
            new.keep(into)
            back = replace(back, budget_id=new.budget.id)
        self.put(replace(back, status=GrantStatus.RUNNING))

    @precondition(lambda self: self.grants)
    @rule(pick=picks)
    def give_back(self, pick: int) -> None:
        grant = self.grant(pick)
        rest = grant.approved_cents - grant.paid_cents - grant.returned_cents
        if not rest:
            return
        home = self.home(grant)
        here = next(p for p in positions(self.postings_of(grant)) if p.budget_id == grant.budget_id)
        home.keep(home.budget.uncommit(rest, grant.id, self.stamp(home.budget.year), here.lapsing_cents(rest)))
        self.put(replace(grant, status=GrantStatus.SETTLED, returned_cents=grant.returned_cents + rest))

    @precondition(lambda self: self.grants)
    @rule(pick=picks, cents=amounts)
    def claim_back(self, pick: int, cents: int) -> None:
        grant = self.grant(pick)
        amount = min(cents, grant.paid_cents - grant.refund_claimed_cents)
        for position, part in claimed_from(positions(self.postings_of(grant)), amount):
            book = self.books[position.year]
            book.keep(book.budget.refund_claimed(part, grant.id, self.stamp(position.year)))
        self.put(replace(grant, refund_claimed_cents=grant.refund_claimed_cents + amount))

    @precondition(lambda self: self.grants)
    @rule(pick=picks, cents=amounts)
    def receive(self, pick: int, cents: int) -> None:
        grant = self.grant(pick)
        amount = min(cents, grant.refund_due_cents)
        for position, part in received_by(positions(self.postings_of(grant)), amount):
            book, lapsing = self.books[position.year], position.lapsing_cents(part)
            book.keep(book.budget.refund_received(part, grant.id, self.stamp(position.year), lapsing))
        self.put(replace(grant, refunded_cents=grant.refunded_cents + amount))

    @precondition(lambda self: self.grants)
    @rule(pick=picks, cents=amounts)
    def correct(self, pick: int, cents: int) -> None:
        """What did not come is owed again, where the pot still has it."""
        grant = self.grant(pick)
        amount = min(cents, grant.refunded_cents)
        kept = {year: Books(book.budget, [*book.postings]) for year, book in self.books.items()}

        def all_of_it() -> None:
            for position, part in not_received_by(positions(self.postings_of(grant)), amount):
                book, lapsed = self.books[position.year], min(part, position.refund_lapsed_cents)
                book.keep(book.budget.refund_corrected(part, grant.id, self.stamp(position.year), lapsed))
            self.put(replace(grant, refunded_cents=grant.refunded_cents - amount))

        self.books = kept if self.attempt(all_of_it) else self.books

    @precondition(lambda self: self.grants)
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        """The acceptance was wrong: all that it claimed is undone where it was claimed, while nothing of it has come."""
        grant = self.grant(pick)
        if grant.refunded_cents:
            return
        before = positions(self.postings_of(grant))
        for position, part in withdrawn_from(before, grant.refund_claimed_cents):
            book = self.books[position.year]
            book.keep(book.budget.refund_claim_withdrawn(part, grant.id, self.stamp(position.year)))
        self.put(replace(grant, refund_claimed_cents=0))
        after = positions(self.postings_of(grant))
        assert [p.paid_cents for p in after] == [p.paid_cents + p.receivable_cents for p in before]

    # The turn of the year.

    @precondition(lambda self: self.grants)
    @rule(pick=picks)
    def carry_on(self, pick: int) -> None:
        grant = self.grant(pick)
        rest = grant.approved_cents - grant.paid_cents - grant.returned_cents
        old, new = self.books[YEAR], self.books[NEXT]
        if grant.budget_id != old.budget.id:
            return

        def both() -> None:
            out, into = carry(old.budget, new.budget, rest, grant.id, self.stamp(YEAR), self.stamp(NEXT))
            old.keep(out)
            new.keep(into)
            self.put(replace(grant, budget_id=new.budget.id))

        self.attempt(both)

    @rule(year=years)
    def close(self, year: int) -> None:
        book = self.books[year]

        def end() -> None:
            closed, posting = book.budget.close(self.stamp(year))
            book.budget = closed
            book.postings += [posting] if posting else []

        self.attempt(end)

    @rule(year=years, data=st.data())
    def reverse(self, year: int, data: st.DataObject) -> None:
        book = self.books[year]
        if not book.postings:
            return
        original = data.draw(st.sampled_from(book.postings))
        if original.id in self.reversed:
            return

        def both() -> None:
            booked = book.budget.reverse(original, self.stamp(year))
            self.title = self.title.draw(year, original.moves(Account.TITLE))
            book.keep(booked)
            self.reversed.add(original.id)

        self.attempt(both)

    def attempt(self, step: Callable[[], None]) -> bool:
        """Whether it was refused."""
        try:
            step()
        except Refusal:
            return True
        return False

    def stamp(self, year: int) -> Stamp:
        day = a_stamp().value_date.replace(year=year)
        return a_stamp(value_date=day)

    def grant(self, pick: int) -> Grant:
        return self.grants[pick % len(self.grants)]

    def put(self, changed: Grant) -> None:
        self.grants = [changed if grant.id == changed.id else grant for grant in self.grants]

    def home(self, grant: Grant) -> Books:
        return next(book for book in self.books.values() if book.budget.id == grant.budget_id)

    def postings_of(self, grant: Grant) -> list[Posting]:
        return [p for book in self.books.values() for p in book.postings if p.grant_id == grant.id]
