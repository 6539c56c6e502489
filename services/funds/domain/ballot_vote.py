"""What is kept of a vote: before the count a row under the sealed code, after it a paper that leads nowhere."""

from dataclasses import dataclass

from services.funds.domain.ballot_terms import BallotChoice


@dataclass(frozen=True, slots=True)
class VotingRight:
    """A code that holds. `id` is the code sealed for this list alone: it leads to no vote."""

    id: str
    ballot_id: str
    batch_id: str


@dataclass(frozen=True, slots=True)
class BallotVote:
    """`id` is the code sealed for votes alone. Made empty with the code, changed until closing, gone with the count."""

    id: str
    ballot_id: str
    choices: tuple[BallotChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A counted vote under a random `id`."""

    id: str
    ballot_id: str
    choices: tuple[BallotChoice, ...]
