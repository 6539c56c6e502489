"""A jury session (Jurysitzung): from its date to its minutes; nothing is decided in it without a quorum."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chassis.ports import berlin_day, end_of_day
from services.funds.domain.agenda_item import AgendaItem, ExceptionResolution, ItemStatus, Recusal
from services.funds.domain.application import Application
from services.funds.domain.jury import Jury, Seat
from services.funds.domain.procedure import Procedure
from services.funds.domain.refusals.application import CapHasNoException
from services.funds.domain.refusals.jury_session import (
    AgendaEmpty,
    AgendaFull,
    ItemNotFound,
    ItemsAreOpen,
    ItemThereAlready,
    NotOfThisJury,
    NotPresent,
    NotQuorate,
    OtherKindOfSession,
    SeatsHaveVoted,
    SessionInState,
    SessionNotToday,
    SessionTimesWrong,
    TooManySubstitutes,
)
from services.funds.domain.session_result import ItemResult
from services.funds.domain.session_status import SessionKind, SessionStatus
from services.funds.domain.vote import Vote

MOST_ITEMS = 60
S, Kind = SessionStatus, SessionKind


@dataclass(frozen=True, slots=True)
class JurySession:
    """`budget_id` is the pot that the session gives out. `present` are member ids; `procedure` is there from the opening.

    An assembly has no `jury_id` but a host, and `attended` instead of `present`. A written procedure ends with a day, when
    the clock counts its items, to that of the number `counted_to` so far.
    """

    id: str
    region: str
    fund_id: str
    fund_name: str
    jury_id: str
    budget_id: str
    round_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: SessionStatus = S.PLANNED
    agenda: tuple[AgendaItem, ...] = ()
    present: tuple[str, ...] = ()
    procedure: Procedure | None = None
    procedure_sha256: str = ""
    opened_by: str = ""
    opened_at: datetime | None = None
    minutes_approved_by: str = ""
    minutes_approved_at: datetime | None = None
    reason: str = ""
    kind: SessionKind = Kind.MEETING
    host_ref: str = ""
    host_sub: str = ""
    attended: int = 0
    counted_to: int = 0
    version: int = 0

    def move(self, starts_at: datetime, ends_at: datetime, place: str, at: datetime) -> "JurySession":
        self.require(S.PLANNED, S.INVITED)
        if self.kind is Kind.WRITTEN_PROCEDURE:
            place, ends_at = self.place, end_of_day(berlin_day(ends_at - timedelta(milliseconds=1)))
        return replace(self, starts_at=starts_at, ends_at=ends_at, place=place).timed(at)

    def timed(self, at: datetime) -> "JurySession":
        """The session itself, if its times can be."""
        if self.starts_at <= at:
            raise SessionTimesWrong("starts_at", "must lie ahead")
        if self.ends_at <= self.starts_at:
            raise SessionTimesWrong("ends_at", "must lie after starts_at")
        return self

    @property
    def has_room(self) -> bool:
        return len(self.agenda) < MOST_ITEMS

    def put_on(self, application: Application) -> "JurySession":
        self.require(S.PLANNED, S.INVITED)
        if not self.has_room:
            raise AgendaFull(MOST_ITEMS)
        if any(item.application_id == application.id for item in self.agenda):
            raise ItemThereAlready
        number = max((item.number for item in self.agenda), default=0) + 1
        item = AgendaItem(number, application.id, application.agenda_title, application.requested_cents)
        return replace(self, agenda=(*self.agenda, item))

    def take_off(self, application_id: str, by: str, at: datetime) -> "JurySession":
        """The application was withdrawn: its item goes, or, once the session is open, stays as withdrawn."""
        self.require(S.PLANNED, S.INVITED, S.OPEN)
        item = self.item(application_id)
        if self.status is S.OPEN:
            return self.with_item(item.withdrawn(by, at))
        return replace(self, agenda=tuple(other for other in self.agenda if other is not item))

    def invite(self) -> "JurySession":
        """Call the members together; again whenever the agenda has grown."""
        self.require_kind(Kind.MEETING, Kind.WRITTEN_PROCEDURE)
        self.require(S.PLANNED, S.INVITED)
        if not self.agenda:
            raise AgendaEmpty
        return replace(self, status=S.INVITED)

    def open(self, jury: Jury, present: tuple[str, ...], procedure: Procedure, by: str, at: datetime) -> "JurySession":
        """Begin with those who are there, if they are enough; from now on this procedure holds."""
        self.require_kind(Kind.MEETING)
        self.require(S.INVITED)
        if berlin_day(at) < berlin_day(self.starts_at):
            raise SessionNotToday
        begun = replace(self.frozen(procedure, by, at), status=S.OPEN).attend(jury, present, at)
        if not procedure.quorate(len(begun.present)):
            raise NotQuorate(len(begun.present), procedure.quorum)
        return begun

    def frozen(self, procedure: Procedure, by: str, at: datetime) -> "JurySession":
        return replace(self, procedure=procedure, procedure_sha256=procedure.sha256, opened_by=by, opened_at=at)

    def attend(self, jury: Jury, present: tuple[str, ...], at: datetime) -> "JurySession":
        """Who is there from now on, of those who sat when it began: a seat that changes hands would vote twice."""
        self.require_kind(Kind.MEETING)
        self.require(S.OPEN)
        sitting = {m.id: m for m in jury.sitting_on(berlin_day(self.opened_at or at), berlin_day(at))}
        there = tuple(dict.fromkeys(present))
        for index, member_id in enumerate(there):
            if member_id not in sitting:
                raise NotOfThisJury(index)
        substitutes = sum(sitting[member_id].seat is Seat.SUBSTITUTE for member_id in there)
        if substitutes > self.rules.seats - (len(there) - substitutes):
            raise TooManySubstitutes
        return replace(self, present=there)

    def put_motion(
        self, application_id: str, amount_cents: int, conditions: tuple[str, ...], by: str, at: datetime
    ) -> "JurySession":
        self.require(S.OPEN)
        return self.with_item(self.item(application_id).moved(amount_cents, conditions, by, at))

    def vote(self, application_id: str, vote: Vote, motion_number: int) -> "JurySession":
        """In a meeting a vote counts only from who is there and not recused, while enough are; each seat has one."""
        self.require(S.OPEN)
        item = self.item(application_id)
        if self.kind is Kind.MEETING and vote.member_id not in self.present:
            raise NotPresent
        voted = item.voted(vote, motion_number)
        if self.kind is Kind.MEETING:
            self._require_quorum(len(self.present), len(item.recused & set(self.present)))
        if len(voted.votes) > self.rules.seats:
            raise SeatsHaveVoted(self.rules.seats)
        return self.with_item(voted)

    def recuse(self, application_id: str, recusals: tuple[Recusal, ...]) -> "JurySession":
        self.require(S.INVITED, S.OPEN)
        item = self.item(application_id)
        for recusal in recusals:
            item = item.recuse(recusal)
        return self.with_item(item)

    def except_from_cap(self, application_id: str, resolution: ExceptionResolution) -> "JurySession":
        self.require(S.OPEN)
        if not self.rules.cap_exception_allowed:
            raise CapHasNoException
        return self.with_item(self.item(application_id).excepted(resolution))

    def counted(self, application_id: str) -> AgendaItem:
        """The item with its count, ready to be concluded; too few conclude nothing. In writing those are there who voted."""
        self.require(S.OPEN)
        item = self.item(application_id)
        there = item.voters if self.kind is Kind.WRITTEN_PROCEDURE else self.present
        counted = item.counted(there)
        tally = counted.tallied(there)
        self._require_quorum(tally.present, tally.recused_present)
        return counted

    def carries(self, counted: AgendaItem) -> bool:
        return counted.tally is not None and self.rules.carried(counted.tally)

    def defer(self, application_id: str, reason: str, by: str, at: datetime) -> "JurySession":
        self.require(S.OPEN)
        return self.with_item(self.item(application_id).deferred(reason, by, at))

    def close(self) -> "JurySession":
        self.require(S.OPEN)
        if open_items := sum(item.status is ItemStatus.OPEN for item in self.agenda):
            raise ItemsAreOpen(open_items)
        return replace(self, status=S.CLOSED)

    def approve_minutes(self, by: str, at: datetime) -> "JurySession":
        self.require(S.CLOSED)
        return replace(self, status=S.MINUTES_APPROVED, minutes_approved_by=by, minutes_approved_at=at)

    def cancel(self, reason: str) -> "JurySession":
        """Only before it has begun; what stood on the agenda waits for another session."""
        self.require(S.PLANNED, S.INVITED)
        return replace(self, status=S.CANCELLED, reason=reason)

    def item(self, application_id: str) -> AgendaItem:
        found = next((item for item in self.agenda if item.application_id == application_id), None)
        if found is None:
            raise ItemNotFound
        return found

    def with_item(self, changed: AgendaItem) -> "JurySession":
        return replace(self, agenda=tuple(changed if i.number == changed.number else i for i in self.agenda))

    def _require_quorum(self, present: int, recused_present: int) -> None:
        if not self.rules.quorate(present, recused_present):
            raise NotQuorate(self.rules.may_decide(present, recused_present), self.rules.quorum)

    @property
    def rules(self) -> Procedure:
        if self.procedure is None:
            raise SessionInState(self.status, (S.OPEN,))
        return self.procedure

    def ended(self, *outcomes: ItemStatus) -> tuple[AgendaItem, ...]:
        return tuple(item for item in self.agenda if item.status in outcomes)

    @property
    def results(self) -> tuple[ItemResult, ...]:
        """What anyone may know once the minutes are approved; nothing before."""
        if self.status is not S.MINUTES_APPROVED:
            return ()
        return tuple(ItemResult.of(item) for item in self.agenda)

    def public(self) -> "JurySession":
        """For everyone: when and where; once the minutes are approved what came of each item, without names and titles."""
        items = self.agenda if self.status is S.MINUTES_APPROVED else ()
        agenda = tuple(item.anonymous() for item in items)
        shown = replace(self, agenda=agenda, present=(), opened_by="", minutes_approved_by="", reason="")
        return replace(shown, host_ref="", host_sub="")

    def require(self, *allowed: SessionStatus) -> None:
        if self.status not in allowed:
            raise SessionInState(self.status, allowed)

    def require_kind(self, *allowed: SessionKind) -> None:
        if self.kind not in allowed:
            raise OtherKindOfSession(self.kind)
