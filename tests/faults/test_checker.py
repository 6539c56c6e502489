"""The checker can see: each wrong that is put into sound evidence is told, under its own name, and nothing else is."""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.checker import HANDS, SOON, VOTES, Acknowledged, told
from tests.faults.evidence import Evidence, Message

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
# The end of the round.
OVER = AT - timedelta(days=1)
Rows = dict[str, dict[str, list[dict[str, Any]]]]


def _said(id: str, fact: str, aggregate: str, sequence: int, **body: Any) -> Message:
    return Message("FUNDS", int(id), id, fact, aggregate, sequence, AT, body)


OF_ROUND = {"round_id": "r", "contact_ref": ""}
RESULT = {"number": 1, "outcome": "awarded", "yes": 2, "no": 1, "abstain": 0}
MESSAGES = (
    _said("1", "grant_awarded", "g", 1, state={"application_id": "a", "region": "114009", "approved_cents": 200}),
    _said("2", "ledger_posted", "b", 1, number=1, kind="release", grant_id="", lines=[
        {"account": "title", "amount_cents": -500}, {"account": "available", "amount_cents": 500}]),
    _said("3", "ledger_posted", "b", 2, number=2, kind="commit", grant_id="g", lines=[
        {"account": "available", "amount_cents": -200}, {"account": "committed", "amount_cents": 200}]),
    _said("4", "payment_released", "p", 1, state={"contact_ref": "anna"}),
    _said("5", "ledger_posted", "b", 3, number=3, kind="uncommit", grant_id="g", lines=[
        {"account": "committed", "amount_cents": -200}, {"account": "available", "amount_cents": 200}]),
    _said("6", "minutes_approved", "s", 1, results=[RESULT]),
    _said("7", "application_approved", "a", 1, state=OF_ROUND),
    _said("8", "application_deferred", "d", 1, state=OF_ROUND),
    *(_said(f"{8 + n}", f"round_{step}", "r", n) for n, step in enumerate(("opened", "closed", "decided", "published"), 1)),
    _said("13", "refund_claimed", "g", 2, amount_cents=50),
    _said("14", "proof_reopened", "g", 3),
    _said("15", "ledger_posted", "b", 4, number=4, kind="refund_claimed", grant_id="g", lines=[
        {"account": "paid", "amount_cents": -50}, {"account": "receivable", "amount_cents": 50}]),
    _said("16", "ledger_posted", "b", 5, number=5, kind="refund_claim_withdrawn", grant_id="g", lines=[
        {"account": "receivable", "amount_cents": -50}, {"account": "paid", "amount_cents": 50}]),
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
    session |= {
        "agenda": [_item()],
        "kind": "meeting",
        "procedure": {"quorum_percent": 50, "quorum_count": 0, "seats": 5},
    }
    assembly = session | {"_id": "z", "title": "Sitzung", "status": "open", "agenda": [_counted(), _put_off()]}
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


def _item() -> dict[str, Any]:
    """Decided by three votes, of which one was corrected, and one is of a member who was taken to be recused."""
    choices = {"one": "yes", "two": "yes", "three": "no"}
    return {
        "number": 1, "application_id": "a", "status": "awarded", "motion": {"amount_cents": 200},
        "recusals": [{"member_id": "four"}], "present": ["one", "two", "three", "four"],
        "votes": [{"member_id": member, "choice": choice} for member, choice in choices.items()], "hands": None,
        "corrected_votes": [{"member_id": "three", "before": "yes", "after": "no"}], "corrected_counts": [],
        "corrected_recusals": [{"before": {"member_id": "two"}}],
    }  # fmt: skip


def _counted() -> dict[str, Any]:
    """Decided by hands, which were counted wrongly first."""
    before = {"yes": 9, "no": 6, "abstain": 1, "present": 20}
    counted = {"hands": before | {"yes": 6, "no": 9}, "corrected_counts": [{"before": before}], "present": []}
    nobody = {"votes": [], "recusals": [], "corrected_votes": [], "corrected_recusals": []}
    return _item() | nobody | counted | {"application_id": "c", "status": "declined"}


def _put_off() -> dict[str, Any]:
    return _counted() | {"number": 2, "application_id": "d", "status": "open", "hands": None, "corrected_counts": []}


def _evidence(rows: Rows, messages: tuple[Message, ...] = MESSAGES, **mails: int) -> Evidence:
    frozen = {service: {name: tuple(found) for name, found in kept.items()} for service, kept in rows.items()}
    return Evidence(messages, (), frozen, Counter({"l1": 1, "l2": 1} | mails))


def test_of_sound_evidence_nothing_is_told() -> None:
    report = told(_evidence(_rows()), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report


def _one(rows: Rows, service: str, collection: str, number: int = 0) -> dict[str, Any]:
    return rows[service][collection][number]


def _hands(rows: Rows) -> dict[str, Any]:
    item: dict[str, Any] = _one(rows, "funds", "sessions", 1)["agenda"][0]
    return item


def _the_item(rows: Rows) -> dict[str, Any]:
    item: dict[str, Any] = _one(rows, "funds", "sessions")["agenda"][0]
    return item


WRONG: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "a fact that is in no stream": ("lost", lambda r: r["funds"]["outbox"].append(
        {"_id": "x", "type": "x", "aggregate": "z", "seq": 1})),
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


# What is told in these words, and what harm does it.
SENTENCES: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "a corrected vote that counts as it was": ("three was corrected", lambda r: _the_item(r)["votes"][2].update(choice="yes")),
    "a corrected vote that is gone": ("three was corrected", lambda r: _the_item(r)["votes"].pop(2)),
    "a correction that began elsewhere": ("three was corrected", lambda r: _the_item(r)["corrected_votes"].append(
        {"member_id": "three", "before": "abstain", "after": "no"})),
    "a correction that was made twice": ("three was corrected", lambda r: _the_item(r)["corrected_votes"].append(
        {"member_id": "three", "before": "no", "after": "no"})),
    "a count that was corrected twice": ("to what it was", lambda r: _hands(r)["corrected_counts"].append(
        {"before": _hands(r)["hands"]})),
    "a count that went another way": ("its votes say awarded", lambda r: _hands(r)["hands"].update(yes=10)),
    "a count of too few": ("without a quorum", lambda r: _hands(r)["hands"].update(yes=1, no=2, present=9)),
    "more hands than people": ("people raised", lambda r: _hands(r)["hands"].update(no=14)),
    "a recusal that was taken back and stands": ("was taken back, and stands", lambda r: _the_item(r)["recusals"].append(
        {"member_id": "two"})),
    "an item decided in two sessions": ("was decided in sessions", lambda r: _one(r, "funds", "sessions", 1)["agenda"].append(
        _item())),
    "an item that is open and decided": ("and open in sessions", lambda r: _hands(r).update(
        application_id="a", status="open")),
    "an item on two agendas": ("and open in sessions ['s', 'z']", lambda r: _the_item(r).update(
        application_id="d", status="open")),
    "what is put off and stands nowhere": ("and open in sessions []", lambda r: _one(r, "funds", "sessions", 1)["agenda"].pop()),
    "an application after the end": ("came at", lambda r: _one(r, "funds", "applications").update(submitted_at=OVER)),
    "a decision before the end": ("while others could apply", lambda r: _one(r, "funds", "rounds").update(closes_at=AT + SOON)),
    "an application in another round": ("was told to be of rounds", lambda r: _one(r, "funds", "applications").update(
        round_id="q")),
    "an award that was given back and counts": ("and its grants have []", lambda r: _one(r, "funds", "grants").update(
        status="cancelled")),
    "a claim that another sum withdrew": ("as owed", lambda r: _one(r, "funds", "grants").update(refund_claimed_cents=1)),
    "a grant that is settled and owes": ("is settled and owes 1", lambda r: _one(r, "funds", "grants").update(
        refund_claimed_cents=1)),
}  # fmt: skip


@pytest.mark.parametrize("wrong", SENTENCES)
def test_what_is_wrong_in_a_session_a_round_or_a_refund_is_told_in_words(wrong: str) -> None:
    sentence, harm = SENTENCES[wrong]
    rows = copy.deepcopy(_rows())
    rows["funds"]["rounds"].append(_one(rows, "funds", "rounds") | {"_id": "q", "status": "closed"})
    harm(rows)
    said = told(_evidence(rows), [ACKNOWLEDGED]).wrong()
    assert [one for one in said if sentence in one], said


def _without(*ids: str) -> tuple[Message, ...]:
    return tuple(message for message in MESSAGES if message.id not in ids)


def _with(id: str, **changes: Any) -> tuple[Message, ...]:
    return tuple(replace(message, **changes) if message.id == id else message for message in MESSAGES)


MORE = [{"account": "receivable", "amount_cents": -51}, {"account": "paid", "amount_cents": 51}]
AGAIN = _said("17", "application_deferred", "d", 2, state=OF_ROUND)


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        (_without("16"), "refund_claim_withdrawn of 0 posted; its messages say 50"),
        (_with("16", body=dict(MESSAGES[-1].body) | {"lines": MORE}), "owes budget b less than nothing"),
        (_without("14"), "keeps 0 as owed; its messages say 50"),
        (_without("13"), "refund_claimed of 50 posted; its messages say 0"),
        (_without("7"), "application a of round r is published with"),
        (_without("8"), "application d of round r is published with"),
        ((*MESSAGES, AGAIN), "application d of round r is published with"),
        ((*MESSAGES, replace(AGAIN, fact="application_declined", aggregate="a")), "application a of round r is published"),
        (_without("10"), "round r is published, and was"),
        ((*MESSAGES, replace(MESSAGES[0], id="18", sequence=4)), "application a was awarded 2 times"),
        (_with("1", body={"state": dict(MESSAGES[0].body["state"]) | {"approved_cents": 201}}), "grant g of 200"),
        ((*MESSAGES, replace(MESSAGES[5], id="18", fact="session_closed"), *[
            replace(MESSAGES[5], id="19", fact="session_closed", sequence=2)]), "session_closed of s was said 2 times"),
    ],
    ids=[
        "a claim that is not withdrawn", "more withdrawn than was claimed", "withdrawn and never said", "claimed and never said",
        "no decision in the round", "neither decided nor put off", "put off twice", "decided twice", "a round that never closed",
        "awarded again and never taken back", "another sum awarded than committed", "closed twice and never opened again",
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_course_is_told_in_words(messages: tuple[Message, ...], sentence: str) -> None:
    rows = _rows()
    said = told(_evidence(rows, messages), [ACKNOWLEDGED]).wrong()
    assert [one for one in said if sentence in one], said


def test_what_was_mended_may_be_said_again() -> None:
    """A decision that a correction turned, the grant of it, the session that went on for it, and a proof."""
    rows = _rows()
    more = (
        _said("20", "decision_revised", "a", 2, state=OF_ROUND, previous_cents=200),
        _said("21", "grant_cancelled", "g", 4),
        replace(MESSAGES[0], id="22", sequence=5),
        _said("23", "application_approved", "a", 3, state=OF_ROUND),
        *(_said(f"{23 + n}", fact, "s", n + 1) for n, fact in enumerate(
            ("session_closed", "session_reopened", "session_closed"), 1)),
        replace(MESSAGES[2], id="27", sequence=6, body=dict(MESSAGES[2].body) | {"number": 6}),
        replace(MESSAGES[4], id="28", sequence=7, body=dict(MESSAGES[4].body) | {"number": 7}),
    )  # fmt: skip
    rows["funds"]["outbox"] += [
        {"_id": m.id, "type": m.fact, "aggregate": m.aggregate, "seq": m.sequence} for m in more
    ]
    letter = _one(rows, "notify", "notifications")
    rows["notify"]["notifications"].append(letter | {"_id": "l3", "cause": "22"})
    report = told(_evidence(rows, (*MESSAGES, *more), l3=1), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report


@pytest.mark.parametrize(
    ("messages", "part"),
    [
        (MESSAGES[1:], "lost"),
        ((MESSAGES[0], MESSAGES[2], MESSAGES[1], *MESSAGES[3:]), "disorder"),
        (_without("5"), "astray"),
        (_without("6"), "decisions"),
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


@pytest.mark.parametrize(
    ("collection", "row", "lost"),
    [
        (VOTES, {"member_id": "one", "cast": "yes"}, 0),
        (VOTES, {"member_id": "one", "cast": "no"}, 1),
        (VOTES, {"member_id": "three", "cast": "yes"}, 0),
        (VOTES, {"member_id": "three", "cast": "yes", "choice": "no"}, 0),
        (VOTES, {"member_id": "three", "cast": "yes", "choice": "yes"}, 1),
        (HANDS, {"first": (9, 6, 1)}, 0),
        (HANDS, {"first": (6, 9, 1)}, 1),
        (HANDS, {"now": (6, 9, 1)}, 0),
        (HANDS, {"now": (9, 6, 1)}, 1),
    ],
)
def test_an_acknowledged_vote_or_count_that_is_not_there_as_it_was_given_or_corrected_is_told(
    collection: str, row: dict[str, Any], lost: int
) -> None:
    place = (
        {"session_id": "s", "application_id": "a"}
        if collection == VOTES
        else {"session_id": "z", "application_id": "c"}
    )
    done = Acknowledged("CastVote", {}, ("funds", collection, place | row))
    assert len(told(_evidence(_rows()), [done]).lost) == lost


def test_a_letter_that_came_twice_or_to_nobody_is_told() -> None:
    report = told(_evidence(_rows(), l1=2, stranger=1), [ACKNOWLEDGED])
    assert len(report.mails_twice) == 1
    assert len(report.twice) == 1
