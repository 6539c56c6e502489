"""Evidence of a small world in which all went well, for tests of the checker to harm."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.checker import Acknowledged
from tests.faults.evidence import Evidence, Message

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
# The end of the round.
OVER = AT - timedelta(days=1)
Rows = dict[str, dict[str, list[dict[str, Any]]]]


def said(id: str, fact: str, aggregate: str, sequence: int, **body: Any) -> Message:
    return Message("FUNDS", int(id), id, fact, aggregate, sequence, AT, body)


OF_ROUND = {"round_id": "r", "contact_ref": ""}
RESULT = {"number": 1, "outcome": "awarded", "yes": 2, "no": 1, "abstain": 0}
MESSAGES = (
    said("1", "grant_awarded", "g", 1, state={"application_id": "a", "region": "114009", "approved_cents": 200}),
    said("2", "ledger_posted", "b", 1, number=1, kind="release", grant_id="", lines=[
        {"account": "title", "amount_cents": -500}, {"account": "available", "amount_cents": 500}]),
    said("3", "ledger_posted", "b", 2, number=2, kind="commit", grant_id="g", lines=[
        {"account": "available", "amount_cents": -200}, {"account": "committed", "amount_cents": 200}]),
    said("4", "payment_released", "p", 1, state={"contact_ref": "anna"}),
    said("5", "ledger_posted", "b", 3, number=3, kind="uncommit", grant_id="g", lines=[
        {"account": "committed", "amount_cents": -200}, {"account": "available", "amount_cents": 200}]),
    said("6", "minutes_approved", "s", 1, results=[RESULT]),
    said("7", "application_approved", "a", 1, state=OF_ROUND),
    said("8", "application_deferred", "d", 1, state=OF_ROUND),
    *(said(f"{8 + n}", f"round_{step}", "r", n) for n, step in enumerate(("opened", "closed", "decided", "published"), 1)),
    said("13", "refund_claimed", "g", 2, amount_cents=50),
    said("14", "proof_reopened", "g", 3),
    said("15", "ledger_posted", "b", 4, number=4, kind="refund_claimed", grant_id="g", lines=[
        {"account": "paid", "amount_cents": -50}, {"account": "receivable", "amount_cents": 50}]),
    said("16", "ledger_posted", "b", 5, number=5, kind="refund_claim_withdrawn", grant_id="g", lines=[
        {"account": "receivable", "amount_cents": -50}, {"account": "paid", "amount_cents": 50}]),
)  # fmt: skip
ACKNOWLEDGED = Acknowledged("Award", {"g": 1}, ("funds", "grants", {"application_id": "a"}))
KEPT = {"available": 500, "blocked": 0, "committed": 0, "paid": 0, "carried": 0, "receivable": 0, "lapsed": 0}
SOURCE = "funds/jury_session/s"


def sound_rows() -> Rows:
    """What the stores hold when all went well."""
    entry = {
        "_id": "e", "source_key": SOURCE, "starts_at": AT, "ends_at": AT + timedelta(hours=2), "status": "published",
        "place": {"name": "Rathaus"}, "description": "Sitzung", "capacity": 2,
    }  # fmt: skip
    session = {key: entry[key] for key in ("starts_at", "ends_at")} | {"status": "minutes_approved", "place": "Rathaus"}
    session |= {
        "agenda": [an_item()],
        "kind": "meeting",
        "procedure": {"quorum_percent": 50, "quorum_count": 0, "seats": 5},
    }
    assembly = session | {
        "_id": "z",
        "title": "Sitzung",
        "status": "open",
        "agenda": [a_counted_item(), a_waiting_item()],
    }
    assembly |= {"procedure": {"quorum_percent": 0, "quorum_count": 10, "seats": 0}}
    entries = [entry, entry | {"_id": "ez", "source_key": "funds/jury_session/z"}]
    entries += [
        entry | {"_id": "er", "source_key": "funds/funding_round/r", "ends_at": OVER, "description": "Runde: bis"}
    ]
    grant = {
        "_id": "g", "application_id": "a", "session_id": "s", "status": "settled", "approved_cents": 200,
        "paid_cents": 0, "returned_cents": 200, "refund_claimed_cents": 0, "refunded_cents": 0, "accepted_cents": 150,
    }  # fmt: skip
    handed_in = {"round_id": "r", "submitted_at": OVER - timedelta(days=1)}
    receipt = {"supplier": "x", "number": "1", "issued_on": AT, "amount_cents": 150, "accepted_cents": 150}
    claim = {"grant_id": "g", "status": "accepted", "lump_sum_cents": 0, "receipts": [receipt]}
    letter = {"template": "t", "status": "delivered", "reason": "", "attempts": 1}
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
            "sessions": [{"_id": "s", "title": "Sitzung", **session}, assembly],
            "rounds": [{"_id": "r", "name": "Runde", "status": "published", "closes_at": OVER}],
            "applications": [
                {
                    "_id": "a",
                    "session_id": "s",
                    "status": "approved",
                    **handed_in,
                    "course": [{"status": "approved", "at": AT}],
                },
                {"_id": "d", "session_id": "z", "status": "scheduled", **handed_in, "course": []},
            ],
        },
        "events": {
            "calendar_events": entries,
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


def an_item() -> dict[str, Any]:
    """Decided by three votes, of which one was corrected, and one is of a member who was taken to be recused."""
    choices = {"one": "yes", "two": "yes", "three": "no"}
    return {
        "number": 1, "application_id": "a", "status": "awarded", "motion": {"amount_cents": 200},
        "recusals": [{"member_id": "four"}], "present": ["one", "two", "three", "four"],
        "votes": [{"member_id": member, "choice": choice} for member, choice in choices.items()], "hands": None,
        "corrected_votes": [{"member_id": "three", "before": "yes", "after": "no"}], "corrected_counts": [],
        "corrected_recusals": [{"before": {"member_id": "two"}}],
    }  # fmt: skip


def a_counted_item() -> dict[str, Any]:
    """Decided by hands, which were counted wrongly first."""
    before = {"yes": 9, "no": 6, "abstain": 1, "present": 20}
    counted = {"hands": before | {"yes": 6, "no": 9}, "corrected_counts": [{"before": before}], "present": []}
    nobody: dict[str, Any] = {"votes": [], "recusals": [], "corrected_votes": [], "corrected_recusals": []}
    return an_item() | nobody | counted | {"application_id": "c", "status": "declined"}


def a_waiting_item() -> dict[str, Any]:
    return a_counted_item() | {
        "number": 2,
        "application_id": "d",
        "status": "open",
        "hands": None,
        "corrected_counts": [],
    }


def evidence(rows: Rows, messages: tuple[Message, ...] = MESSAGES, **mails: int) -> Evidence:
    frozen = {service: {name: tuple(found) for name, found in kept.items()} for service, kept in rows.items()}
    return Evidence(messages, (), frozen, Counter({"l1": 1, "l2": 1} | mails))


def one(rows: Rows, service: str, collection: str, number: int = 0) -> dict[str, Any]:
    return rows[service][collection][number]


def counted_item(rows: Rows) -> dict[str, Any]:
    item: dict[str, Any] = one(rows, "funds", "sessions", 1)["agenda"][0]
    return item


def voted_item(rows: Rows) -> dict[str, Any]:
    item: dict[str, Any] = one(rows, "funds", "sessions")["agenda"][0]
    return item


def without(*ids: str) -> tuple[Message, ...]:
    return tuple(message for message in MESSAGES if message.id not in ids)


def changed(id: str, **changes: Any) -> tuple[Message, ...]:
    return tuple(replace(message, **changes) if message.id == id else message for message in MESSAGES)
