"""The terms of a ballot: all that people vote on and by, frozen and hashed when it opens."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import Ge, Le

from chassis.fields import Id
from services.funds.domain.ballot_rules import BallotKind, BallotRules
from services.funds.domain.refusals.ballot import (
    ChosenTwice,
    NothingChosen,
    NotOnThisBallot,
    PurseExceeded,
    TooManyVotes,
)


@dataclass(frozen=True, slots=True)
class BallotOption:
    """A proposal as it stands on the ballot; its words and cost are those of the opening."""

    proposal_id: str
    title: str
    cost_cents: int


@dataclass(frozen=True, slots=True)
class BallotChoice:
    """What one voter gives to one proposal; in a knapsack one vote each."""

    proposal_id: Id
    votes: Annotated[int, Ge(1), Le(50)] = 1


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """`lot_sha256` commits to the seed of the lot, which is told with the result: nobody can choose it when they know the votes."""

    ballot_id: str
    region: str
    opens_at: datetime
    closes_at: datetime
    rules: BallotRules
    options: tuple[BallotOption, ...]
    lot_sha256: str

    @property
    def text(self) -> str:
        """JSON (RFC 8259) with sorted keys, no spaces, all but ASCII escaped in lower case, instants in UTC with milliseconds, options by id."""
        terms = asdict(self)
        terms["options"] = sorted(terms["options"], key=lambda option: str(option["proposal_id"]))
        terms |= {name: _instant(terms[name]) for name in ("opens_at", "closes_at")}
        return json.dumps(terms, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """Of `text` in UTF-8: whoever has the text can prove that these were the terms."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def paper(self, choices: Iterable[BallotChoice]) -> tuple[BallotChoice, ...]:
        """The choices as they are kept, in the order of the ids; refuses what the rules do not allow."""
        given = tuple(choices)
        if not given:
            raise NothingChosen
        costs = {option.proposal_id: option.cost_cents for option in self.options}
        if unknown := [i for i, choice in enumerate(given) if choice.proposal_id not in costs]:
            raise NotOnThisBallot(unknown)
        if len({choice.proposal_id for choice in given}) < len(given):
            raise ChosenTwice
        if self.rules.kind is BallotKind.VOTES:
            self._check_votes(given)
        else:
            self._check_purse(given, sum(costs[choice.proposal_id] for choice in given))
        return tuple(sorted(given, key=lambda choice: choice.proposal_id))

    def _check_votes(self, given: tuple[BallotChoice, ...]) -> None:
        most, each = self.rules.votes_per_person, self.rules.votes_per_proposal
        if sum(choice.votes for choice in given) > most or any(choice.votes > each for choice in given):
            raise TooManyVotes(most, each)

    def _check_purse(self, given: tuple[BallotChoice, ...], cost_cents: int) -> None:
        if any(choice.votes > 1 for choice in given):
            raise TooManyVotes(len(self.options), 1)
        if cost_cents > self.rules.budget_cents:
            raise PurseExceeded(cost_cents, self.rules.budget_cents)


def lot_sha256(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
