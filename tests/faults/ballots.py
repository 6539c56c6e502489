"""A piece of work: residents propose, vote with their codes, and the clock counts."""

import asyncio
import random
import time
import uuid
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from tests.faults.ground import Ground
from tests.faults.people import ANNA, OFFICE, OPERATOR, REGIONS

CODES, VOTERS, AT_ONCE = 50, 12, 4
COUNTED_SECONDS = 120.0
RULES = {
    "kind": "BALLOT_KIND_VOTES", "tie_rule": "TIE_RULE_LOWER_COST", "votes_per_person": 3, "votes_per_proposal": 2,
    "winners": 1, "min_votes": 10,
}  # fmt: skip
SIX, TWENTY = clock_time(6, tzinfo=UTC), clock_time(20, tzinfo=UTC)
WHY: dict[str, Any] = {"reason": "So steht es im Protokoll."}


async def ballot(ground: Ground, chance: random.Random) -> None:
    """Two proposals, a vote with one-time codes, some of it changed, and its result."""
    proposals = [await _proposal(ground, cents) for cents in (50_000, 80_000)]
    async with AsyncExitStack() as until_it_ends:
        async with ground.calendar.within(0) as today:
            last = await until_it_ends.enter_async_context(ground.calendar.within(2))
            id = await _drafted(ground, proposals, today + timedelta(days=1), last)
            codes = await _codes(ground, id)
            await _act(ground, "OpenBallot", id)
        await ground.calendar.reach(last)
        await _vote(ground, id, codes[:VOTERS], proposals, chance)
    await ground.calendar.reach(last + timedelta(days=1))
    await _counted(ground, id)
    papers = ("funds", "ballots", {"_id": id, "status": "published", "result.papers": VOTERS})
    await _act(ground, "PublishBallot", id, papers)


async def _proposal(ground: Ground, cents: int) -> str:
    text = {"title": f"Bank {uuid.uuid4().hex}", "description": "Zum Ausruhen.", "place": "See", "topics": ["grün"]}
    handed_in = await ground.caller.ask(
        ANNA, "funds.ProposalService/SubmitProposal", region=REGIONS[0], channel="PROPOSAL_CHANNEL_ONLINE", text=text,
        agrees_to_publication=True, contact={"name": "Anna Beispiel", "email": f"{uuid.uuid4().hex}@example.org"},
    )  # fmt: skip
    one: dict[str, Any] = {"proposal_id": handed_in.proposal.id} | WHY
    await ground.caller.ask(OFFICE, "funds.ProposalService/ReviewProposal", text=text, **one)
    way: dict[str, Any] = {"way": "PROPOSAL_WAY_VOTE", "estimated_cents": cents}
    await ground.caller.ask(OFFICE, "funds.ProposalService/RouteProposal", **one, **way)
    return str(handed_in.proposal.id)


async def _drafted(ground: Ground, proposals: list[str], first: date, last: date) -> str:
    """On which people vote from the first morning to the last evening."""
    name = f"Bürgerhaushalt {uuid.uuid4().hex}"
    drafted = await ground.caller.ask(
        OFFICE, "funds.BallotService/DraftBallot", ("funds", "ballots", {"name": name}), region=REGIONS[0], name=name,
        rules=RULES, opens_at=datetime.combine(first, SIX).isoformat(),
        closes_at=datetime.combine(last, TWENTY).isoformat(), proposal_ids=proposals,
    )  # fmt: skip
    return str(drafted.ballot.id)


async def _codes(ground: Ground, id: str) -> list[str]:
    """A batch; another where the answer with the codes got lost, for nobody is told them again."""
    batch: dict[str, Any] = {"ballot_id": id, "region": REGIONS[0], "purpose": "Bibliothek", "count": CODES}
    while True:
        issued = await ground.caller.ask(OFFICE, "funds.VotingService/IssueCodes", **batch)
        if issued is not None:
            return list(issued.codes)


async def _act(ground: Ground, rpc: str, id: str, one: Any = None) -> None:
    await ground.caller.ask(OFFICE, f"funds.BallotService/{rpc}", one, ballot_id=id, **WHY)


async def _vote(ground: Ground, id: str, codes: list[str], proposals: list[str], chance: random.Random) -> None:
    """Several at once, some of them twice: the last vote of a code counts."""
    votes = [(code, chance.choice(proposals)) for code in codes for _ in range(chance.randrange(1, 3))]
    for start in range(0, len(votes), AT_ONCE):
        await asyncio.gather(*(_cast(ground, id, *vote) for vote in votes[start : start + AT_ONCE]))


async def _cast(ground: Ground, id: str, code: str, proposal: str) -> None:
    choices = [{"proposal_id": proposal, "votes": 2}]
    await ground.caller.ask(ANNA, "funds.VotingService/CastBallot", ballot_id=id, code=code, choices=choices)


async def _counted(ground: Ground, id: str) -> None:
    """Wait until the clock has counted."""
    deadline = time.monotonic() + COUNTED_SECONDS
    while True:
        found = await ground.caller.ask(OPERATOR, "funds.BallotService/GetBallot", ballot_id=id)
        if found.ballot.HasField("result"):
            return
        assert time.monotonic() < deadline, f"the clock did not count {id}"
        await asyncio.sleep(0.2)
