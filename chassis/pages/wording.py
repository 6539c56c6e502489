"""The words of a service's texts, and how instants, money and places are put into them, in German and English."""

import textwrap
import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

import lor
from chassis.ports import BERLIN

LOCALES = {"de": "de_DE", "en": "en_GB"}


@cache
def words(package: str, language: str) -> dict[str, str]:
    """Short texts of a service by name: templates/words.<language>.toml."""
    file = files(f"{package}.templates") / f"words.{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def environment(package: str, folder: str, language: str, *, html: bool) -> Environment:
    """Templates of a folder of a service, and the frame that all pages share; in HTML everything that is no template
    is escaped. An unknown name is an error.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package, f"templates/{folder}"), PackageLoader("chassis", "pages")]),
        autoescape=html,  # noqa: S701 - plain text is written without escaping
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    said = words(package, language)
    made.globals |= {"t": said.__getitem__, "language": language, "is_midnight": _is_midnight}
    filters = {"moment": moment, "day": day, "date": short_date, "clock": clock, "euro": euro, "count": count}
    made.filters |= {name: _in(language, filter) for name, filter in filters.items()}
    made.filters |= {"place": place, "name": lor.name, "wrapped": wrapped, "paragraphs": paragraphs}
    return made


def _in(language: str, filter: Any) -> Any:
    return lambda value: filter(value, language)


def _local(value: str | datetime) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.astimezone(BERLIN)


def _is_midnight(value: str | datetime) -> bool:
    return _local(value).time() == time()


def moment(value: str | datetime, language: str) -> str:
    """Day and time in Berlin. Midnight is written as the end of the day before: that is how deadlines are spoken of."""
    local = _local(value)
    if _is_midnight(local):
        eve = format_date(
            local - timedelta(days=1), "EEEE, d. MMMM y" if language == "de" else "EEEE d MMMM y", LOCALES[language]
        )
        return f"{eve}, 24:00 Uhr" if language == "de" else f"{eve}, midnight at its end"
    return f"{day(local, language)}, {clock(local, language)}"


def day(value: str | datetime, language: str) -> str:
    """Freitag, 22. Januar 2027. A bare date ("2027-01-22") is that day."""
    pattern = "EEEE, d. MMMM y" if language == "de" else "EEEE d MMMM y"
    if isinstance(value, str) and len(value) == len("2027-01-22"):
        return format_date(datetime.fromisoformat(value), pattern, LOCALES[language])
    return format_date(_local(value), pattern, LOCALES[language])


def short_date(value: date, language: str) -> str:
    """22.01.2027, or 22 Jan 2027; of an instant its day in Berlin."""
    local = _local(value).date() if isinstance(value, datetime) else value
    return format_date(local, "dd.MM.y" if language == "de" else "d MMM y", LOCALES[language])


def clock(value: str | datetime, language: str) -> str:
    """The time in Berlin."""
    told = format_time(_local(value).timetz(), "HH:mm", locale=LOCALES[language])
    return f"{told} Uhr" if language == "de" else told


def euro(cents: str | int, language: str) -> str:
    """Whole euros without cents, as people write them."""
    amount = int(cents)
    pattern = {"de": "#,##0 ¤", "en": "¤#,##0"}[language] if amount % 100 == 0 else None
    return format_currency(
        amount / 100, "EUR", format=pattern, locale=LOCALES[language], currency_digits=pattern is None
    )


def count(number: int, language: str) -> str:
    """1.234, or 1,234."""
    return format_decimal(number, locale=LOCALES[language])


def place(region: str) -> str:
    """A region by its name, and a part of a district with the district's."""
    name = lor.name(region)
    return name if len(region) == len("11") else f"{name} ({lor.name(region[:2])})"


def wrapped(text: str) -> str:
    """Plain text in lines of at most 72 characters; addresses stay whole."""
    lines = textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def paragraphs(text: str) -> list[str]:
    """What empty lines part."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
