"""An actor: an organisation, initiative, facility or office that is active in the neighbourhood (Akteur, Träger)."""

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.actors.domain.contact import Visibility
from services.actors.domain.profile import Profile
from services.actors.domain.refusals import WrongStatus


class ActorStatus(StrEnum):
    """A draft becomes active, an active one archived and back."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Profile):
    """A profile with an identity and a life. `merged_into` is the id that stands for it since a merge, else ""."""

    id: str
    status: ActorStatus
    verified_on: date
    merged_into: str = ""
    version: int = 0

    @staticmethod
    def register(id: str, profile: Profile, today: date, *, activate: bool) -> "Actor":
        """A new record, known to be right `today`."""
        status = ActorStatus.ACTIVE if activate else ActorStatus.DRAFT
        return Actor(id=id, status=status, verified_on=today, **_parts(profile))

    @property
    def is_said_publicly(self) -> bool:
        """Whether others may hear of it: a draft is nobody's business yet."""
        return self.is_public and self.status is not ActorStatus.DRAFT

    @property
    def is_active(self) -> bool:
        return self.status is ActorStatus.ACTIVE

    @property
    def is_shown_publicly(self) -> bool:
        return self.is_public and self.is_active

    def update(self, profile: Profile) -> "Actor":
        """Replace the whole profile; what it does not hold is gone."""
        self._be(ActorStatus.DRAFT, ActorStatus.ACTIVE, verb="updated")
        return replace(self, **_parts(profile))

    def activate(self, today: date) -> "Actor":
        self._be(ActorStatus.DRAFT, verb="activated")
        return replace(self, status=ActorStatus.ACTIVE, verified_on=today)

    def verify(self, today: date) -> "Actor":
        """Somebody looked: what the record says is right `today`."""
        self._be(ActorStatus.ACTIVE, verb="verified")
        return replace(self, verified_on=today)

    def archive(self) -> "Actor":
        """A draft that is given up was never public, and does not become so by its end."""
        self._be(ActorStatus.DRAFT, ActorStatus.ACTIVE, verb="archived")
        return replace(self, status=ActorStatus.ARCHIVED, is_public=self.is_shown_publicly)

    def restore(self) -> "Actor":
        self._be(ActorStatus.ARCHIVED, verb="restored")
        return replace(self, status=ActorStatus.ACTIVE)

    def relate(self) -> None:
        """Whether a relation may begin with it now."""
        self._be(ActorStatus.DRAFT, ActorStatus.ACTIVE, verb="related")

    def seen_with(self, clearance: Visibility) -> "Actor":
        """The projection for readers of this clearance: contacts above it are not there."""
        return replace(self, contacts=tuple(c for c in self.contacts if clearance.covers(c.visibility)))

    def _be(self, *allowed: ActorStatus, verb: str) -> None:
        if self.status not in allowed:
            raise WrongStatus(self.status, verb)


def _parts(profile: Profile) -> dict[str, Any]:
    return {field.name: getattr(profile, field.name) for field in fields(Profile)}
