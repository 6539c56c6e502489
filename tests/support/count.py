"""How a decision comes about, written a second time from docs/domain.md and sharing nothing with funds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

KINDS = {1: "meeting", 2: "written_procedure", 3: "assembly"}
MAJORITIES = {0: "of_votes", 1: "of_votes", 2: "of_members", 3: "two_thirds"}
CHOICES = {1: "yes", 2: "no", 3: "abstain"}
OUTCOMES = {2: "carried", 3: "not carried"}


@dataclass(frozen=True, slots=True)
class Poll:
    """What is on record of one item. In a meeting `present` is who was there; an assembly has `hands` alone."""

    kind: str
    majority: str
    quorum_percent: int
    quorum_count: int
    recused_count_for_quorum: bool
    seats: int
    present: Sequence[str] = ()
    recused: Sequence[str] = ()
    votes: Mapping[str, str] | None = None
    hands: tuple[int, int, int] = (0, 0, 0)
    people: int = 0


def decide(poll: Poll) -> str:
    """carried, not carried, or not quorate."""
    yes, no = _said(poll)
    if not _enough(poll):
        return "not quorate"
    match poll.majority:
        case "of_votes":
            carried = yes - no > 0
        case "two_thirds":
            carried = yes + no > 0 and Fraction(yes, yes + no) >= Fraction(2, 3)
        case _:
            everybody = poll.people if poll.kind == "assembly" else poll.seats
            carried = Fraction(yes, 1) > Fraction(everybody, 2)
    return "carried" if carried else "not carried"


def _said(poll: Poll) -> tuple[int, int]:
    if poll.kind == "assembly":
        return poll.hands[0], poll.hands[1]
    heard = [choice for member, choice in (poll.votes or {}).items() if member not in poll.recused]
    return heard.count("yes"), heard.count("no")


def _enough(poll: Poll) -> bool:
    if poll.kind == "assembly":
        there = poll.people
    elif poll.kind == "written_procedure":
        there = len([member for member in poll.votes or {} if member not in poll.recused])
    elif poll.recused_count_for_quorum:
        there = len(poll.present)
    else:
        there = len([member for member in poll.present if member not in poll.recused])
    if there == 0:
        return False
    if poll.quorum_count:
        return there >= poll.quorum_count
    return poll.kind == "assembly" or Fraction(there) >= Fraction(poll.seats * poll.quorum_percent, 100)


def from_record(session: Any) -> dict[str, tuple[str, str]]:
    """Of each item that was decided: what is recorded, and what follows from the votes that GetSession shows an auditor."""
    found = {}
    for item in session.agenda:
        if item.status in OUTCOMES:
            found[item.application_id] = OUTCOMES[item.status], decide(_poll(session, item))
    return found


def _poll(session: Any, item: Any) -> Poll:
    rules = session.procedure
    votes = {vote.member_id: CHOICES[vote.choice] for vote in item.votes}
    recused = [recusal.member_id for recusal in item.recusals]
    return Poll(
        kind=KINDS[session.kind],
        majority=MAJORITIES[rules.majority],
        quorum_percent=rules.quorum_percent,
        quorum_count=rules.quorum_count,
        recused_count_for_quorum=rules.recused_count_for_quorum,
        seats=rules.seats,
        present=list(item.present),
        recused=recused,
        votes=votes,
        hands=(item.hands.yes, item.hands.no, item.hands.abstain),
        people=item.hands.present,
    )
