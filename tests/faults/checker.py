"""The checker: counts what is there, from messages, stores and mails alone; it shares no line with what it checks."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.faults.books import astray
from tests.faults.corrections import miscorrected
from tests.faults.courses import decided_twice, misled
from tests.faults.decisions import hands, miscounted, misjudged, voted_twice, votes
from tests.faults.entries import misplaced
from tests.faults.evidence import SERVICES, Evidence, Places, Row, at_path, gather
from tests.faults.receipts import counted_twice, unproven
from tests.faults.refunds import misclaimed

# Facts that are said once in the life of what they speak of.
ONCE = frozenset(
    {
        "actor_registered", "title_planned", "fund_created", "budget_planned", "budget_released", "round_planned",
        "round_opened", "round_closed", "round_decided", "round_published", "session_planned", "application_submitted", "application_admitted", "application_approved", "grant_awarded",
        "grant_agreed", "grant_settled", "payment_ordered", "payment_released", "payment_paid", "claim_submitted",
        "claim_accepted", "proof_submitted", "proof_accepted", "refund_claimed", "session_opened",
        "session_closed", "minutes_approved", "ballot_opened", "ballot_closed", "ballot_result_published", "application_declined", "registration_confirmed",
    }
)  # fmt: skip
# After which others of the same record are said once more.
AGAIN = {
    "application_info_requested": ("application_submitted",),
    "proof_reopened": ("proof_accepted", "refund_claimed"),
    "session_reopened": ("session_closed",),
    "grant_cancelled": ("grant_awarded",),
}
# Facts of which somebody is written to, and how the message names the person.
WRITTEN = {
    "application_submitted": "contact_ref",
    "application_approved": "contact_ref",
    "application_declined": "contact_ref",
    "application_scheduled": "contact_ref",
    "application_deferred": "contact_ref",
    "grant_agreed": "contact_ref",
    "proof_due": "contact_ref",
    "payment_released": "contact_ref",
    "registration_confirmed": "person_ref",
    "registration_waitlisted": "person_ref",
}
# A registration that has its seats, or is asked whether it wants them.
SEATED = ("confirmed", "offered")
# Letters that rightly never come: its reader wants no more of them, or what it tells is over.
GIVEN_UP = (("dropped", "UNSUBSCRIBED"), ("dropped", "PAST"))
# The votes and the counts in sessions, as `Acknowledged.one` names them.
VOTES, HANDS = "sessions.votes", "sessions.hands"
SOON = timedelta(seconds=1)


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
    decisions: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    mails_twice: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """All but mails that came twice and repeats in a stream, which the guarantee knows and a round bounds."""
        parts = ("lost", "twice", "astray", "disorder", "calendar", "decisions")
        return [f"{part}: {sentence}" for part in parts for sentence in getattr(self, part)]

    def counts(self) -> dict[str, int]:
        return {name: len(found) for name, found in vars(self).items() if isinstance(found, list)}


async def examine(places: Places, acknowledged: Iterable[Acknowledged]) -> Report:
    """Read everything and say what is wrong; the system should have nothing left to do (see `unsettled`)."""
    return told(await gather(places), acknowledged)


def told(found: Evidence, acknowledged: Iterable[Acknowledged]) -> Report:
    """What is wrong with this evidence."""
    done = list(acknowledged)
    report = Report(acknowledged=len(done), facts=len(found.messages), mails=sum(found.mails.values()))
    _facts(found, report)
    _answers(found, done, report)
    _effects(found, report)
    report.astray += astray(found)
    _seats(found, report)
    report.twice += [*voted_twice(found), *counted_twice(found), *decided_twice(found)]
    report.astray += [*unproven(found), *misclaimed(found)]
    report.calendar += misplaced(found)
    report.decisions += [*misjudged(found), *miscounted(found), *miscorrected(found), *misled(found)]
    _mails(found, report)
    return report


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
    there: dict[tuple[str, str, tuple[str, ...]], Counter[tuple[Any, ...]]] = {}
    for one in done:
        for aggregate, sequence in one.sequences.items():
            if (aggregate, sequence) not in said:
                report.lost.append(f"{one.rpc} was acknowledged: no message {sequence} of {aggregate}")
        if one.one is None:
            continue
        place, collection, fields = one.one
        paths = tuple(fields)
        if (place, collection, paths) not in there:
            rows = _collection(found, place, collection)
            there[place, collection, paths] = Counter(tuple(at_path(row, path) for path in paths) for row in rows)
        count = there[place, collection, paths][tuple(fields.values())]
        if count == 0:
            report.lost.append(f"{one.rpc} was acknowledged: nothing in {collection} with {dict(fields)}")
        if count > 1:
            report.twice.append(f"{one.rpc} was acknowledged once: {count} in {collection} with {dict(fields)}")


def _collection(found: Evidence, place: str, name: str) -> tuple[Row, ...]:
    of_sessions = {VOTES: votes, HANDS: hands}
    return of_sessions[name](found) if name in of_sessions else found.rows[place].get(name, ())


def _effects(found: Evidence, report: Report) -> None:
    """What happens once in a life has happened once; each award, payment and calendar entry has its one cause."""
    said = Counter((message.fact, message.aggregate) for message in found.of(*ONCE))
    again = Counter((fact, message.aggregate) for message in found.of(*AGAIN) for fact in AGAIN[message.fact])
    undone: Counter[str] = Counter()
    for message in found.of("decision_revised"):
        awarded = message.body["previous_cents"] > 0
        again["application_approved" if awarded else "application_declined", message.aggregate] += 1
        undone[message.aggregate] += awarded
    report.twice += [f"{fact} of {id} was said {n} times" for (fact, id), n in (said - again).items() if n > 1]
    awards = Counter(message.body["state"]["application_id"] for message in found.of("grant_awarded")) - undone
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


def _seats(found: Evidence, report: Report) -> None:
    """Nobody has two places at one calendar event, and no event promises more seats than it has."""
    taken = [row for row in found.rows["events"].get("registrations", ()) if row["status"] in SEATED]
    places = Counter((row["event_id"], row["person_ref"]) for row in taken)
    report.twice += [f"{who} has {count} places at {event}" for (event, who), count in places.items() if count > 1]
    seats: Counter[str] = Counter()
    for row in taken:
        seats[row["event_id"]] += row["seats"]
    for event in found.rows["events"].get("calendar_events", ()):
        if 0 < event["capacity"] < seats[event["_id"]]:
            report.twice.append(f"{event['_id']} has {event['capacity']} seats and gave {seats[event['_id']]}")


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
        elif row["status"] != "delivered" and (row["status"], row.get("reason")) not in GIVEN_UP:
            report.lost.append(f"letter {row['_id']} ({row['template']}) is {row['status']}: {row.get('reason')}")
        if came > row["attempts"]:
            report.twice.append(f"letter {row['_id']} ({row['template']}) came {came} times of {row['attempts']} tries")
        elif came > 1:
            report.mails_twice += [f"letter {row['_id']} ({row['template']}) came again"] * (came - 1)
    _followers(found, report)
    known = {row["_id"] for row in notifications}
    report.twice += [f"a mail {id} that nobody was to get" for id in found.mails if id not in known]


def _followers(found: Evidence, report: Report) -> None:
    """Whoever follows awards, and did before, has a letter about each."""
    told = {(row["cause"], row["recipient"]["ref"]) for row in found.rows["notify"].get("notifications", ())}
    for row in found.rows["notify"].get("subscribers", ()):
        since = [act["at"] for act in row["consents"] if act["act"] == "confirmed"]
        regions = [place for one in row["subscriptions"] if "awards" in one["kinds"] for place in one["regions"]]
        if row["status"] != "confirmed" or len(since) != 1:
            continue
        for message in found.of("grant_awarded"):
            region = message.body["state"]["region"]
            if (
                any(map(region.startswith, regions))
                and message.at > since[0] + SOON
                and (message.id, row["_id"]) not in told
            ):
                report.lost.append(f"{row['_id']} was not written to because of {message.fact} {message.id}")
