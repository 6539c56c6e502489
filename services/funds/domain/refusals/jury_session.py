"""How a session says no."""

from collections.abc import Iterable
from datetime import datetime

from chassis.refusals import Exists, Forbidden, Invalid, NotFound, NotNow


class SessionInState(NotNow):
    def __init__(self, status: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"SESSION_{status.upper()}",
            f"The session is {status}; this is possible while it is {' or '.join(allowed)}.",
        )


class SessionTimesWrong(Invalid):
    def __init__(self, field: str, says: str) -> None:
        super().__init__("SESSION_TIMES_WRONG", f"{field} {says}.", fields={field: says})


class SessionNotToday(NotNow):
    def __init__(self) -> None:
        super().__init__("SESSION_NOT_TODAY", "The session opens on its day, not before; move it if it is earlier.")


class AgendaEmpty(NotNow):
    def __init__(self) -> None:
        super().__init__("AGENDA_EMPTY", "There is nothing on the agenda; schedule an application first.")


class AgendaFull(NotNow):
    def __init__(self, most: int) -> None:
        super().__init__("AGENDA_FULL", f"A session has at most {most} items; plan another one.")


class ItemThereAlready(Exists):
    def __init__(self) -> None:
        super().__init__("ITEM_EXISTS", "The application stands on this agenda already.")


class ItemNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("ITEM_NOT_FOUND", "The application does not stand on this session's agenda.")


class ItemIsConcluded(NotNow):
    def __init__(self, status: str) -> None:
        super().__init__("ITEM_CONCLUDED", f"The item is concluded: {status}.")


class ItemsAreOpen(NotNow):
    def __init__(self, open_items: int) -> None:
        super().__init__(
            "ITEMS_ARE_OPEN",
            f"{open_items} items are not concluded. Conclude or defer them first.",
            details={"open_items": str(open_items)},
        )


class ItemElsewhere(NotNow):
    """Its fund or region is not the session's."""

    def __init__(self) -> None:
        super().__init__("APPLICATION_ELSEWHERE", "The application belongs to another fund or lies in another region.")


class JuryElsewhere(Invalid):
    """Fund or region of jury, budget and round do not go together."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "SESSION_PARTS_DIFFER",
            "Jury, budget and round of a session belong to one fund and one region.",
            fields={field: "belongs to another fund or region"},
        )


class NotQuorate(NotNow):
    def __init__(self, present: int, needed: int) -> None:
        super().__init__(
            "NOT_QUORATE",
            f"{present} members may decide, {needed} are needed. Wait for more, or defer.",
            details={"present": str(present), "needed": str(needed)},
        )


class NotOfThisJury(Invalid):
    def __init__(self, index: int) -> None:
        field = f"present_member_ids[{index}]"
        super().__init__(
            "NOT_OF_THIS_JURY",
            "Only members of this jury whose term holds today, and held when the session began, can be present.",
            fields={field: "has no seat in this jury today, or had none when the session began"},
        )


class TooManySubstitutes(NotNow):
    def __init__(self) -> None:
        super().__init__(
            "TOO_MANY_SUBSTITUTES",
            "A substitute sits for a member who is away; more are here than members are missing.",
        )


class NotPresent(NotNow):
    def __init__(self) -> None:
        super().__init__("MEMBER_NOT_PRESENT", "Only members who are present vote; the chair records who is there.")


class MemberIsRecused(NotNow):
    def __init__(self) -> None:
        super().__init__("MEMBER_RECUSED", "This member is recused from the item: others vote on it and lead it.")


class NoSeat(Forbidden):
    def __init__(self) -> None:
        super().__init__("NO_SEAT", "Your token is not that of a member of this jury today.")


class NotTheChair(Forbidden):
    def __init__(self) -> None:
        super().__init__("NOT_THE_CHAIR", "This is for the chair of the jury, or the office of the fund.")


class NoMotion(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_MOTION", "There is no motion on this item; put one first.")


class MotionChanged(NotNow):
    def __init__(self, number: int) -> None:
        super().__init__(
            "MOTION_CHANGED",
            "The motion was changed meanwhile; read it again before you vote.",
            details={"motion_number": str(number)},
        )


class OtherKindOfSession(NotNow):
    def __init__(self, kind: str) -> None:
        says = kind.replace("_", " ")
        super().__init__(f"SESSION_IS_{kind.upper()}", f"The session is held as {says}; this belongs to another kind.")


class NotInWriting(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_WRITTEN_PROCEDURE", "The rules of this fund allow no decision in writing; plan a session.")


class NoAssemblyForThis(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_ASSEMBLY_FOR_FUND", "By its rules no assembly decides in this fund.")


class VotingIsOver(NotNow):
    def __init__(self, ends_at: datetime) -> None:
        super().__init__("VOTING_IS_OVER", f"Votes counted until {ends_at.isoformat()}; none is taken or changed now.")


class VotingGoesOn(NotNow):
    def __init__(self, ends_at: datetime) -> None:
        super().__init__("VOTING_GOES_ON", f"Votes may come until {ends_at.isoformat()}; count them then.")


class SeatsHaveVoted(NotNow):
    """A substitute voted for a member who came later."""

    def __init__(self, seats: int) -> None:
        super().__init__(
            "SEATS_HAVE_VOTED",
            f"All {seats} seats have voted on this motion, one of them by a substitute; put it again.",
        )


class SubstituteHasNoVote(NotNow):
    def __init__(self) -> None:
        super().__init__("SUBSTITUTE_HAS_NO_VOTE", "In a written procedure no member is away, so no substitute votes.")


class MoreHandsThanPeople(NotNow):
    def __init__(self, raised: int, present: int) -> None:
        super().__init__(
            "MORE_HANDS_THAN_PEOPLE",
            f"{raised} hands of {present} people cannot be; count again, or record how many are here.",
            details={"raised": str(raised), "present": str(present)},
        )


class CountedAlready(NotNow):
    def __init__(self) -> None:
        super().__init__("COUNTED_ALREADY", "This motion was counted; correct the count with a reason if it is wrong.")


class NothingToCorrect(NotNow):
    def __init__(self) -> None:
        super().__init__("NOTHING_TO_CORRECT", "There is no such vote or count, or it says this already.")


class OwnRecusalStands(NotNow):
    def __init__(self) -> None:
        super().__init__("OWN_RECUSAL_STANDS", "The member stepped back by their own word, which nobody takes back.")


class RecusalFound(NotNow):
    def __init__(self, number: int, member_ids: Iterable[str]) -> None:
        super().__init__(
            "RECUSAL_FOUND",
            f"On item {number} somebody voted, or made the quorum, who is recused, as is known now. Enter the recusal.",
            details={"number": str(number), "member_ids": ",".join(member_ids)},
        )


class AboveTheMotion(NotNow):
    def __init__(self, amount_cents: int, resolved_cents: int) -> None:
        super().__init__(
            "ABOVE_THE_MOTION",
            f"{amount_cents} cents are more than the {resolved_cents} that the session voted on. Only a session gives more.",
            details={"resolved_cents": str(resolved_cents)},
        )


class NoVotes(NotNow):
    def __init__(self) -> None:
        super().__init__("NO_VOTES", "Nobody has voted on this motion; let the members vote, or defer the item.")
