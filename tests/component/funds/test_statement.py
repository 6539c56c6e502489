"""What stands where on a day, as it was known at an instant; and a ledger that strangers recompute from messages."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.ports import Role, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, a_pot, move
from tests.support.funds_grant import agreed, award, pay, prove
from tests.support.funds_years import a_budget, carry, close_year, two_years

SUMS = ("available", "blocked", "committed", "paid", "carried", "receivable", "lapsed")
FIELDS = tuple(f"{account}_cents" for account in ("released", "brought", *SUMS))


async def balance(funds: Started, budget_id: str, **when: Any) -> Any:
    return (await funds.call("StatementService/GetBudgetBalance", {"budget_id": budget_id, **when})).balance


async def test_the_balance_of_now_is_what_is_kept_beside_the_ledger(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await move(funds, "Freeze", new, 7)
    for pot in (old, new):
        kept, computed = await a_budget(funds, pot), await balance(funds, pot.budget_id)
        assert [getattr(kept, name) for name in FIELDS] == [getattr(computed, name) for name in FIELDS]
        assert computed.postings == kept.postings
        assert computed.released_cents + computed.brought_cents == sum(
            getattr(computed, f"{account}_cents") for account in SUMS
        )


async def test_a_balance_counts_value_dates_up_to_a_day_and_bookings_up_to_an_instant(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=10_000)
    begun = await funds.now()
    await funds.move_clock(datetime(pot.year, 6, 30, 10, tzinfo=UTC))
    await move(funds, "Freeze", pot, 3_000, value_date=f"{pot.year}-06-30")
    known = {"known_at": (begun + timedelta(minutes=1)).isoformat()}
    assert (await balance(funds, pot.budget_id, as_of=f"{pot.year}-06-29")).blocked_cents == 0
    assert (await balance(funds, pot.budget_id, as_of=f"{pot.year}-06-30")).blocked_cents == 3_000
    assert (await balance(funds, pot.budget_id, as_of=f"{pot.year}-12-31", **known)).blocked_cents == 0
    nothing = await balance(funds, pot.budget_id, known_at=(begun - timedelta(days=1)).isoformat())
    assert (nothing.postings, nothing.released_cents) == (0, 0)
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "known_at"):
        await balance(funds, pot.budget_id, known_at="1970-01-01T00:00:00Z")
    with refused("BUDGET_NOT_FOUND", "NOT_FOUND"):
        await balance(funds, new_id())


async def test_the_balance_of_a_title_is_that_of_its_budgets_year_by_year(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await award(funds, old)
    await carry(funds, grant.id)
    request = {"title_id": old.title_id}
    years = (await funds.call("StatementService/GetTitleBalance", request)).years
    assert [(y.year, y.total_cents, y.budgets) for y in years] == [(old.year, 10_000_000, 1), (new.year, 10_000_000, 1)]
    assert [(y.balance.released_cents, y.balance.available_cents) for y in years] == [
        *((1_000_000, 950_000), (1_000_000, 1_000_000)),
    ]
    assert (years[0].balance.carried_cents, years[1].balance.brought_cents) == (50_000, 50_000)
    early = request | {"as_of": f"{old.year - 1}-12-31"}
    assert (await funds.call("StatementService/GetTitleBalance", early)).years[0].balance.postings == 0


async def test_a_title_tells_what_each_budget_drew_page_by_page(funds: Started) -> None:
    old, new = await two_years(funds)
    request = {"title_id": old.title_id, "page_size": 1}
    first = await funds.call("StatementService/GetTitleStatement", request)
    assert [(y.year, y.released_cents) for y in first.title.years] == [(old.year, 1_000_000), (new.year, 1_000_000)]
    assert [(b.id, b.released_cents) for b in first.budgets] == [(old.budget_id, 1_000_000)]
    rest = await funds.call("StatementService/GetTitleStatement", request | {"page_token": first.next_page_token})
    assert ([b.id for b in rest.budgets], rest.next_page_token) == ([new.budget_id], "")
    of_year = await funds.call("StatementService/GetTitleStatement", request | {"year": new.year})
    assert [b.id for b in of_year.budgets] == [new.budget_id]


async def test_a_budgets_statement_runs_on_from_page_to_page_and_hides_who_booked(funds: Started) -> None:
    pot = await a_pot(funds, released_cents=100)
    for _ in range(5):
        await move(funds, "Freeze", pot, 10)
    lines: list[Any] = []
    token = ""
    while True:
        request = {"budget_id": pot.budget_id, "page_size": 2, "page_token": token}
        page = await funds.call("StatementService/GetBudgetStatement", request)
        lines += page.lines
        if not (token := page.next_page_token):
            break
    assert [(x.posting.number, x.balance.available_cents, x.balance.blocked_cents) for x in lines] == [
        (n + 1, 100 - 10 * n, 10 * n) for n in range(6)
    ]
    assert {(x.posting.by, x.posting.reason) for x in lines} == {("", "")}
    inside = await funds.call("StatementService/GetBudgetStatement", {"budget_id": pot.budget_id}, AUDITOR)
    assert all(x.posting.by and x.posting.reason for x in inside.lines)


async def test_a_grants_statement_is_for_its_parties(funds: Started) -> None:
    old, new = await two_years(funds)
    grant = await agreed(funds, old, payout=Payout.ADVANCE)
    await pay(funds, grant, 20_000)
    await carry(funds, grant.id)
    await pay(funds, grant, 30_000)
    await prove(funds, grant, 10_000, 10_000)
    request = {"grant_id": grant.id}
    mine = await funds.call("StatementService/GetGrantStatement", request, Role("applicant"), sub=grant.applicant_sub)
    assert (mine.sums.promised_cents, mine.sums.paid_cents, mine.sums.refund_claimed_cents) == (50_000, 50_000, 40_000)
    assert [(p.budget_id, p.year, p.paid_cents, p.receivable_cents) for p in mine.positions] == [
        (old.budget_id, old.year, 10_000, 10_000),
        (new.budget_id, new.year, 0, 30_000),
    ]
    assert len(mine.postings) == 7
    assert {(p.by, p.reason) for p in mine.postings} == {("", "")}
    office = await funds.call("StatementService/GetGrantStatement", request | {"page_size": 3}, OFFICE)
    assert len(office.postings) == 3
    assert office.next_page_token
    for outsider in (Role("applicant"), Role("treasurer", regions=("12",))):
        with refused("NOT_YOUR_GRANT", "PERMISSION_DENIED"):
            await funds.call("StatementService/GetGrantStatement", request, outsider)


async def test_an_outsider_recomputes_every_balance_from_the_messages_alone(funds: Started) -> None:
    old, new = await two_years(funds)
    first, second = [await agreed(funds, old, payout=Payout.ADVANCE) for _ in range(2)]
    await move(funds, "Freeze", old, 3_000)
    await move(funds, "Cut", old, 1_000)
    undo = {"budget_id": old.budget_id, "number": 5, "reason": "mistyped"}
    await funds.call("LedgerService/ReversePosting", undo, OFFICE)
    await pay(funds, first, 20_000)
    for grant in (first, second):
        await carry(funds, grant.id)
    await close_year(funds, old)
    await pay(funds, first, 30_000)
    await prove(funds, first, 50_000, 1_000)
    await funds.call("GrantService/CancelGrant", {"grant_id": second.id, "reason": "fällt aus"}, OFFICE)

    for pot in (old, new):
        stranger = _Stranger()
        for message in await funds.published(pot.budget_id):
            stranger.hears(message.fact, message.body)
        answered = await balance(funds, pot.budget_id)
        assert stranger.numbers == list(range(1, answered.postings + 1))
        assert stranger.held["title"] == -answered.released_cents
        assert stranger.held["brought"] == -answered.brought_cents
        assert {account: stranger.held[account] for account in SUMS} == {
            account: getattr(answered, f"{account}_cents") for account in SUMS
        }
        assert stranger.said_by_the_budget == {account: stranger.held[account] for account in SUMS}


class _Stranger:
    """Another city system: it knows the message's words and nothing of this code."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.held: Counter[str] = Counter()
        self.said_by_the_budget: dict[str, int] = defaultdict(int)

    def hears(self, fact: str, body: dict[str, Any]) -> None:
        if fact != "ledger_posted":
            return
        self.numbers.append(body["number"])
        assert sum(line["amount_cents"] for line in body["lines"]) == 0
        for line in body["lines"]:
            self.held[line["account"]] += line["amount_cents"]
        self.said_by_the_budget = {account: body["state"][f"{account}_cents"] for account in SUMS}
