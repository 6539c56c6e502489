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
TITLES = ("title", "name", "grant_title", "fund_name")
# Of the amounts that a message has, the first of these says most.
AMOUNTS = (
    "amount_cents", "paid_cents", "approved_cents", "total_cents", "requested_cents", "released_cents", "planned_cents",
)  # fmt: skip
COUNTS = ("present", "seats", "awarded", "declined", "deferred")
MOMENTS = ("info_due_on", "closes_on", "starts_at", "paid_on")
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
    """What it is about: amount, title, day, as far as the message says them."""
    return "  ".join(_details(message.body))


def _details(body: dict[str, Any]) -> Iterator[str]:
    found = body.get("state")
    state: dict[str, Any] = found if isinstance(found, dict) else {}
    if isinstance(body.get("kind"), str):
        yield _printable(body["kind"]).replace("_", " ")
    yield from _amount(body, state)
    yield from (f"{key} {body[key]}" for key in COUNTS if isinstance(body.get(key), int) and body[key])
    if state.get("target_region") and isinstance(state.get("kind"), str):
        yield _printable(state["kind"]).replace("_", " ")
    of = body.get("calendar_event")
    about = of if isinstance(of, dict) else state
    title = next((about[key] for key in TITLES if isinstance(about.get(key), str) and about[key]), "")
    if title:
        yield f"“{_printable(title)}”"
    moment = next((state[key] for key in MOMENTS if isinstance(state.get(key), str) and state[key]), "")
    if moment:
        yield _moment(moment)


def _amount(body: dict[str, Any], state: dict[str, Any]) -> Iterator[str]:
    lines = body.get("lines")
    if isinstance(lines, list):
        # A posting: what one side gains the other loses.
        gained = [
            one["amount_cents"] for one in lines if isinstance(one, dict) and isinstance(one.get("amount_cents"), int)
        ]
        yield euros(sum(cents for cents in gained if cents > 0))
        return
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
    return f"{moment.astimezone(BERLIN):%d %b %Y, %H:%M}"


def _printable(text: str) -> str:
    """Nothing in a message gets to move the cursor or colour the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def line(message: Said, width: int) -> Text:
    """The message as one line for a terminal of this width."""
    text = Text()
    text.append(f"{day(message.time)}  ", style="dim")
    place = Text(region(message.region))
    place.truncate(22, overflow="ellipsis", pad=True)
    text.append_text(place).append("  ")
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
