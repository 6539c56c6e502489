"""What happened to a jury session."""

from dataclasses import dataclass
from datetime import datetime

from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.session_result import ItemResult


@dataclass(frozen=True, slots=True)
class SessionPlanned:
    state: JurySession


@dataclass(frozen=True, slots=True)
class SessionMoved:
    state: JurySession
    previous_starts_at: datetime


@dataclass(frozen=True, slots=True)
class SessionInvited:
    state: JurySession
    member_refs: tuple[str, ...]

    @property
    def agenda(self) -> tuple[AgendaItem, ...]:
        return self.state.agenda


@dataclass(frozen=True, slots=True)
class SessionOpened:
    state: JurySession

    @property
    def procedure(self) -> Procedure:
        return self.state.rules

    @property
    def present(self) -> int:
        return self.state.attended or len(self.state.present)

    @property
    def seats(self) -> int:
        return self.state.rules.seats

    @property
    def procedure_sha256(self) -> str:
        return self.state.procedure_sha256


@dataclass(frozen=True, slots=True)
class SessionClosed:
    state: JurySession

    @property
    def awarded(self) -> int:
        return len(self.state.ended(ItemStatus.AWARDED))

    @property
    def declined(self) -> int:
        return len(self.state.ended(ItemStatus.DECLINED))

    @property
    def deferred(self) -> int:
        return len(self.state.ended(ItemStatus.DEFERRED))


@dataclass(frozen=True, slots=True)
class SessionReopened:
    state: JurySession


@dataclass(frozen=True, slots=True)
class SessionCancelled:
    state: JurySession


@dataclass(frozen=True, slots=True)
class MinutesApproved:
    state: JurySession

    @property
    def procedure(self) -> Procedure:
        return self.state.rules

    @property
    def results(self) -> tuple[ItemResult, ...]:
        return self.state.results

    @property
    def requested_cents(self) -> int:
        return sum(item.requested_cents for item in self.state.agenda)

    @property
    def approved_cents(self) -> int:
        return sum(item.approved_cents for item in self.state.agenda)
