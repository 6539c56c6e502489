"""The dossier of a session (Sitzungsmappe): what the jury must have read before it decides, in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.funds.domain.agenda_item import AgendaItem
from services.funds.domain.application import Application
from services.funds.domain.budget import Budget
from services.funds.domain.grant import ANONYMOUS
from services.funds.domain.jury_session import JurySession


@dataclass(frozen=True, slots=True)
class DossierItem:
    """One application on the agenda. `applicant` is an organisation's name; a private person has none here."""

    item: AgendaItem
    application: Application
    applicant: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """`requested_cents` is what the agenda asks for in all; `budget` is the pot as it stands now."""

    session: JurySession
    budget: Budget
    items: tuple[DossierItem, ...]

    @property
    def requested_cents(self) -> int:
        return sum(one.item.requested_cents for one in self.items)

    @property
    def left_after_all_cents(self) -> int:
        """What would be left if all got what they ask for; negative when the pot is too small."""
        return self.budget.available_cents - sum(one.item.requested_cents for one in self.items if _waits(one.item))


def dossier(
    session: JurySession, budget: Budget, applications: Mapping[str, Application], names: Mapping[str, str]
) -> Dossier:
    items = tuple(
        DossierItem(item, application, _applicant(application, names))
        for item in session.agenda
        if (application := applications.get(item.application_id)) is not None
    )
    return Dossier(session, budget, items)


def _applicant(application: Application, names: Mapping[str, str]) -> str:
    return ANONYMOUS if application.is_private_person else names.get(application.applicant_actor_id, "")


def _waits(item: AgendaItem) -> bool:
    return item.concluded_at is None
