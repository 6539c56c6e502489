"""A session as it is played: what was moved in it, what has a majority, and how it ends."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiezwerk.funds.v1.session_pb2 import SESSION_STATUS_OPEN
from tests.faults.caller import Person
from tests.faults.grants import agree, pay
from tests.faults.ground import Ground, Member
from tests.faults.people import OFFICE

Outcome = tuple[str, str, dict[str, Any]]


@dataclass
class Sitting:
    """`asked` has the cents of each application, `moved` those of each motion, `recused` who may not vote on it.

    `votes` has by application what each member says in the end ("yes", "no", "abstain"), `hands` how many of an assembly do.
    """

    ground: Ground
    id: str
    asked: Mapping[str, int]
    members: tuple[Member, ...] = ()
    recused: dict[str, Member] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    votes: dict[str, dict[str, str]] = field(default_factory=dict)
    hands: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def act(self, rpc: str, one: Outcome | None = None, *, by: Person = OFFICE, **fields: Any) -> Any:
        return await self.ground.caller.ask(by, f"funds.SessionService/{rpc}", one, session_id=self.id, **fields)

    def chair(self, application: str) -> Person:
        """Its first member, or the office where that one is recused."""
        first = self.members[0]
        return OFFICE if first is self.recused.get(application) else first.person

    def voters(self, application: str) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member is not self.recused.get(application))

    def outcome(self, application: str) -> Outcome:
        """What must be there once the item is concluded."""
        said = self.hands.get(application) or Counter(self.votes[application].values())
        if said["yes"] > said["no"]:
            return ("funds", "grants", {"application_id": application, "approved_cents": self.moved[application]})
        return ("funds", "applications", {"_id": application, "status": "declined"})

    async def conclude_again(self, corrected: Any, application: str, *, is_last: bool = True) -> None:
        """After a correction in a closed session: where the decision follows no more, take it anew and close again."""
        if corrected.session.status != SESSION_STATUS_OPEN:
            return
        outcome = self.outcome(application) if is_last else None
        await self.act("ConcludeItem", outcome, application_id=application)
        await self.act("CloseSession")

    async def minute(self) -> None:
        """Approve the minutes, agree on the first grant if there is one, and pay it."""
        minutes = ("funds", "sessions", {"_id": self.id, "status": "minutes_approved"})
        await self.act("ApproveMinutes", minutes)
        agenda = (await self.act("GetSession")).session.agenda
        item = next((item for item in agenda if item.grant_id), None)
        if item:
            await agree(self.ground, item.grant_id)
            await pay(self.ground, item.grant_id, item.approved_cents)
