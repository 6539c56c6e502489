"""The checker: counts what is there, from messages, stores and mails alone; it shares no line with what it checks."""

import asyncio
import email
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nats
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

SERVICES = ("actors", "funds", "events", "notify")
ACCOUNTS = ("available", "blocked", "committed", "paid", "carried", "receivable", "lapsed")
# Facts that are said once in the life of what they speak of.
ONCE = frozenset(
    {
        "actor_registered", "title_planned", "fund_created", "budget_planned", "budget_released", "round_planned",
        "session_planned", "application_submitted", "application_admitted", "application_approved", "grant_awarded",
        "grant_agreed", "payment_ordered", "payment_released", "payment_paid", "registration_confirmed",
    }
)  # fmt: skip
# Facts of which somebody is written to, and how the message names the person.
WRITTEN = {
    "application_submitted": "contact_ref",
    "application_approved": "contact_ref",
    "payment_released": "contact_ref",
    "registration_confirmed": "person_ref",
    "registration_waitlisted": "person_ref",
}
# Who hears whom, each through one durable.
DURABLES = {
    "ACTORS": ("funds-actors", "events-actors"),
    "FUNDS": ("events-funds", "notify-funds"),
    "EVENTS": ("notify-events",),
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Places:
    """Where to read: the NATS server with its login, the URI of each store, the folder in which the mail sink keeps its mails."""

    nats: str
    stores: Mapping[str, str]
    mail: Path
    login: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Acknowledged:
    """A command that was answered: the newest sequence of each aggregate, and what must be there exactly once.

    `one` names a store's collection and the fields by which the one row is found.
    """

    rpc: str
    sequences: Mapping[str, int]
    one: tuple[str, str, Mapping[str, Any]] | None = None


@dataclass
class Report:
    """What is wrong, a sentence each; nothing in any of them is what everybody wants."""

    acknowledged: int = 0
    facts: int = 0
    mails: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    calendar: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    mails_twice: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """All but mails that came twice and repeats in a stream, which the guarantee knows and a round bounds."""
        parts = ("lost", "twice", "astray", "disorder", "calendar")
        return [f"{part}: {sentence}" for part in parts for sentence in getattr(self, part)]

    def counts(self) -> dict[str, int]:
        return {name: len(found) for name, found in vars(self).items() if isinstance(found, list)}


@dataclass(frozen=True)
class Message:
    """A copy as it lies in a stream."""

    stream: str
    number: int
    id: str
    fact: str
    aggregate: str
    sequence: int
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """All that there is: first copies of all messages in order, later copies, rows by service and collection, mails."""

    messages: tuple[Message, ...]
    copies: tuple[Message, ...]
    rows: Mapping[str, Mapping[str, tuple[Row, ...]]]
    mails: Mapping[str, int]

    def of(self, *facts: str) -> Iterator[Message]:
        return (message for message in self.messages if message.fact in facts)


async def examine(places: Places, acknowledged: Iterable[Acknowledged]) -> Report:
    """Read everything and say what is wrong; the system should have nothing left to do (see `unsettled`)."""
    found = await gather(places)
    done = list(acknowledged)
    report = Report(acknowledged=len(done), facts=len(found.messages), mails=sum(found.mails.values()))
    _facts(found, report)
    _answers(found, done, report)
    _effects(found, report)
    _money(found, report)
    _calendar(found, report)
    _mails(found, report)
    return report


async def gather(places: Places) -> Evidence:
    copies = [message for service in SERVICES for message in await _stream(places, service.upper())]
    firsts: dict[str, Message] = {}
    later = []
    for message in copies:
        if message.id in firsts:
            later.append(message)
        else:
            firsts[message.id] = message
    rows = {name: await asyncio.to_thread(_rows, places.stores[name], name) for name in SERVICES}
    return Evidence(tuple(firsts.values()), tuple(later), rows, _mail_ids(places.mail))


async def _stream(places: Places, stream: str) -> list[Message]:
    client = await nats.connect(places.nats, connect_timeout=3, **places.login)
    try:
        js = client.jetstream(timeout=5)
        end = (await js.stream_info(stream)).state
        found: list[Message] = []
        config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
        subscription = await js.subscribe("kiez.>", stream=stream, ordered_consumer=True, config=config)
        while end.messages:
            message = await subscription.next_msg(timeout=10)
            headers = message.headers or {}
            number = message.metadata.sequence.stream
            fact = headers["ce-type"].rpartition(".")[2]
            order = int(headers["ce-sequence"])
            found.append(
                Message(stream, number, headers["ce-id"], fact, headers["ce-subject"], order, json.loads(message.data))
            )
            if number >= end.last_seq:
                break
        return found
    finally:
        await client.close()


def _rows(uri: str, database: str) -> dict[str, tuple[Row, ...]]:
    with MongoClient[dict[str, Any]](uri, tz_aware=True, serverSelectionTimeoutMS=5000) as client:
        names = client[database].list_collection_names()
        return {name: tuple(client[database][name].find()) for name in names}


def _mail_ids(folder: Path) -> Counter[str]:
    ids: Counter[str] = Counter()
    for path in folder.glob("*.eml"):
        named = str(email.message_from_bytes(path.read_bytes()).get("Message-ID", path.name))
        ids[named.strip("<> ").partition("@")[0]] += 1
    return ids


def _facts(found: Evidence, report: Report) -> None:
    """Each fact that a store holds is in its stream, each in a stream is in a store, and each aggregate's in order."""
    said = {message.id for message in found.messages}
    written: set[str] = set()
    for service in SERVICES:
        orders = defaultdict(list)
        for row in found.rows[service].get("outbox", ()):
            written.add(row["_id"])
            orders[row["aggregate"]].append(row["seq"])
            if row["_id"] not in said:
                report.lost.append(f"{row['type']} {row['_id']} of {service} is not in its stream")
        for aggregate, sequences in orders.items():
            if sorted(sequences) != list(range(1, len(sequences) + 1)):
                report.lost.append(f"{service} has {sorted(sequences)} of {aggregate}")
        for row in found.rows[service].get("parked", ()):
            report.lost.append(f"{service} parked {row['type']} {row['_id']}: {row['reason']}")
    for message in found.messages:
        if message.id not in written:
            report.twice.append(f"{message.fact} {message.id} was said, and never happened")
    last: Counter[str] = Counter()
    for message in found.messages:
        if message.sequence != last[message.aggregate] + 1:
            before = last[message.aggregate]
            report.disorder.append(f"{message.fact} of {message.aggregate}: {message.sequence} after {before}")
        last[message.aggregate] = max(last[message.aggregate], message.sequence)
    report.repeats += [f"{copy.fact} {copy.id} again at {copy.stream} {copy.number}" for copy in found.copies]


def _answers(found: Evidence, done: list[Acknowledged], report: Report) -> None:
    """Whatever was acknowledged is there, once."""
    said = {(message.aggregate, message.sequence) for message in found.messages}
    for one in done:
        for aggregate, sequence in one.sequences.items():
            if (aggregate, sequence) not in said:
                report.lost.append(f"{one.rpc} was acknowledged: no message {sequence} of {aggregate}")
        if one.one is None:
            continue
        place, collection, fields = one.one
        rows = found.rows[place].get(collection, ())
        count = sum(all(_at(row, path) == value for path, value in fields.items()) for row in rows)
        if count == 0:
            report.lost.append(f"{one.rpc} was acknowledged: nothing in {collection} with {dict(fields)}")
        if count > 1:
            report.twice.append(f"{one.rpc} was acknowledged once: {count} in {collection} with {dict(fields)}")


def _at(row: Row, path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _effects(found: Evidence, report: Report) -> None:
    """What happens once in a life has happened once; each award, payment and calendar entry has its one cause."""
    said = Counter((message.fact, message.aggregate) for message in found.of(*ONCE))
    # Whoever is asked for more hands the application in again.
    again = Counter(("application_submitted", message.aggregate) for message in found.of("application_info_requested"))
    report.twice += [f"{fact} of {id} was said {n} times" for (fact, id), n in (said - again).items() if n > 1]
    awards = Counter(message.body["state"]["application_id"] for message in found.of("grant_awarded"))
    report.twice += [f"application {id} was awarded {count} times" for id, count in awards.items() if count > 1]
    for service, collection, *fields in (
        ("notify", "notifications", "cause", "recipient", "template"),
        ("events", "calendar_events", "source_key"),
        ("funds", "postings", "budget_id", "number"),
    ):
        keys = Counter(
            json.dumps([row.get(name) for name in fields], default=str)
            for row in found.rows[service].get(collection, ())
        )
        report.twice += [f"{collection} has {key} {count} times" for key, count in keys.items() if count > 1]


def _money(found: Evidence, report: Report) -> None:
    """The ledger, from the messages alone: it sums to zero, and the stores keep the same balances, to the cent."""
    books: dict[str, Counter[str]] = defaultdict(Counter)
    numbers = defaultdict(list)
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    for message in found.of("ledger_posted"):
        body, budget = message.body, message.aggregate
        if sum(line["amount_cents"] for line in body["lines"]) != 0:
            report.astray.append(f"posting {body['number']} of {budget} does not sum to zero")
        numbers[budget].append(body["number"])
        for line in body["lines"]:
            books[budget][line["account"]] += line["amount_cents"]
        if body["grant_id"]:
            amount = max(line["amount_cents"] for line in body["lines"])
            moved[body["kind"], body["grant_id"]].append(amount)
    for budget, posted in numbers.items():
        if posted != list(range(1, len(posted) + 1)):
            report.astray.append(f"budget {budget} has postings {posted}")
    for row in found.rows["funds"].get("budgets", ()):
        kept = {account: row[f"{account}_cents"] for account in ACCOUNTS}
        counted = {account: books[row["_id"]][account] for account in ACCOUNTS}
        if kept != counted or min(kept.values()) < 0:
            report.astray.append(f"budget {row['_id']} keeps {kept}; its messages say {counted}")
    _titles(found, books, report)
    _grants(found, moved, report)


def _titles(found: Evidence, books: Mapping[str, Counter[str]], report: Report) -> None:
    drawn: Counter[tuple[str, int]] = Counter()
    for row in found.rows["funds"].get("budgets", ()):
        drawn[row["title_id"], row["year"]] -= books[row["_id"]]["title"] if row["_id"] in books else 0
    for row in found.rows["funds"].get("titles", ()):
        for year in row["years"]:
            counted = drawn[row["_id"], year["year"]]
            if year["released_cents"] != counted:
                report.astray.append(f"title {row['_id']} gave {year['released_cents']}; its budgets drew {counted}")


def _grants(found: Evidence, moved: Mapping[tuple[str, str], list[int]], report: Report) -> None:
    paid: dict[str, list[int]] = defaultdict(list)
    for payment in found.rows["funds"].get("payments", ()):
        if payment["status"] == "paid":
            paid[payment["grant_id"]].append(payment["amount_cents"])
    for grant in found.rows["funds"].get("grants", ()):
        if moved.get(("commit", grant["_id"])) != [grant["approved_cents"]]:
            report.astray.append(f"grant {grant['_id']}: committed {moved.get(('commit', grant['_id']))}")
        if sorted(moved.get(("pay", grant["_id"]), [])) != sorted(paid[grant["_id"]]):
            report.astray.append(f"grant {grant['_id']}: posted {moved.get(('pay', grant['_id']))}, paid {paid}")
        if grant["paid_cents"] != sum(paid[grant["_id"]]):
            report.astray.append(f"grant {grant['_id']} keeps {grant['paid_cents']} as paid")
    known = {grant["_id"] for grant in found.rows["funds"].get("grants", ())}
    report.astray += [f"a posting names {id}, which is no grant" for kind, id in moved if id not in known]


def _calendar(found: Evidence, report: Report) -> None:
    """One entry for each round and session, at its time, in its state, made by itself."""
    entries = {row.get("source_key"): row for row in found.rows["events"].get("calendar_events", ())}
    sources = [("funding_round", row) for row in found.rows["funds"].get("rounds", ())]
    sources += [("jury_session", row) for row in found.rows["funds"].get("sessions", ())]
    for kind, source in sources:
        entry = entries.pop(f"funds/{kind}/{source['_id']}", None)
        if entry is None:
            report.calendar.append(f"{kind} {source['_id']} has no entry")
            continue
        ends = source["ends_at"] if kind == "jury_session" else source["closes_at"]
        if entry["ends_at"] != ends:
            report.calendar.append(f"{kind} {source['_id']} ends {ends}, its entry {entry['ends_at']}")
        if (entry["status"] == "cancelled") != (source["status"] == "cancelled"):
            report.calendar.append(f"{kind} {source['_id']} is {source['status']}, its entry {entry['status']}")
    made = [key for key in entries if key and key.startswith("funds/")]
    report.calendar += [f"{key} stands in the calendar and nowhere else" for key in made]


def _mails(found: Evidence, report: Report) -> None:
    """Everybody who is to be written to is, and each letter came; a letter that came twice is told apart."""
    notifications = found.rows["notify"].get("notifications", ())
    causes = {row["cause"] for row in notifications}
    for message in found.of(*WRITTEN):
        if message.body["state"].get(WRITTEN[message.fact]) and message.id not in causes:
            report.lost.append(f"nobody was written to because of {message.fact} {message.id}")
    for row in notifications:
        came = found.mails.get(row["_id"], 0)
        if row["status"] == "delivered" and came == 0:
            report.lost.append(f"letter {row['_id']} ({row['template']}) is said to be delivered")
        elif row["status"] not in ("delivered", "dropped"):
            report.lost.append(f"letter {row['_id']} ({row['template']}) is {row['status']}: {row.get('reason')}")
        if came > 1:
            report.mails_twice += [f"letter {row['_id']} ({row['template']}) came again"] * (came - 1)
    known = {row["_id"] for row in notifications}
    report.twice += [f"a mail {id} that nobody was to get" for id in found.mails if id not in known]


async def unsettled(places: Places) -> list[str]:
    """What the system still has to do: facts to say, messages to hear, letters to send; an empty list when nothing."""
    try:
        waiting = [
            sentence
            for name in SERVICES
            for sentence in await asyncio.to_thread(_unsettled_rows, places.stores[name], name)
        ]
        return waiting + await _unheard(places)
    except (PyMongoError, NatsError, OSError, TimeoutError) as error:
        return [f"{type(error).__name__}: {error}"[:200]]


def _unsettled_rows(uri: str, name: str) -> list[str]:
    with MongoClient[dict[str, Any]](uri, tz_aware=True, serverSelectionTimeoutMS=2000, socketTimeoutMS=5000) as client:
        store = client[name]
        found = [f"{name} has {n} facts to say" for n in [store["outbox"].count_documents({"published_at": None})] if n]
        offset = next(iter(store["clock"].find()), {"milliseconds": 0})["milliseconds"]
        calendar = datetime.now(UTC) + timedelta(milliseconds=offset)
        found += [
            f"{name} has {row['_id']} due since {row['due']}" for row in store["timers"].find() if row["due"] < calendar
        ]
        if name == "notify":
            for status in ("queued", "sending"):
                for row in store["notifications"].find({"status": status}).limit(50):
                    wait = (row["due_at"] - datetime.now(UTC)).total_seconds()
                    found.append(f"letter {row['_id']} ({row['template']}) is {status}, due in {wait:.0f} s")
            found += [f"broadcast {row['_id']} runs" for row in store["broadcasts"].find() if row["keys"]]
        return found


async def _unheard(places: Places) -> list[str]:
    how = {"connect_timeout": 2, "max_reconnect_attempts": 1, "allow_reconnect": False, **places.login}
    client = await nats.connect(places.nats, **how)
    try:
        js = client.jetstream(timeout=3)
        return [sentence for service in SERVICES for sentence in await _unheard_of(js, service.upper())]
    finally:
        await client.close()


async def _unheard_of(js: JetStreamContext, stream: str) -> list[str]:
    try:
        consumers = await js.consumers_info(stream)
    except NotFoundError:
        return [f"there is no stream {stream}"]
    durables = [info for info in consumers if info.config.durable_name]
    gone = set(DURABLES.get(stream, ())) - {info.name for info in durables}
    return [f"{name} is gone" for name in gone] + [
        f"{info.name} has {info.num_pending} to hear and {info.num_ack_pending} in hand"
        for info in durables
        if info.num_pending or info.num_ack_pending
    ]
