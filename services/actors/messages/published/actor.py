"""What actors says of an actor: never a contact, for messages cannot be taken back."""

from datetime import date

from chassis.envelope import Audience, Body, Published
from services.actors.domain.actor import ActorStatus
from services.actors.domain.profile import ActorKind


class ActorState(Body):
    """An actor after the change. Regions are LOR keys; `merged_into` is the id that stands for it since a merge."""

    id: str
    region: str
    kind: ActorKind
    name: str
    short_name: str
    legal_form: str
    status: ActorStatus
    service_regions: tuple[str, ...]
    topics: tuple[str, ...]
    target_groups: tuple[str, ...]
    languages: tuple[str, ...]
    verified_on: date
    merged_into: str
    is_public: bool


class AboutActor(Published):
    """Public as the record is; a draft, and a record that is not public, is said to the services alone."""

    state: ActorState

    def audience_now(self) -> Audience:
        return "pub" if self.state.is_public and self.state.status is not ActorStatus.DRAFT else "int"


class ActorRegistered(AboutActor, audience="pub", why="The city publishes who is active in its neighbourhoods."):
    """An actor was registered, as a draft or active at once."""


class ActorUpdated(AboutActor, audience="pub", why="Who copied a public record must learn that it changed."):
    """The record of an actor changed, or a draft became active.

    A record that was public and is no longer says so publicly once more, with `is_public` false and its last public words: forget it.
    """

    changed_fields: tuple[str, ...]
    was_public: bool

    def audience_now(self) -> Audience:
        return "pub" if self.was_public else super().audience_now()


class ActorVerified(AboutActor, audience="pub", why="How fresh a public record is belongs to it."):
    """Somebody confirmed on `verified_on` that the record is right."""


class ActorArchived(
    AboutActor, audience="pub", why="Who copied a public record must learn that it is no longer active."
):
    """An actor is no longer active; its record and its relations stay."""


class ActorRestored(AboutActor, audience="pub", why="Who copied a public record must learn that it is active again."):
    """An archived actor is active again."""
