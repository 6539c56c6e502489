"""What was corrected in sessions: each correction begins where the one before it ended, and the last is what stands."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.evidence import Evidence, Row

HANDS = ("yes", "no", "abstain")


def miscorrected(found: Evidence) -> Iterator[str]:
    """A sentence for each vote, count or recusal that does not stand as its last correction left it."""
    for session in found.rows["funds"].get("sessions", ()):
        for item in session["agenda"]:
            name = f"item {item['number']} of session {session['_id']}"
            yield from (f"{name}: {wrong}" for wrong in (*_votes(item), *_counts(item), *_recusals(item)))


def first_cast(item: Row, member: str) -> str:
    """What a member said before any correction."""
    steps = [step for step in item["corrected_votes"] if step["member_id"] == member]
    standing = next(vote["choice"] for vote in item["votes"] if vote["member_id"] == member)
    return str(steps[0]["before"] if steps else standing)


def first_counted(item: Row) -> tuple[int, ...]:
    """The hands before any correction."""
    counts = [*(step["before"] for step in item["corrected_counts"]), item["hands"]]
    return shown(counts[0])


def shown(hands: Row) -> tuple[int, ...]:
    return tuple(hands[way] for way in HANDS)


def _votes(item: Row) -> Iterator[str]:
    """A vote that a recusal took away stands nowhere."""
    ways: dict[str, list[str | None]] = defaultdict(list)
    for step in item["corrected_votes"]:
        ways[step["member_id"]] += [step["before"], step["after"]]
    standing = {vote["member_id"]: vote["choice"] for vote in item["votes"]}
    for member, way in ways.items():
        told = [*way, standing.get(member)]
        leads_on = all(told[place] == told[place + 1] for place in range(1, len(told), 2))
        if not leads_on or any(told[place] == told[place + 1] for place in range(0, len(way), 2)):
            yield f"{member} was corrected {way}, and has {standing.get(member)}"


def _counts(item: Row) -> Iterator[str]:
    if not item["hands"]:
        return
    counts = [*(shown(step["before"]) for step in item["corrected_counts"]), shown(item["hands"])]
    if any(before == after for before, after in pairwise(counts)):
        yield f"a count was corrected to what it was: {counts}"
    if sum(counts[-1]) > item["hands"]["present"]:
        yield f"{item['hands']['present']} people raised {counts[-1]} hands"


def _recusals(item: Row) -> Iterator[str]:
    """Nobody of the workload is recused again after that was taken back."""
    recused = {recusal["member_id"] for recusal in item["recusals"]}
    for step in item["corrected_recusals"]:
        if step["before"]["member_id"] in recused:
            yield f"the recusal of {step['before']['member_id']} was taken back, and stands"
