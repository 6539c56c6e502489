"""The checker can see into sessions, rounds and refunds: what is wrong there is told in its own words."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.checker import SOON, told
from tests.faults.evidence import Message
from tests.faults.sound_evidence import (
    ACKNOWLEDGED,
    AT,
    MESSAGES,
    OF_ROUND,
    OVER,
    Rows,
    an_item,
    changed,
    counted_item,
    evidence,
    one,
    said,
    sound_rows,
    voted_item,
    without,
)

# What is told in these words, and what harm does it.
SENTENCES: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "a corrected vote that counts as it was": ("three was corrected", lambda r: voted_item(r)["votes"][2].update(choice="yes")),
    "a corrected vote that is gone": ("three was corrected", lambda r: voted_item(r)["votes"].pop(2)),
    "a correction that began elsewhere": ("three was corrected", lambda r: voted_item(r)["corrected_votes"].append(
        {"member_id": "three", "before": "abstain", "after": "no"})),
    "a correction that was made twice": ("three was corrected", lambda r: voted_item(r)["corrected_votes"].append(
        {"member_id": "three", "before": "no", "after": "no"})),
    "a count that was corrected twice": ("to what it was", lambda r: counted_item(r)["corrected_counts"].append(
        {"before": counted_item(r)["hands"]})),
    "a count that went another way": ("its votes say awarded", lambda r: counted_item(r)["hands"].update(yes=10)),
    "a count of too few": ("without a quorum", lambda r: counted_item(r)["hands"].update(yes=1, no=2, present=9)),
    "more hands than people": ("people raised", lambda r: counted_item(r)["hands"].update(no=14)),
    "a recusal that was taken back and stands": ("was taken back, and stands", lambda r: voted_item(r)["recusals"].append(
        {"member_id": "two"})),
    "an item decided in two sessions": ("was decided in sessions", lambda r: one(r, "funds", "sessions", 1)["agenda"].append(
        an_item())),
    "an item that is open and decided": ("and open in sessions", lambda r: counted_item(r).update(
        application_id="a", status="open")),
    "an item on two agendas": ("and open in sessions ['s', 'z']", lambda r: voted_item(r).update(
        application_id="d", status="open")),
    "what is put off and stands nowhere": ("and open in sessions []", lambda r: one(r, "funds", "sessions", 1)["agenda"].pop()),
    "an application after the end": ("came at", lambda r: one(r, "funds", "applications").update(submitted_at=OVER)),
    "a decision before the end": ("while others could apply", lambda r: one(r, "funds", "rounds").update(closes_at=AT + SOON)),
    "an application in another round": ("was told to be of rounds", lambda r: one(r, "funds", "applications").update(
        round_id="q")),
    "an application in no round": ("which is nowhere", lambda r: r["funds"]["rounds"].clear()),
    "an award that was given back and counts": ("and its grants have []", lambda r: one(r, "funds", "grants").update(
        status="cancelled")),
    "a claim that another sum withdrew": ("as owed", lambda r: one(r, "funds", "grants").update(refund_claimed_cents=1)),
    "a grant that is settled and owes": ("is settled and owes 1", lambda r: one(r, "funds", "grants").update(
        refund_claimed_cents=1)),
}  # fmt: skip


@pytest.mark.parametrize("wrong", SENTENCES)
def test_what_is_wrong_in_a_session_a_round_or_a_refund_is_told_in_words(wrong: str) -> None:
    sentence, harm = SENTENCES[wrong]
    rows = copy.deepcopy(sound_rows())
    rows["funds"]["rounds"].append(one(rows, "funds", "rounds") | {"_id": "q", "status": "closed"})
    harm(rows)
    sentences = told(evidence(rows), [ACKNOWLEDGED]).wrong()
    assert any(sentence in found for found in sentences), sentences


MORE = [{"account": "receivable", "amount_cents": -51}, {"account": "paid", "amount_cents": 51}]
AGAIN = said("17", "application_deferred", "d", 2, state=OF_ROUND)


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        (without("16"), "refund_claim_withdrawn of 0 posted; its messages say 50"),
        (changed("16", body=dict(MESSAGES[-1].body) | {"lines": MORE}), "owes budget b less than nothing"),
        (without("14"), "keeps 0 as owed; its messages say 50"),
        (without("13"), "refund_claimed of 50 posted; its messages say 0"),
        (without("7"), "application a of round r is published with"),
        (without("8"), "application d of round r is published with"),
        ((*MESSAGES, AGAIN), "application d of round r is published with"),
        ((*MESSAGES, replace(AGAIN, fact="application_declined", aggregate="a")), "application a of round r is published"),
        (without("10"), "round r is published, and was"),
        ((*MESSAGES, replace(MESSAGES[0], id="18", sequence=4)), "application a was awarded 2 times"),
        (changed("1", body={"state": dict(MESSAGES[0].body["state"]) | {"approved_cents": 201}}), "grant g of 200"),
        ((*MESSAGES, *(said(f"{17 + n}", "session_closed", "s", 1 + n) for n in (1, 2))), "session_closed of s was said 2 times"),
    ],
    ids=[
        "a claim that is not withdrawn", "more withdrawn than was claimed", "withdrawn and never said", "claimed and never said",
        "no decision in the round", "neither decided nor put off", "put off twice", "decided twice", "a round that never closed",
        "awarded again and never taken back", "another sum awarded than committed", "closed twice and never opened again",
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_course_is_told_in_words(messages: tuple[Message, ...], sentence: str) -> None:
    sentences = told(evidence(sound_rows(), messages), [ACKNOWLEDGED]).wrong()
    assert any(sentence in found for found in sentences), sentences


def test_what_was_mended_may_be_said_again() -> None:
    """A decision that a correction turned, the grant of it, the session that went on for it, and a proof."""
    rows = sound_rows()
    more = (
        said("20", "decision_revised", "a", 2, state=OF_ROUND, previous_cents=200),
        said("21", "grant_cancelled", "g", 4),
        replace(MESSAGES[0], id="22", sequence=5),
        said("23", "application_approved", "a", 3, state=OF_ROUND),
        *(said(f"{23 + n}", fact, "s", n + 1) for n, fact in enumerate(
            ("session_closed", "session_reopened", "session_closed"), 1)),
        replace(MESSAGES[2], id="27", sequence=6, body=dict(MESSAGES[2].body) | {"number": 6}),
        replace(MESSAGES[4], id="28", sequence=7, body=dict(MESSAGES[4].body) | {"number": 7}),
    )  # fmt: skip
    rows["funds"]["outbox"] += [
        {"_id": m.id, "type": m.fact, "aggregate": m.aggregate, "seq": m.sequence} for m in more
    ]
    letter = one(rows, "notify", "notifications")
    rows["notify"]["notifications"].append(letter | {"_id": "l3", "cause": "22"})
    report = told(evidence(rows, (*MESSAGES, *more), l3=1), [ACKNOWLEDGED])
    assert not any(report.counts().values()), report
