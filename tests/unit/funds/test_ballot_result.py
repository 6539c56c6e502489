"""Results, worked out a second time by other code: totals by hand, and what is chosen by taking the best that fits, again and again."""

import hashlib
from fractions import Fraction
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.ballot_result import (
    BallotOutcome,
    BallotResult,
    ProposalVotes,
    add_papers,
    work_out,
)
from services.funds.domain.ballot_rules import BallotKind, BallotRules, TieRule
from services.funds.domain.ballot_terms import BallotChoice, BallotTerms
from tests.support.funds_ballot import SEED, choose, knapsack_rules, options, some_terms, votes_rules

Papers = list[tuple[BallotChoice, ...]]
COSTS = st.lists(st.integers(0, 12), min_size=2, max_size=7)


@st.composite
def ballots(draw: st.DrawFn) -> tuple[BallotTerms, Papers]:
    """Terms and papers that they allow, with few costs and few votes: ties are everywhere."""
    costs = draw(COSTS)
    tie_rule = draw(st.sampled_from(TieRule))
    winners = draw(st.integers(0, 4))
    if draw(st.booleans()):
        budget = draw(st.integers(1, 25))
        rules = knapsack_rules(budget, tie_rule=tie_rule, winners=winners)
    else:
        rules = votes_rules(tie_rule=tie_rule, winners=winners, budget_cents=draw(st.integers(0 if winners else 1, 25)))
    terms = some_terms(rules, *costs)
    papers = []
    for _ in range(draw(st.integers(0, 8))):
        numbers = draw(st.lists(st.integers(0, len(costs) - 1), unique=True, max_size=len(costs)))
        if rules.kind is BallotKind.KNAPSACK:
            while sum(costs[n] for n in numbers) > rules.budget_cents:
                numbers.pop()
        paper = choose(*(numbers if rules.kind is BallotKind.KNAPSACK else numbers[:3]))
        if paper:
            papers.append(terms.paper(paper))
    return terms, papers


def counted(terms: BallotTerms, papers: Papers) -> BallotResult:
    return work_out(terms, add_papers((), papers), SEED, len(papers), 50)


def by_other_code(terms: BallotTerms, papers: Papers) -> tuple[dict[str, int], list[str], set[str]]:
    """Totals, order and what is chosen."""
    totals = {
        o.proposal_id: sum(c.votes for p in papers for c in p if c.proposal_id == o.proposal_id) for o in terms.options
    }
    costs = {o.proposal_id: o.cost_cents for o in terms.options}

    def worth(id: str) -> Fraction:
        """One number that says it all: votes before cost before the lot."""
        lot = Fraction(int(hashlib.sha256(f"{SEED}:{id}".encode()).hexdigest(), 16), 16**64)
        cost = costs[id] if terms.rules.tie_rule is TieRule.LOWER_COST else 0
        return 1_000 * totals[id] - cost - lot

    order, left = [], set(totals)
    while left:
        best = max(left, key=worth)
        order.append(best)
        left.remove(best)
    chosen: set[str] = set()
    while True:
        room = terms.rules.budget_cents - sum(costs[id] for id in chosen)
        full = bool(terms.rules.winners) and len(chosen) >= terms.rules.winners
        fitting = [
            id
            for id in order
            if id not in chosen and totals[id] and (not terms.rules.budget_cents or costs[id] <= room)
        ]
        if full or not fitting:
            return totals, order, chosen
        chosen.add(fitting[0])


@given(ballots())
def test_other_code_comes_to_the_same_result(ballot: tuple[BallotTerms, Papers]) -> None:
    terms, papers = ballot
    result = counted(terms, papers)
    totals, order, chosen = by_other_code(terms, papers)

    assert {line.proposal_id: line.votes for line in result.lines} == totals
    assert [line.proposal_id for line in result.lines] == order
    assert {line.proposal_id for line in result.lines if line.outcome is BallotOutcome.CHOSEN} == chosen
    assert result.chosen_cents == sum(line.cost_cents for line in result.lines if line.proposal_id in chosen)


@given(ballots())
def test_what_is_not_chosen_says_why_and_nothing_more_would_fit(ballot: tuple[BallotTerms, Papers]) -> None:
    terms, papers = ballot
    rules, result = terms.rules, counted(terms, papers)
    chosen = [line for line in result.lines if line.outcome is BallotOutcome.CHOSEN]

    assert len(result.lines) == len(terms.options)
    assert not rules.budget_cents or result.chosen_cents + result.left_cents == rules.budget_cents
    assert not rules.winners or len(chosen) <= rules.winners
    for line in result.lines:
        if line.outcome is BallotOutcome.NO_VOTES:
            assert line.votes == 0
        elif line.outcome is BallotOutcome.OVER_BUDGET:
            assert rules.budget_cents
            assert line.cost_cents > result.left_cents
        elif line.outcome is BallotOutcome.BEYOND_WINNERS:
            assert len(chosen) == rules.winners


def in_other_orders(terms: BallotTerms, result: BallotResult, votes: int) -> bool:
    """Whether some order of those with so many votes chooses others of them: each order tried."""
    before = [line for line in result.lines if line.votes > votes and line.outcome is BallotOutcome.CHOSEN]
    equal = [line for line in result.lines if line.votes == votes]
    found = set()
    for order in permutations(equal if votes else ()):
        taken = list(before)
        for line in order:
            cost = sum(each.cost_cents for each in (*taken, line))
            fits = not terms.rules.budget_cents or cost <= terms.rules.budget_cents
            if fits and not (terms.rules.winners and len(taken) >= terms.rules.winners):
                taken.append(line)
        found.add(frozenset(line.proposal_id for line in taken))
        if len(found) > 1:
            return True
    return False


@given(ballots())
def test_ties_are_named_and_said_where_they_decided(ballot: tuple[BallotTerms, Papers]) -> None:
    result = counted(*ballot)
    decided = {votes: in_other_orders(ballot[0], result, votes) for votes in {line.votes for line in result.lines}}
    for line in result.lines:
        equal = [other for other in result.lines if other.votes == line.votes]
        assert line.tied == (len(equal) > 1)
        assert line.place == 1 + sum(other.votes > line.votes for other in result.lines)
        assert line.tie_decided == decided[line.votes]
    assert [line.position for line in result.lines] == list(range(1, len(result.lines) + 1))


@given(ballots(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_papers_nor_the_pieces_of_the_count_matter(
    ballot: tuple[BallotTerms, Papers], size: int, random: object
) -> None:
    terms, papers = ballot
    shuffled = papers[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    tally: tuple[ProposalVotes, ...] = ()
    for start in range(0, len(shuffled), size):
        tally = add_papers(tally, shuffled[start : start + size])
    assert work_out(terms, tally, SEED, len(papers), 50) == counted(terms, papers)


def test_lower_cost_stands_first_of_those_with_as_many_votes() -> None:
    result = counted(some_terms(votes_rules(winners=1), 300, 200), [choose(0, 1)])
    assert [(line.cost_cents, line.place, line.tie_decided) for line in result.lines] == [
        (200, 1, True),
        (300, 1, True),
    ]


def test_where_one_of_two_fits_in_no_order_the_tie_rule_decided_nothing() -> None:
    papers: Papers = [choose(0), choose(0), choose(1), choose(2)]
    result = counted(some_terms(votes_rules(winners=0, budget_cents=1_000), 900, 50, 500), papers)
    assert [(line.cost_cents, str(line.outcome), line.tied, line.tie_decided) for line in result.lines] == [
        (900, "chosen", False, False),
        (50, "chosen", True, False),
        (500, "over_budget", True, False),
    ]


def test_another_seed_draws_another_lot() -> None:
    terms = some_terms(votes_rules(tie_rule=TieRule.LOT), *([100] * 6))
    tally = add_papers((), [choose(0, 1, 2), choose(3, 4, 5)])
    orders = {tuple(line.proposal_id for line in work_out(terms, tally, f"{n}", 2, 50).lines) for n in range(5)}
    assert len(orders) > 1


def test_what_does_not_fit_is_passed_over_for_the_next() -> None:
    papers: Papers = [choose(0), choose(0), choose(1), choose(1), choose(2)]
    rules = BallotRules(BallotKind.VOTES, TieRule.LOWER_COST, 3, 2, budget_cents=1_000)
    result = counted(some_terms(rules, 700, 600, 250), papers)
    by_id = {line.proposal_id: line.outcome for line in result.lines}
    assert [by_id[option.proposal_id] for option in options(0, 0, 0)] == ["over_budget", "chosen", "chosen"]
    assert (result.chosen_cents, result.left_cents) == (850, 150)
