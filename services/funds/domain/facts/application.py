"""What happened to an application."""

from dataclasses import dataclass

from services.funds.domain.application import Application


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    state: Application
    late: bool


@dataclass(frozen=True, slots=True)
class ApplicationInfoRequested:
    state: Application
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationInfoOverdue:
    state: Application


@dataclass(frozen=True, slots=True)
class ApplicationAdmitted:
    state: Application
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationRefused:
    state: Application
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationScheduled:
    state: Application


@dataclass(frozen=True, slots=True)
class ApplicationUnscheduled:
    state: Application


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    state: Application


@dataclass(frozen=True, slots=True)
class ApplicationApproved:
    state: Application

    @property
    def outcome(self) -> str:
        return self.state.outcome

    @property
    def conditions(self) -> tuple[str, ...]:
        return self.state.conditions


@dataclass(frozen=True, slots=True)
class ApplicationDeclined:
    state: Application
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionRevised:
    """`previous_cents` is what was awarded before; 0 where it was declined."""

    state: Application
    previous_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationDeferred:
    state: Application
    reason: str
