"""Messages as a person reads them: one line each, from whatever fields a message has."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

import lor
from chassis.ports import BERLIN
from kiezctl.said import Said

COLOURS = {"actors": "cyan", "funds": "green", "events": "magenta", "notify": "yellow"}
TITLES = ("title", "name", "subject", "project", "purpose")
# What a state is about, beside its title: amounts first, then what happens when, then how it stands.
AMOUNTS = (
    "amount_cents", "awarded_cents", "approved_cents", "requested_cents", "paid_cents", "total_cents", "available_cents",
)  # fmt: skip
MOMENTS = ("closes_at", "opens_at", "starts_at", "start", "due_at", "due_on", "publish_at")
WIDE = 110


def euros(cents: int) -> str:
    """1300000 as "13.000,00 €"."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}{grouped},{rest:02} €"


def day(moment: datetime) -> str:
    """The day as people in Berlin name it: "22 Jan"."""
    return f"{moment.astimezone(BERLIN):%d %b}"


def region(key: str) -> str:
    try:
        return lor.name(key)
    except KeyError:
        return key


def what(message: Said) -> str:
    """The fact in words: "grant awarded"."""
    return message.fact.replace("_", " ")


def details(message: Said) -> str:
    """What it is about: title, amount, day, state, as far as the message says them."""
    return "  ".join(_details(message.body))


def _details(body: dict[str, Any]) -> Iterator[str]:
    found = body.get("state")
    state: dict[str, Any] = found if isinstance(found, dict) else {}
    title = next((state[key] for key in TITLES if isinstance(state.get(key), str) and state[key]), "")
    if title:
        yield f"“{_printable(title)}”"
    yield from _amount(body, state)
    moment = next((state[key] for key in MOMENTS if isinstance(state.get(key), str) and state[key]), "")
    if moment:
        yield _moment(moment)
    if isinstance(state.get("status"), str):
        yield f"({_printable(state['status']).replace('_', ' ')})"


def _printable(text: str) -> str:
    """Nothing in a message gets to move the cursor or colour the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _amount(body: dict[str, Any], state: dict[str, Any]) -> Iterator[str]:
    for part in (body, state):
        for key in AMOUNTS:
            if isinstance(part.get(key), int) and part[key]:
                yield euros(part[key])
                return


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _printable(text)
    if len(text) <= len("2027-01-22"):
        return f"{moment:%d %b %Y}"
    return f"{moment.astimezone(BERLIN):%d %b %Y %H:%M}" if moment.tzinfo else f"{moment:%d %b %Y %H:%M}"


def line(message: Said, width: int) -> Text:
    """The message as one line for a terminal of this width."""
    text = Text()
    text.append(f"{day(message.time)}  ", style="dim")
    text.append(f"{region(message.region)[:22]:<22}  ")
    text.append(f"{message.service:<6}  ", style=COLOURS.get(message.service, ""))
    text.append(what(message), style="bold" if message.is_public else "")
    if not message.is_public:
        text.append(" (internal)", style="dim")
    about = details(message)
    if about:
        text.append(f"  {about}")
    if width >= WIDE and len(text) + len(message.subject) + 2 <= width:
        text.append(f"  {message.subject}", style="dim")
    return text


def show(console: Console, message: Said) -> None:
    """Print it; where no person watches, in full length with its subject and without colour."""
    if console.is_terminal:
        console.print(line(message, console.width), highlight=False, no_wrap=True, overflow="ellipsis")
        return
    about = details(message)
    parts = (
        f"{message.time:%Y-%m-%dT%H:%M:%SZ}",
        region(message.region),
        message.service,
        what(message),
        about,
        message.subject,
    )
    console.print("  ".join(part for part in parts if part), markup=False, highlight=False, soft_wrap=True)
