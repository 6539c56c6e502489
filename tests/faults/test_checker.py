"""The checker can see: each wrong that is put into sound evidence is told, under its own name, and nothing else is."""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.checker import Acknowledged, told
from tests.faults.evidence import Evidence, Message

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
Rows = dict[str, dict[str, list[dict[str, Any]]]]


def _said(id: str, fact: str, aggregate: str, sequence: int, **body: Any) -> Message:
    return Message("FUNDS", int(id), id, fact, aggregate, sequence, AT, body)


MESSAGES = (
    _said("1", "grant_awarded", "g", 1, state={"application_id": "a", "region": "114009"}),
    _said("2", "ledger_posted", "b", 1, number=1, kind="release", grant_id="", lines=[
        {"account": "title", "amount_cents": -500}, {"account": "available", "amount_cents": 500}]),
    _said("3", "ledger_posted", "b", 2, number=2, kind="commit", grant_id="g", lines=[
        {"account": "available", "amount_cents": -200}, {"account": "committed", "amount_cents": 200}]),
    _said("4", "payment_released", "p", 1, state={"contact_ref": "anna"}),
)  # fmt: skip
ACKNOWLEDGED = Acknowledged("Award", {"g": 1}, ("funds", "grants", {"application_id": "a"}))
KEPT = {"available": 300, "blocked": 0, "committed": 200, "paid": 0, "carried": 0, "receivable": 0, "lapsed": 0}
SOURCE = "funds/jury_session/s"


def _rows() -> Rows:
    """What the stores hold when all went well."""
    entry = {
        "_id": "e", "source_key": SOURCE, "starts_at": AT, "ends_at": AT + timedelta(hours=2), "status": "published",
        "place": {"name": "Rathaus"}, "description": "Sitzung", "capacity": 2,
    }  # fmt: skip
    session = {key: entry[key] for key in ("starts_at", "ends_at")} | {"status": "planned", "place": "Rathaus"}
    letter = {"template": "t", "status": "delivered", "reason": ""}
    follower = {
        "_id": "f", "status": "confirmed", "consents": [{"act": "confirmed", "at": AT - timedelta(days=1)}],
        "subscriptions": [{"kinds": ["awards"], "regions": ["11"]}],
    }  # fmt: skip
    outbox = [{"_id": m.id, "type": m.fact, "aggregate": m.aggregate, "seq": m.sequence} for m in MESSAGES]
    return {
        "actors": {},
        "funds": {
            "outbox": outbox,
            "budgets": [{"_id": "b", "title_id": "t", "year": 2027} | {f"{k}_cents": v for k, v in KEPT.items()}],
            "titles": [{"_id": "t", "years": [{"year": 2027, "released_cents": 500}]}],
            "grants": [{"_id": "g", "application_id": "a", "approved_cents": 200, "paid_cents": 0}],
            "sessions": [{"_id": "s", "title": "Sitzung", **session}],
        },
        "events": {
            "calendar_events": [entry],
            "registrations": [{"event_id": "e", "person_ref": "x", "seats": 2, "status": "confirmed"}],
        },
        "notify": {
            "notifications": [
                {"_id": "l1", "cause": "1", "recipient": {"ref": "f"}, **letter},
                {"_id": "l2", "cause": "4", "recipient": {"ref": "anna"}, **letter},
            ],
            "subscribers": [follower],
        },
    }


def _evidence(rows: Rows, messages: tuple[Message, ...] = MESSAGES, **mails: int) -> Evidence:
    frozen = {service: {name: tuple(found) for name, found in kept.items()} for service, kept in rows.items()}
    return Evidence(messages, (), frozen, Counter({"l1": 1, "l2": 1} | mails))


def test_of_sound_evidence_nothing_is_told() -> None:
    report = told(_evidence(_rows()), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report


def _one(rows: Rows, service: str, collection: str, number: int = 0) -> dict[str, Any]:
    return rows[service][collection][number]


WRONG: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "a fact that is in no stream": ("lost", lambda r: r["funds"]["outbox"].append(
        {"_id": "9", "type": "x", "aggregate": "z", "seq": 1})),
    "a hole in a store": ("lost", lambda r: _one(r, "funds", "outbox", 3).update(seq=2)),
    "a parked message": ("lost", lambda r: r["notify"].update(parked=[{"type": "x", "_id": "y", "reason": "z"}])),
    "a letter that never came": ("lost", lambda r: r["notify"]["notifications"].append(
        {"_id": "l3", "cause": "4", "recipient": {"ref": "anna"}, "template": "u", "status": "delivered"})),
    "a letter that was given up": ("lost", lambda r: _one(r, "notify", "notifications").update(
        status="dropped", reason="ERASED")),
    "nobody written to": ("lost", lambda r: r["notify"]["notifications"].pop(1)),
    "a follower not written to": ("lost", lambda r: _one(r, "notify", "notifications").update(
        recipient={"ref": "another"})),
    "an answer without its row": ("lost", lambda r: _one(r, "funds", "grants").update(application_id="other")),
    "a message that never happened": ("twice", lambda r: r["funds"]["outbox"].pop(3)),
    "an answer with two rows": ("twice", lambda r: r["funds"]["grants"].append(_one(r, "funds", "grants"))),
    "two letters for one cause": ("twice", lambda r: r["notify"]["notifications"].append(
        _one(r, "notify", "notifications"))),
    "two places for one": ("twice", lambda r: r["events"]["registrations"].append(
        {**_one(r, "events", "registrations"), "seats": 0})),
    "more seats than there are": ("twice", lambda r: _one(r, "events", "registrations").update(seats=3)),
    "a balance that is off": ("astray", lambda r: _one(r, "funds", "budgets").update(available_cents=301)),
    "a title that gave another sum": ("astray", lambda r: _one(r, "funds", "titles")["years"][0].update(
        released_cents=501)),
    "a grant that was paid by nothing": ("astray", lambda r: _one(r, "funds", "grants").update(paid_cents=1)),
    "no entry": ("calendar", lambda r: _one(r, "events", "calendar_events").update(source_key="funds/jury_session/t")),
    "an entry at another time": ("calendar", lambda r: _one(r, "events", "calendar_events").update(starts_at=None)),
    "an entry elsewhere": ("calendar", lambda r: _one(r, "events", "calendar_events").update(place={"name": "Hof"})),
    "an entry of another name": ("calendar", lambda r: _one(r, "events", "calendar_events").update(description="?")),
    "an entry that takes place": ("calendar", lambda r: _one(r, "funds", "sessions").update(status="cancelled")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_in_a_store_is_told(wrong: str) -> None:
    part, harm = WRONG[wrong]
    rows = copy.deepcopy(_rows())
    harm(rows)
    counts = told(_evidence(rows), [ACKNOWLEDGED]).counts()
    assert counts[part], counts


@pytest.mark.parametrize(
    ("messages", "part"),
    [
        (MESSAGES[1:], "lost"),
        ((MESSAGES[0], MESSAGES[2], MESSAGES[1], MESSAGES[3]), "disorder"),
        ((*MESSAGES, replace(MESSAGES[0], id="1b", sequence=2)), "twice"),
    ],
    ids=["one is missing", "two are the wrong way round", "one award is said twice"],
)
def test_what_is_wrong_in_a_stream_is_told(messages: tuple[Message, ...], part: str) -> None:
    counts = told(_evidence(_rows(), messages), [ACKNOWLEDGED]).counts()
    assert counts[part], counts


def test_a_letter_that_came_twice_or_to_nobody_is_told() -> None:
    report = told(_evidence(_rows(), l1=2, stranger=1), [ACKNOWLEDGED])
    assert len(report.mails_twice) == 1
    assert len(report.twice) == 1
