"""What is recorded for members in a session: a vote by word of mouth, one that was misheard, a recusal by mistake."""

import random
from typing import Any

from tests.faults.checker import VOTES
from tests.faults.ground import Member
from tests.faults.sitting import Sitting


async def enter_vote(sitting: Sitting, application: str, member: Member) -> None:
    choice = sitting.votes[application][member.id]
    entered = {"session_id": sitting.id, "application_id": application, "member_id": member.id, "cast": choice}
    await sitting.act(
        "EnterVote", ("funds", VOTES, entered), by=sitting.chair(application), application_id=application,
        member_id=member.id, choice=f"CHOICE_{choice.upper()}", reason="per Zuruf",
    )  # fmt: skip


async def correct_a_vote(sitting: Sitting, application: str, chance: random.Random) -> object:
    """The only correction on this item: a yes was none, or what was none is a yes; the answer."""
    member, before = chance.choice(sorted(sitting.votes[application].items()))
    choice = "no" if before == "yes" else "yes"
    sitting.votes[application][member] = choice
    corrected = {"session_id": sitting.id, "application_id": application, "member_id": member}
    return await sitting.act(
        "CorrectVote", ("funds", VOTES, corrected | {"cast": before, "choice": choice}),
        by=sitting.chair(application), application_id=application, member_id=member,
        choice=f"CHOICE_{choice.upper()}", reason="verhört",
    )  # fmt: skip


async def recuse_by_mistake(sitting: Sitting, application: str, member: Member) -> None:
    """The office takes one for another, and takes that back."""
    mistaken: dict[str, Any] = {"application_id": application, "member_id": member.id, "reason": "verwechselt"}
    await sitting.act("EnterRecusal", **mistaken)
    await sitting.act("TakeBackRecusal", **mistaken)
