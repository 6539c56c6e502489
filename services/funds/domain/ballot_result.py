"""The result of a ballot: who stands where, what is chosen, and what does not fit, from totals and frozen terms alone."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.funds.domain.ballot_rules import TieRule
from services.funds.domain.ballot_terms import BallotChoice, BallotOption, BallotTerms


class BallotOutcome(StrEnum):
    """What became of a proposal on the ballot: chosen, or why not."""

    CHOSEN = "chosen"
    OVER_BUDGET = "over_budget"
    BEYOND_WINNERS = "beyond_winners"
    NO_VOTES = "no_votes"


@dataclass(frozen=True, slots=True)
class ProposalVotes:
    proposal_id: str
    votes: int


@dataclass(frozen=True, slots=True)
class BallotLine:
    """`place` is shared by those with as many votes, `position` is the order after the tie rule, both from 1.

    `tie_decided` says that in another order of those with as many votes others of them would be chosen.
    """

    proposal_id: str
    cost_cents: int
    votes: int
    place: int
    position: int
    tied: bool
    tie_decided: bool
    outcome: BallotOutcome


@dataclass(frozen=True, slots=True)
class BallotResult:
    """`papers` are the voters who voted, `codes_issued` those who could; `left_cents` is what of the budget nothing fitted into."""

    lines: tuple[BallotLine, ...]
    papers: int
    codes_issued: int
    chosen_cents: int
    left_cents: int


def add_papers(tally: Iterable[ProposalVotes], papers: Iterable[tuple[BallotChoice, ...]]) -> tuple[ProposalVotes, ...]:
    """The totals with these papers, too."""
    found = Counter({total.proposal_id: total.votes for total in tally})
    for paper in papers:
        found.update({choice.proposal_id: choice.votes for choice in paper})
    return tuple(ProposalVotes(id, votes) for id, votes in sorted(found.items()))


def work_out(
    terms: BallotTerms, tally: Iterable[ProposalVotes], lot_seed: str, papers: int, codes_issued: int
) -> BallotResult:
    """In the order of votes: what fits the budget and the number of winners is chosen; what does not is passed over for the next."""
    votes = {total.proposal_id: total.votes for total in tally}
    order = sorted(terms.options, key=lambda option: _rank(option, votes, terms.rules.tie_rule, lot_seed))
    outcomes, chosen_cents = _outcomes(terms, order, votes)
    lines = tuple(_line(terms, order, position, votes, outcomes) for position in range(1, len(order) + 1))
    left_cents = max(terms.rules.budget_cents - chosen_cents, 0)
    return BallotResult(lines, papers, codes_issued, chosen_cents, left_cents)


def _rank(option: BallotOption, votes: Mapping[str, int], rule: TieRule, seed: str) -> tuple[int, int, str]:
    cost = option.cost_cents if rule is TieRule.LOWER_COST else 0
    lot = hashlib.sha256(f"{seed}:{option.proposal_id}".encode()).hexdigest()
    return -votes.get(option.proposal_id, 0), cost, lot


def _outcomes(
    terms: BallotTerms, order: list[BallotOption], votes: Mapping[str, int]
) -> tuple[dict[str, BallotOutcome], int]:
    found: dict[str, BallotOutcome] = {}
    chosen: list[BallotOption] = []
    for option in order:
        found[option.proposal_id] = _outcome(terms, votes, chosen, option)
        if found[option.proposal_id] is BallotOutcome.CHOSEN:
            chosen.append(option)
    return found, _cost_cents(chosen)


def _outcome(
    terms: BallotTerms, votes: Mapping[str, int], chosen: Sequence[BallotOption], option: BallotOption
) -> BallotOutcome:
    """What becomes of the option that comes next after those that are chosen."""
    if not votes.get(option.proposal_id):
        return BallotOutcome.NO_VOTES
    if terms.rules.winners and len(chosen) == terms.rules.winners:
        return BallotOutcome.BEYOND_WINNERS
    if terms.rules.budget_cents and _cost_cents((*chosen, option)) > terms.rules.budget_cents:
        return BallotOutcome.OVER_BUDGET
    return BallotOutcome.CHOSEN


def _cost_cents(options: Iterable[BallotOption]) -> int:
    return sum(option.cost_cents for option in options)


def _line(
    terms: BallotTerms,
    order: Sequence[BallotOption],
    position: int,
    votes: Mapping[str, int],
    outcomes: Mapping[str, BallotOutcome],
) -> BallotLine:
    option = order[position - 1]
    own = votes.get(option.proposal_id, 0)
    equal = [other for other in order if votes.get(other.proposal_id, 0) == own]
    ahead = [other for other in order[: order.index(equal[0])] if outcomes[other.proposal_id] is BallotOutcome.CHOSEN]
    left_out = [other for other in equal if outcomes[other.proposal_id] is not BallotOutcome.CHOSEN]
    return BallotLine(
        proposal_id=option.proposal_id,
        cost_cents=option.cost_cents,
        votes=own,
        place=order.index(equal[0]) + 1,
        position=position,
        tied=len(equal) > 1,
        # Whoever was left out and had fitted as the first of them is chosen in another order.
        tie_decided=any(_outcome(terms, votes, ahead, other) is BallotOutcome.CHOSEN for other in left_out),
        outcome=outcomes[option.proposal_id],
    )
