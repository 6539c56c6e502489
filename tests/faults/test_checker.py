"""The checker can see: each wrong that is put into sound evidence is told, under its own name, and nothing else is."""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.checker import VOTES, Acknowledged, told
from tests.faults.evidence import Evidence, Message

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
Rows = dict[str, dict[str, list[dict[str, Any]]]]


def _said(id: str, fact: str, aggregate: str, sequence: int, **body: Any) -> Message:
    return Message("FUNDS", int(id), id, fact, aggregate, sequence, AT, body)


RESULT = {"number": 1, "outcome": "awarded", "yes": 2, "no": 1, "abstain": 0}
MESSAGES = (
    _said("1", "grant_awarded", "g", 1, state={"application_id": "a", "region": "114009"}),
    _said("2", "ledger_posted", "b", 1, number=1, kind="release", grant_id="", lines=[
        {"account": "title", "amount_cents": -500}, {"account": "available", "amount_cents": 500}]),
    _said("3", "ledger_posted", "b", 2, number=2, kind="commit", grant_id="g", lines=[
        {"account": "available", "amount_cents": -200}, {"account": "committed", "amount_cents": 200}]),
    _said("4", "payment_released", "p", 1, state={"contact_ref": "anna"}),
    _said("5", "ledger_posted", "b", 3, number=3, kind="uncommit", grant_id="g", lines=[
        {"account": "committed", "amount_cents": -200}, {"account": "available", "amount_cents": 200}]),
    _said("6", "minutes_approved", "s", 1, results=[RESULT]),
)  # fmt: skip
ACKNOWLEDGED = Acknowledged("Award", {"g": 1}, ("funds", "grants", {"application_id": "a"}))
KEPT = {"available": 500, "blocked": 0, "committed": 0, "paid": 0, "carried": 0, "receivable": 0, "lapsed": 0}
SOURCE = "funds/jury_session/s"


def _rows() -> Rows:
    """What the stores hold when all went well."""
    entry = {
        "_id": "e", "source_key": SOURCE, "starts_at": AT, "ends_at": AT + timedelta(hours=2), "status": "published",
        "place": {"name": "Rathaus"}, "description": "Sitzung", "capacity": 2,
    }  # fmt: skip
    session = {key: entry[key] for key in ("starts_at", "ends_at")} | {"status": "minutes_approved", "place": "Rathaus"}
    session |= {"agenda": [_item()], "procedure": {"quorum_percent": 50, "seats": 5}}
    grant = {
        "_id": "g", "application_id": "a", "session_id": "s", "status": "settled", "approved_cents": 200,
        "paid_cents": 0, "returned_cents": 200, "refund_claimed_cents": 0, "refunded_cents": 0, "accepted_cents": 150,
    }  # fmt: skip
    receipt = {"supplier": "x", "number": "1", "issued_on": AT, "amount_cents": 150, "accepted_cents": 150}
    claim = {"grant_id": "g", "status": "accepted", "lump_sum_cents": 0, "receipts": [receipt]}
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
            "grants": [grant],
            "claims": [claim],
            "ballots": [{"_id": "v", "result": {"papers": 2, "lines": [{"proposal_id": "q", "votes": 3}]}}],
            "ballot_papers": [
                {"ballot_id": "v", "choices": [{"proposal_id": "q", "votes": votes}]} for votes in (1, 2)
            ],
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


def _item() -> dict[str, Any]:
    choices = {"one": "yes", "two": "yes", "three": "no"}
    return {
        "number": 1, "application_id": "a", "status": "awarded", "motion": {"amount_cents": 200},
        "recusals": [{"member_id": "four"}], "present": ["one", "two", "three", "four"],
        "votes": [{"member_id": member, "choice": choice} for member, choice in choices.items()],
    }  # fmt: skip


def _evidence(rows: Rows, messages: tuple[Message, ...] = MESSAGES, **mails: int) -> Evidence:
    frozen = {service: {name: tuple(found) for name, found in kept.items()} for service, kept in rows.items()}
    return Evidence(messages, (), frozen, Counter({"l1": 1, "l2": 1} | mails))


def test_of_sound_evidence_nothing_is_told() -> None:
    report = told(_evidence(_rows()), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report


def _one(rows: Rows, service: str, collection: str, number: int = 0) -> dict[str, Any]:
    return rows[service][collection][number]


def _the_item(rows: Rows) -> dict[str, Any]:
    item: dict[str, Any] = _one(rows, "funds", "sessions")["agenda"][0]
    return item


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
    "two votes of one member": ("twice", lambda r: _the_item(r)["votes"].append({"member_id": "three", "choice": "no"})),
    "a receipt in two claims": ("twice", lambda r: r["funds"]["claims"].append(
        {**_one(r, "funds", "claims"), "grant_id": "h"})),
    "a receipt in a claim and a proof": ("twice", lambda r: _one(r, "funds", "grants").update(proof={
        "accepted_at": AT, "accepted_cents": 150, "receipts": _one(r, "funds", "claims")["receipts"]})),
    "a vote that counts for a recused member": ("decisions", lambda r: _the_item(r)["votes"][0].update(member_id="four")),
    "a vote that went another way": ("decisions", lambda r: _the_item(r)["votes"][1].update(choice="no")),
    "a vote that minutes do not know": ("decisions", lambda r: _the_item(r)["votes"].pop(2)),
    "a decision without a quorum": ("decisions", lambda r: _the_item(r).update(present=["one", "two", "four"])),
    "a decision without its grant": ("decisions", lambda r: _one(r, "funds", "grants").update(session_id="t")),
    "a grant of more than the motion": ("decisions", lambda r: _the_item(r)["motion"].update(amount_cents=199)),
    "a declined motion with a majority": ("decisions", lambda r: _the_item(r).update(status="declined")),
    "an item that nobody concluded": ("decisions", lambda r: _the_item(r).update(status="open")),
    "a paper that the result does not know": ("decisions", lambda r: r["funds"]["ballot_papers"].append(
        {"ballot_id": "v", "choices": []})),
    "a paper with other votes": ("decisions", lambda r: _one(r, "funds", "ballot_papers")["choices"][0].update(votes=2)),
    "costs that no claim shows": ("astray", lambda r: _one(r, "funds", "grants").update(accepted_cents=151)),
    "costs that no proof shows": ("astray", lambda r: _one(r, "funds", "grants").update(proof={
        "accepted_at": AT, "accepted_cents": 149, "receipts": []})),
    "a rest that never returned": ("astray", lambda r: _one(r, "funds", "grants").update(returned_cents=199)),
    "a refund that was never posted": ("astray", lambda r: _one(r, "funds", "grants").update(refunded_cents=1)),
    "a claim that was never posted": ("astray", lambda r: _one(r, "funds", "grants").update(refund_claimed_cents=1)),
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
        ((MESSAGES[0], MESSAGES[2], MESSAGES[1], *MESSAGES[3:]), "disorder"),
        ((*MESSAGES[:4], MESSAGES[5]), "astray"),
        (MESSAGES[:5], "decisions"),
        ((*MESSAGES, replace(MESSAGES[0], id="1b", sequence=2)), "twice"),
    ],
    ids=[
        "one is missing",
        "two are the wrong way round",
        "the rest of a settled grant is not posted",
        "no minutes are said",
        "one award is said twice",
    ],
)
def test_what_is_wrong_in_a_stream_is_told(messages: tuple[Message, ...], part: str) -> None:
    counts = told(_evidence(_rows(), messages), [ACKNOWLEDGED]).counts()
    assert counts[part], counts


def test_an_acknowledged_vote_that_is_not_there_as_it_was_cast_is_told() -> None:
    cast = {"session_id": "s", "application_id": "a", "member_id": "one"}
    for choice, lost in (("yes", 0), ("no", 1)):
        done = Acknowledged("CastVote", {}, ("funds", VOTES, cast | {"choice": choice}))
        assert len(told(_evidence(_rows()), [done]).lost) == lost


def test_a_letter_that_came_twice_or_to_nobody_is_told() -> None:
    report = told(_evidence(_rows(), l1=2, stranger=1), [ACKNOWLEDGED])
    assert len(report.mails_twice) == 1
    assert len(report.twice) == 1
