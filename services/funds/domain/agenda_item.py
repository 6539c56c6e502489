"""An item of a session's agenda: one application, the motion on it, who is recused, who voted, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.funds.domain.hands import Hands
from services.funds.domain.refusals.grant import ApprovedAboveRequested, ApprovedNothing
from services.funds.domain.refusals.jury_session import (
    CountedAlready,
    ItemIsConcluded,
    MemberIsRecused,
    MotionChanged,
    NoMotion,
    NoVotes,
)
from services.funds.domain.vote import Choice, Tally, Vote, count


class ItemStatus(StrEnum):
    OPEN = "open"
    AWARDED = "awarded"
    DECLINED = "declined"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class RecusalGround(StrEnum):
    """Found out from affiliations, or said by the member (or by the chair for them)."""

    AFFILIATION = "affiliation"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Motion:
    """What is voted on; `number` grows with each change, so that nobody votes on what they did not see."""

    number: int
    amount_cents: int
    conditions: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recusal:
    member_id: str
    ground: RecusalGround
    at: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionResolution:
    """The jury resolved to go above the fund's maximum for this item, and why."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CorrectedVote:
    """What stood there before a correction; `after` is None where a recusal took the vote away."""

    member_id: str
    before: Choice
    after: Choice | None
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectedCount:
    """The count that stood there before a correction."""

    before: Hands
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectedRecusal:
    """A recusal that was taken back."""

    before: Recusal
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """`title` names no private person. `present` and `tally` are those of the conclusion, for a recount.

    `took_part` were there at the conclusion, or had voted and left. A jury has `votes`, an assembly `hands`.
    """

    number: int
    application_id: str
    title: str
    requested_cents: int
    status: ItemStatus = ItemStatus.OPEN
    motion: Motion | None = None
    exception: ExceptionResolution | None = None
    recusals: tuple[Recusal, ...] = ()
    votes: tuple[Vote, ...] = ()
    present: tuple[str, ...] = ()
    tally: Tally | None = None
    grant_id: str = ""
    approved_cents: int = 0
    reason: str = ""
    concluded_by: str = ""
    concluded_at: datetime | None = None
    hands: Hands | None = None
    corrected_votes: tuple[CorrectedVote, ...] = ()
    corrected_counts: tuple[CorrectedCount, ...] = ()
    revised_by: str = ""
    took_part: int = 0
    corrected_recusals: tuple[CorrectedRecusal, ...] = ()

    @property
    def recused(self) -> frozenset[str]:
        return frozenset(r.member_id for r in self.recusals)

    @property
    def voters(self) -> tuple[str, ...]:
        return tuple(vote.member_id for vote in self.votes)

    @property
    def acted_by(self) -> tuple[str, ...]:
        """The `sub`s of whoever moved, resolved, entered a vote or a count, or corrected one; members are in `voters`."""
        once = tuple(act.by for act in (self.motion, self.exception, self.hands) if act)
        mended = (*(m.by for m in self.corrected_votes), *(m.by for m in self.corrected_counts))
        return (*once, *(vote.by for vote in self.votes), *mended, *(m.by for m in self.corrected_recusals))

    @property
    def the_motion(self) -> Motion:
        """The motion on the table; refuses when there is none."""
        if self.motion is None:
            raise NoMotion
        return self.motion

    def anonymous(self) -> "AgendaItem":
        """The item as totals: nothing of the application and of who voted how."""
        recusals = tuple(Recusal("", RecusalGround.DECLARED, recusal.at) for recusal in self.recusals)
        kept = AgendaItem(self.number, "", "", self.requested_cents, self.status, recusals=recusals, tally=self.tally)
        return replace(kept, approved_cents=self.approved_cents, took_part=self.took_part)

    def moved(self, amount_cents: int, conditions: tuple[str, ...], by: str, at: datetime) -> "AgendaItem":
        """Put a motion, in place of the one before; votes on that one are gone."""
        self._open()
        if amount_cents <= 0:
            raise ApprovedNothing
        if amount_cents > self.requested_cents:
            raise ApprovedAboveRequested(amount_cents, self.requested_cents)
        number = self.motion.number + 1 if self.motion else 1
        return replace(self, motion=Motion(number, amount_cents, conditions, by, at), votes=(), hands=None)

    def excepted(self, resolution: ExceptionResolution) -> "AgendaItem":
        self._open()
        return replace(self, exception=resolution)

    def recuse(self, recusal: Recusal) -> "AgendaItem":
        """From now on this member has no vote on the item, nor had one."""
        self._open()
        if recusal.member_id in self.recused:
            return self
        kept = tuple(v for v in self.votes if v.member_id != recusal.member_id)
        return replace(self, recusals=(*self.recusals, recusal), votes=kept)

    def voted(self, vote: Vote, motion_number: int) -> "AgendaItem":
        """Cast or change a vote; `motion_number` is what the voter saw, 0 for whatever lies on the table."""
        self._on_motion(motion_number)
        if vote.member_id in self.recused:
            raise MemberIsRecused
        others = tuple(v for v in self.votes if v.member_id != vote.member_id)
        return replace(self, votes=(*others, vote))

    def raised(self, hands: Hands, motion_number: int) -> "AgendaItem":
        """The hands of an assembly, once for each motion."""
        self._on_motion(motion_number)
        if self.hands is not None:
            raise CountedAlready
        return replace(self, hands=hands)

    def counted(self, present: tuple[str, ...]) -> "AgendaItem":
        """Keep the count as it is now; the conclusion that follows rests on it."""
        self._open()
        if self.motion is None:
            raise NoMotion
        if not self.votes and self.hands is None:
            raise NoVotes
        took_part = self.hands.present if self.hands else len({*present, *self.voters})
        return replace(self, present=present, tally=self.tallied(present), took_part=took_part)

    def tallied(self, present: tuple[str, ...]) -> Tally:
        return self.hands.tally if self.hands else count(self.votes, present, self.recused)

    def awarded(self, grant_id: str, by: str, at: datetime) -> "AgendaItem":
        granted = replace(self, grant_id=grant_id, approved_cents=self.the_motion.amount_cents)
        return granted._concluded(ItemStatus.AWARDED, "", by, at)

    def declined(self, reason: str, by: str, at: datetime) -> "AgendaItem":
        return self._concluded(ItemStatus.DECLINED, reason, by, at)

    def deferred(self, reason: str, by: str, at: datetime) -> "AgendaItem":
        return self._concluded(ItemStatus.DEFERRED, reason, by, at)

    def withdrawn(self, by: str, at: datetime) -> "AgendaItem":
        return self._concluded(ItemStatus.WITHDRAWN, "", by, at)

    def revised(self, approved_cents: int, by: str) -> "AgendaItem":
        """The amount that holds after the decision was mended; what was voted on stays."""
        return replace(self, approved_cents=approved_cents, revised_by=by)

    def reopened(self) -> "AgendaItem":
        """Nothing of the conclusion is left but what was corrected; motion and votes stay."""
        kept = replace(self, status=ItemStatus.OPEN, present=(), tally=None, grant_id="", approved_cents=0)
        return replace(kept, reason="", concluded_by="", concluded_at=None, revised_by="", took_part=0)

    def _on_motion(self, motion_number: int) -> None:
        """Refuse a vote on another motion than the one on the table; 0 is whatever lies there."""
        self._open()
        if motion_number not in (0, self.the_motion.number):
            raise MotionChanged(self.the_motion.number)

    def _concluded(self, status: ItemStatus, reason: str, by: str, at: datetime) -> "AgendaItem":
        self._open()
        return replace(self, status=status, reason=reason, concluded_by=by, concluded_at=at)

    def _open(self) -> None:
        if self.status is not ItemStatus.OPEN:
            raise ItemIsConcluded(self.status)
