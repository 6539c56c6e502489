"""The checker can see: each wrong that is put into sound evidence is told, under its own name, and nothing else is."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.checker import HANDS, VOTES, Acknowledged, told
from tests.faults.evidence import Message
from tests.faults.sound_evidence import (
    ACKNOWLEDGED,
    AT,
    MESSAGES,
    Rows,
    evidence,
    one,
    sound_rows,
    voted_item,
    without,
)


def test_of_sound_evidence_nothing_is_told() -> None:
    report = told(evidence(sound_rows()), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report


WRONG: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "a fact that is in no stream": ("lost", lambda r: r["funds"]["outbox"].append(
        {"_id": "x", "type": "x", "aggregate": "z", "seq": 1})),
    "a hole in a store": ("lost", lambda r: one(r, "funds", "outbox", 3).update(seq=2)),
    "a parked message": ("lost", lambda r: r["notify"].update(parked=[{"type": "x", "_id": "y", "reason": "z"}])),
    "a letter that never came": ("lost", lambda r: r["notify"]["notifications"].append(
        {"_id": "l3", "cause": "4", "recipient": {"ref": "anna"}, "template": "u", "status": "delivered",
         "attempts": 1})),
    "a letter that was given up": ("lost", lambda r: one(r, "notify", "notifications").update(
        status="dropped", reason="ERASED")),
    "nobody written to": ("lost", lambda r: r["notify"]["notifications"].pop(1)),
    "a follower not written to": ("lost", lambda r: one(r, "notify", "notifications").update(
        recipient={"ref": "another"})),
    "an answer without its row": ("lost", lambda r: one(r, "funds", "grants").update(application_id="other")),
    "a message that never happened": ("twice", lambda r: r["funds"]["outbox"].pop(3)),
    "an answer with two rows": ("twice", lambda r: r["funds"]["grants"].append(one(r, "funds", "grants"))),
    "two letters for one cause": ("twice", lambda r: r["notify"]["notifications"].append(
        one(r, "notify", "notifications"))),
    "two places for one": ("twice", lambda r: r["events"]["registrations"].append(
        {**one(r, "events", "registrations"), "seats": 0})),
    "more seats than there are": ("twice", lambda r: one(r, "events", "registrations").update(seats=3)),
    "two votes of one member": ("twice", lambda r: voted_item(r)["votes"].append({"member_id": "three", "choice": "no"})),
    "a receipt in two claims": ("twice", lambda r: r["funds"]["claims"].append(
        {**one(r, "funds", "claims"), "grant_id": "h"})),
    "a receipt in a claim and a proof": ("twice", lambda r: one(r, "funds", "grants").update(proof={
        "accepted_at": AT, "accepted_cents": 150, "receipts": one(r, "funds", "claims")["receipts"]})),
    "a vote that counts for a recused member": ("decisions", lambda r: voted_item(r)["votes"][0].update(member_id="four")),
    "a vote that went another way": ("decisions", lambda r: voted_item(r)["votes"][1].update(choice="no")),
    "a vote that minutes do not know": ("decisions", lambda r: voted_item(r)["votes"].pop(2)),
    "a decision without a quorum": ("decisions", lambda r: voted_item(r).update(present=["one", "two", "four"])),
    "a decision without its grant": ("decisions", lambda r: one(r, "funds", "grants").update(session_id="t")),
    "a grant of more than the motion": ("decisions", lambda r: voted_item(r)["motion"].update(amount_cents=199)),
    "a declined motion with a majority": ("decisions", lambda r: voted_item(r).update(status="declined")),
    "an item that nobody concluded": ("decisions", lambda r: voted_item(r).update(status="open")),
    "a paper that the result does not know": ("decisions", lambda r: r["funds"]["ballot_papers"].append(
        {"ballot_id": "v", "choices": []})),
    "a paper with other votes": ("decisions", lambda r: one(r, "funds", "ballot_papers")["choices"][0].update(votes=2)),
    "costs that no claim shows": ("astray", lambda r: one(r, "funds", "grants").update(accepted_cents=151)),
    "costs that no proof shows": ("astray", lambda r: one(r, "funds", "grants").update(proof={
        "accepted_at": AT, "accepted_cents": 149, "receipts": []})),
    "a rest that never returned": ("astray", lambda r: one(r, "funds", "grants").update(returned_cents=199)),
    "a refund that was never posted": ("astray", lambda r: one(r, "funds", "grants").update(refunded_cents=1)),
    "a claim that was never posted": ("astray", lambda r: one(r, "funds", "grants").update(refund_claimed_cents=1)),
    "a balance that is off": ("astray", lambda r: one(r, "funds", "budgets").update(available_cents=301)),
    "a title that gave another sum": ("astray", lambda r: one(r, "funds", "titles")["years"][0].update(
        released_cents=501)),
    "a grant that was paid by nothing": ("astray", lambda r: one(r, "funds", "grants").update(paid_cents=1)),
    "no entry": ("calendar", lambda r: one(r, "events", "calendar_events").update(source_key="funds/jury_session/t")),
    "an entry at another time": ("calendar", lambda r: one(r, "events", "calendar_events").update(starts_at=None)),
    "an entry elsewhere": ("calendar", lambda r: one(r, "events", "calendar_events").update(place={"name": "Hof"})),
    "an entry of another name": ("calendar", lambda r: one(r, "events", "calendar_events").update(description="?")),
    "an entry that takes place": ("calendar", lambda r: one(r, "funds", "sessions").update(status="cancelled")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_in_a_store_is_told(wrong: str) -> None:
    part, harm = WRONG[wrong]
    rows = copy.deepcopy(sound_rows())
    harm(rows)
    counts = told(evidence(rows), [ACKNOWLEDGED]).counts()
    assert counts[part], counts


@pytest.mark.parametrize(
    ("messages", "part"),
    [
        (MESSAGES[1:], "lost"),
        ((MESSAGES[0], MESSAGES[2], MESSAGES[1], *MESSAGES[3:]), "disorder"),
        (without("5"), "astray"),
        (without("6"), "decisions"),
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
    counts = told(evidence(sound_rows(), messages), [ACKNOWLEDGED]).counts()
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
    assert len(told(evidence(sound_rows()), [done]).lost) == lost


@pytest.mark.parametrize(("tries", "again", "twice"), [(2, 1, 1), (1, 0, 2)])
def test_a_letter_that_came_twice_or_to_nobody_is_told(tries: int, again: int, twice: int) -> None:
    rows = sound_rows()
    rows["notify"]["notifications"][0]["attempts"] = tries
    report = told(evidence(rows, l1=2, stranger=1), [ACKNOWLEDGED])
    assert (len(report.mails_twice), len(report.twice)) == (again, twice)
