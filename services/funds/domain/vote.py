"""A vote on a motion, and the count of all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Vote:
    """`by` is the `sub` that cast it: the member's own, or the chair's, who then gave a reason."""

    member_id: str
    choice: Choice
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Abstentions count for nothing but are kept; `recused_present` are those there who may not vote."""

    yes: int
    no: int
    abstain: int
    present: int
    recused_present: int


def count(votes: Iterable[Vote], present: Iterable[str], recused: Iterable[str]) -> Tally:
    """The totals; a recused member's vote never counts, and each member has one."""
    there, out = set(present), set(recused)
    by_member = {vote.member_id: vote.choice for vote in votes if vote.member_id not in out}
    choices = list(by_member.values())
    return Tally(
        yes=choices.count(Choice.YES),
        no=choices.count(Choice.NO),
        abstain=choices.count(Choice.ABSTAIN),
        present=len(there),
        recused_present=len(there & out),
    )
