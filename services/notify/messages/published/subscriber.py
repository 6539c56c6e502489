"""What notify says of subscribers: to the other services only, and never with an address."""

from typing import Literal

from chassis.envelope import Body, Published


class Subscription(Body):
    """What is followed: kinds of news in regions (LOR keys)."""

    kinds: tuple[Literal["rounds", "awards", "calendar", "announcements"], ...]
    regions: tuple[str, ...]
    cadence: Literal["at_once"]


class SubscriberState(Body):
    """A subscriber without name, address and consent log. `person_ref` is known to whoever knows the address anyway."""

    id: str
    region: str
    person_ref: str
    language: Literal["de", "en"]
    channel: Literal["email"]
    status: Literal["pending", "confirmed", "unsubscribed", "suppressed", "erased"]
    subscriptions: tuple[Subscription, ...]


class SubscriberConfirmed(Published, audience="int", why="It touches a person."):
    """Someone confirmed that the address is theirs, and what they want to hear of."""

    state: SubscriberState


class SubscriberUnsubscribed(Published, audience="int", why="It touches a person."):
    """Someone wants no more news."""

    state: SubscriberState


class SubscriberSuppressed(Published, audience="int", why="It touches a person."):
    """An address took no mail for good; nothing is sent to it any more."""

    state: SubscriberState
