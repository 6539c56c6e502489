"""A subscriber: someone who asked for news, and confirmed that the address is theirs (double opt-in)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.domain.facts import SubscriberConfirmed, SubscriberSuppressed, SubscriberUnsubscribed
from services.notify.domain.language import Language
from services.notify.domain.refusals import AskedTooOften, LinkOutdated, SubscriberErased
from services.notify.domain.subscription import Subscription

CONSENT_TEXT = "2026-1"
"""The version of the words on the sign-up page to which a person agrees; it moves with templates/pages/subscribe.html."""

CONFIRM_WITHIN = timedelta(days=7)
ASKS_A_DAY = 3


class Channel(StrEnum):
    EMAIL = "email"


class SubscriberStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


class ConsentAct(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the consent log: what was done when, under which text, and by whom if not by the person (a `sub`)."""

    act: ConsentAct
    at: datetime
    text: str = CONSENT_TEXT
    by: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What someone wants but has not confirmed yet; `number` tells one confirmation mail from another."""

    number: int
    language: Language
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person's news; `region` is the first that they followed, `asks` counts the confirmation mails."""

    id: str
    region: str
    person_ref: str
    language: Language
    channel: Channel = Channel.EMAIL
    status: SubscriberStatus = SubscriberStatus.PENDING
    subscriptions: tuple[Subscription, ...] = ()
    asked: Ask | None = None
    asks: int = 0
    confirmed_ask: int = 0
    consents: tuple[Consent, ...] = ()
    version: int = 0

    def ask(self, wanted: tuple[Subscription, ...], language: Language, at: datetime, by: str = "") -> "Subscriber":
        """Want this from now on, instead of what was followed before: nothing changes until it is confirmed."""
        self._refuse_erased()
        recent = [c for c in self.consents if c.act is ConsentAct.ASKED and at - c.at < timedelta(days=1)]
        if len(recent) >= ASKS_A_DAY:
            raise AskedTooOften
        return replace(
            self._log(ConsentAct.ASKED, at, by),
            status=self.status if self.status is SubscriberStatus.CONFIRMED else SubscriberStatus.PENDING,
            asked=Ask(self.asks + 1, language, wanted),
            asks=self.asks + 1,
        )

    def confirm(self, ask: int, at: datetime) -> tuple["Subscriber", tuple[SubscriberConfirmed, ...]]:
        """Follow what was asked for with this mail; the same link may be used again and then changes nothing."""
        self._refuse_erased()
        if ask == self.confirmed_ask and self.status is SubscriberStatus.CONFIRMED:
            return self, ()
        if self.asked is None or ask != self.asked.number:
            raise LinkOutdated
        confirmed = replace(
            self._log(ConsentAct.CONFIRMED, at),
            status=SubscriberStatus.CONFIRMED,
            language=self.asked.language,
            subscriptions=self.asked.subscriptions,
            asked=None,
            confirmed_ask=ask,
        )
        return confirmed, (SubscriberConfirmed(confirmed),)

    def unsubscribe(self, at: datetime) -> tuple["Subscriber", tuple[SubscriberUnsubscribed, ...]]:
        """Follow nothing any more; who never followed or has left already stays as they are."""
        if self.status not in (SubscriberStatus.CONFIRMED, SubscriberStatus.PENDING):
            return self, ()
        left = replace(
            self._log(ConsentAct.WITHDRAWN, at), status=SubscriberStatus.UNSUBSCRIBED, subscriptions=(), asked=None
        )
        return left, (SubscriberUnsubscribed(left),)

    def suppress(self) -> tuple["Subscriber", tuple[SubscriberSuppressed, ...]]:
        """Write no more to an address that takes no mail; signing up again starts anew."""
        if self.status not in (SubscriberStatus.CONFIRMED, SubscriberStatus.PENDING):
            return self, ()
        suppressed = replace(self, status=SubscriberStatus.SUPPRESSED, subscriptions=(), asked=None)
        return suppressed, (SubscriberSuppressed(suppressed),)

    def erase(self) -> "Subscriber":
        """Cut the tie to the person: what stays is that there was someone, and the consent log."""
        self._refuse_erased()
        return replace(self, status=SubscriberStatus.ERASED, person_ref=self.id, subscriptions=(), asked=None)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nothing came of asking: the address is then not kept."""
        return self.status is SubscriberStatus.PENDING

    def found_by(self) -> tuple[str, ...]:
        """What a broadcast finds this subscriber by; nothing unless confirmed."""
        if self.status is not SubscriberStatus.CONFIRMED:
            return ()
        return tuple(sorted({key for subscription in self.subscriptions for key in subscription.found_by()}))

    def _log(self, act: ConsentAct, at: datetime, by: str = "") -> "Subscriber":
        return replace(self, consents=(*self.consents, Consent(act, at, by=by)))

    def _refuse_erased(self) -> None:
        if self.status is SubscriberStatus.ERASED:
            raise SubscriberErased
