"""From messages to letters: what of a message is told, to whom, and until when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast

from chassis.envelope import Heard, Meta
from chassis.inbox import Ear, react
from chassis.ports import Transaction
from services.notify.domain.notification import News, Recipient, Source
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.usecases import UseCases

H = TypeVar("H", bound=Heard)
Told = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class About(Generic[H]):
    """One kind of message and its letter. `told` is what the template needs; after `until` nobody is written to."""

    model: type[H]
    template: Template
    told: Callable[[H], Mapping[str, Told]]
    until: Callable[[H], datetime | None] = lambda _: None

    def news(self, message: H, meta: Meta) -> News:
        region: str = cast(Any, message).state.region
        # Calendars replace a date by one of the same uid with a higher sequence: a later message has one.
        told: dict[str, Told] = {"calendar_sequence": meta.sequence, **self.told(message)}
        data = {name: _string(value) for name, value in told.items()}
        return News(meta.id, region, self.template, meta.time, data, valid_until=self.until(message))


def tell_persons(do: UseCases, about: About[H], source: Source, whom: Callable[[H], tuple[str, ...]]) -> Ear:
    """Write to those whose person_refs are in the message; "" is nobody."""

    async def on_message(tx: Transaction, message: H, meta: Meta) -> None:
        news = about.news(message, meta)
        for person_ref in filter(None, whom(message)):
            await do.letters.write_to(tx, Recipient(source, person_ref), news)

    return react(about.model, on_message)


def tell_followers(do: UseCases, about: About[H], kind: NewsKind, when: Callable[[H], bool] = lambda _: True) -> Ear:
    """Write to all who follow this kind of news of the message's region."""

    async def on_message(tx: Transaction, message: H, meta: Meta) -> None:
        if when(message):
            news = about.news(message, meta)
            await do.letters.write_to_followers(tx, kind, (news.region,), news)

    return react(about.model, on_message)


def _string(value: Told) -> str:
    """Instants and days in ISO 8601, "" for nothing."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
