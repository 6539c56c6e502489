"""Builders for ballots: terms and papers, and the calls that bring one from a draft to its result."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.ports import Role, new_id
from services.funds.domain.ballot import Ballot
from services.funds.domain.ballot_rules import BallotKind, BallotRules, TieRule
from services.funds.domain.ballot_terms import BallotChoice, BallotOption, BallotTerms, lot_sha256
from tests.support.city import Started, eventually
from tests.support.funds import NOON, OFFICE, REGION
from tests.support.funds_proposal import WHY, routed

AUDITOR = Role("auditor")
SEED = "00112233445566778899aabbccddeeff"
VOTES: dict[str, Any] = {
    "kind": "BALLOT_KIND_VOTES",
    "tie_rule": "TIE_RULE_LOWER_COST",
    "votes_per_person": 3,
    "votes_per_proposal": 2,
    "winners": 1,
}
KNAPSACK: dict[str, Any] = {
    "kind": "BALLOT_KIND_KNAPSACK",
    "tie_rule": "TIE_RULE_LOT",
    "budget_cents": 100_000,
}


def votes_rules(**changes: Any) -> BallotRules:
    """Three votes each, at most two for one proposal; two win."""
    usual: dict[str, Any] = {"votes_per_person": 3, "votes_per_proposal": 2, "winners": 2}
    return BallotRules(**{"kind": BallotKind.VOTES, "tie_rule": TieRule.LOWER_COST} | usual | changes)


def knapsack_rules(budget_cents: int = 1_000, **changes: Any) -> BallotRules:
    usual: dict[str, Any] = {"kind": BallotKind.KNAPSACK, "tie_rule": TieRule.LOT, "budget_cents": budget_cents}
    return BallotRules(**usual | changes)


def options(*costs: int) -> tuple[BallotOption, ...]:
    return tuple(BallotOption(f"{i:08}-0000-7000-8000-000000000000", f"Nr. {i}", cost) for i, cost in enumerate(costs))


def a_ballot(rules: BallotRules | None = None, **changes: Any) -> Ballot:
    """A draft on which people vote from tomorrow noon to the noon after."""
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "name": "Bürgerhaushalt 2027",
        "rules": rules or votes_rules(),
        "opens_at": NOON + timedelta(days=1),
        "closes_at": NOON + timedelta(days=2),
        "proposal_ids": (),
        "secret_seed": SEED,
    }
    return Ballot(**usual | changes)


def some_terms(rules: BallotRules, *costs: int) -> BallotTerms:
    opens, closes = NOON + timedelta(days=1), NOON + timedelta(days=2)
    return BallotTerms("b", REGION, opens, closes, rules, options(*costs), lot_sha256(SEED))


def choose(*numbers: int, votes: int = 1) -> tuple[BallotChoice, ...]:
    """Options by their numbers."""
    return tuple(BallotChoice(f"{number:08}-0000-7000-8000-000000000000", votes) for number in numbers)


@dataclass(slots=True)
class Voting:
    """A ballot in a running service. `proposals` are in the order in which they were handed in."""

    funds: Started
    ballot_id: str
    opens_at: datetime
    closes_at: datetime
    proposals: list[Any]
    codes: list[str] = field(default_factory=list)
    batch_id: str = ""

    async def issue(self, count: int = 50, **more: Any) -> Any:
        request = {"ballot_id": self.ballot_id, "region": REGION, "purpose": "Bibliothek", "count": count} | more
        issued = await self.funds.call("VotingService/IssueCodes", request, OFFICE, sub="office")
        self.codes, self.batch_id = list(issued.codes), issued.batch.id
        return issued

    async def act(self, rpc: str, *roles: Role, **fields: Any) -> Any:
        """OpenBallot, PublishBallot or CancelBallot, by the office."""
        request = {"ballot_id": self.ballot_id} | WHY | fields
        return (await self.funds.call(f"BallotService/{rpc}", request, *(roles or (OFFICE,)), sub="office")).ballot

    async def cast(self, code: str, *numbers: int, votes: int = 1, funds: Started | None = None, **more: Any) -> Any:
        """Vote for the proposals of these numbers."""
        choices = [{"proposal_id": self.proposals[number].id, "votes": votes} for number in numbers]
        request = {"ballot_id": self.ballot_id, "code": code, "choices": choices} | more
        return await (funds or self.funds).call("VotingService/CastBallot", request)

    async def get(self, *roles: Role) -> Any:
        return (await self.funds.call("BallotService/GetBallot", {"ballot_id": self.ballot_id}, *roles)).ballot

    async def begin(self) -> None:
        await self.funds.move_clock(max(self.opens_at, await self.funds.now()))

    async def end(self) -> None:
        """The clock closes the ballot, and it is counted."""
        await self.funds.move_clock(max(self.closes_at, await self.funds.now()))

        async def counted() -> bool:
            return bool((await self.get(AUDITOR)).HasField("result"))

        await eventually(counted, 90)

    async def recount(self) -> Any:
        return await self.funds.call("BallotService/RecomputeBallot", {"ballot_id": self.ballot_id}, AUDITOR)

    async def kept(self, collection: str) -> list[dict[str, Any]]:
        """The documents of this ballot as the store has them, in its own order."""
        rows = self.funds.running.service.store.rows(collection)
        found: list[dict[str, Any]] = await rows.find({"ballot_id": self.ballot_id}).to_list(10_000)
        return found


async def a_voting(
    funds: Started, *costs: int, rules: dict[str, Any] | None = None, opened: bool = True, codes: int = 50
) -> Voting:
    """A ballot on proposals with these costs, from an hour from now on for an hour."""
    proposals = [await routed(funds, cents=cost, title=f"Nr. {i}") for i, cost in enumerate(costs)]
    opens_at = (await funds.now()).replace(microsecond=0) + timedelta(hours=1)
    closes_at = opens_at + timedelta(hours=1)
    request = {
        "region": REGION,
        "name": "Bürgerhaushalt",
        "rules": rules or VOTES,
        "opens_at": opens_at.astimezone(UTC).isoformat(),
        "closes_at": closes_at.astimezone(UTC).isoformat(),
        "proposal_ids": [proposal.id for proposal in proposals],
    }
    draft = (await funds.call("BallotService/DraftBallot", request, OFFICE)).ballot
    voting = Voting(funds, draft.id, opens_at, closes_at, proposals)
    if codes:
        await voting.issue(codes)
    if opened:
        await voting.act("OpenBallot")
    return voting
