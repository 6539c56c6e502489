"""The year recounted from what an outsider hears: this module shares no line with what it checks, and reads published messages alone."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nats.js import JetStreamContext

ACCOUNTS = ("title", "available", "blocked", "committed", "paid", "carried", "receivable", "lapsed")
PUBLIC = "kiez.pub.funds.v1.>"
# What the ledger calls a movement that the grant's own messages tell in sums.
COMMITTED, RETURNED, PAID = "commit", "uncommit", "pay"


@dataclass(frozen=True)
class Heard:
    """A message: its fact, its aggregate, its number in that, its body."""

    fact: str
    aggregate: str
    sequence: int
    body: Mapping[str, Any]


@dataclass
class Year:
    """What the messages say; `wrong` has a sentence for each thing that does not agree with another."""

    budgets: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    states: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    grants: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    owed: Counter[str] = field(default_factory=Counter)
    sessions: int = 0
    items: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def heard(js: JetStreamContext) -> list[Heard]:
    """All public messages of funds, from the first on."""
    last = (await js.stream_info("FUNDS")).state.last_seq
    subscription = await js.subscribe("kiez.*.funds.v1.>", stream="FUNDS", ordered_consumer=True)
    found = []
    while True:
        message = await subscription.next_msg(timeout=10)
        headers = message.headers or {}
        if message.subject.startswith(PUBLIC.removesuffix(">")):
            fact, number = headers["ce-type"].rpartition(".")[2], int(headers["ce-sequence"])
            found.append(Heard(fact, headers["ce-subject"], number, json.loads(message.data)))
        if message.metadata.sequence.stream >= last:
            break
    await subscription.unsubscribe()
    return found


def recount(messages: list[Heard]) -> Year:
    year = Year()
    _order(messages, year)
    _ledger(messages, year)
    _grants(messages, year)
    _sessions(messages, year)
    return year


def _order(messages: list[Heard], year: Year) -> None:
    last: Counter[str] = Counter()
    for message in messages:
        # Numbers between belong to messages that are not public.
        if message.sequence <= last[message.aggregate]:
            year.wrong.append(f"{message.fact} of {message.aggregate} comes after its own future")
        last[message.aggregate] = message.sequence


def _ledger(messages: list[Heard], year: Year) -> None:
    numbers: Counter[str] = Counter()
    for message in messages:
        if not message.fact.startswith(("budget_", "ledger_")):
            continue
        budget, body = message.aggregate, message.body
        year.states[budget] = body["state"]
        if message.fact != "ledger_posted":
            continue
        if sum(line["amount_cents"] for line in body["lines"]):
            year.wrong.append(f"posting {body['number']} of {budget} does not sum to zero")
        numbers[budget] += 1
        if body["number"] != numbers[budget]:
            year.wrong.append(f"posting {body['number']} of {budget} is its {numbers[budget]}.")
        for line in body["lines"]:
            year.budgets[budget][line["account"]] += line["amount_cents"]
        if min(cents for account, cents in year.budgets[budget].items() if account != "title") < 0:
            year.wrong.append(f"after posting {body['number']} an account of {budget} is below zero")
        if body["grant_id"]:
            year.moved[body["kind"], body["grant_id"]] += max(line["amount_cents"] for line in body["lines"])
            owed = sum(line["amount_cents"] for line in body["lines"] if line["account"] == "receivable")
            year.owed[body["grant_id"]] += owed
            if year.owed[body["grant_id"]] < 0:
                year.wrong.append(f"after posting {body['number']} grant {body['grant_id']} owes less than nothing")
    for budget, state in year.states.items():
        kept = {account: state[f"{account}_cents"] for account in ACCOUNTS if f"{account}_cents" in state}
        counted = {account: year.budgets[budget][account] for account in kept}
        if kept != counted:
            year.wrong.append(f"budget {budget} says {kept}, its postings {counted}")


def _grants(messages: list[Heard], year: Year) -> None:
    for message in messages:
        if message.fact.startswith("grant_"):
            year.grants[message.aggregate] = message.body["state"]
    for id, grant in year.grants.items():
        if year.moved[COMMITTED, id] != grant["approved_cents"]:
            year.wrong.append(f"grant {id} of {grant['approved_cents']}: committed {year.moved[COMMITTED, id]}")
        if year.moved[PAID, id] > grant["approved_cents"]:
            year.wrong.append(f"grant {id} was paid {year.moved[PAID, id]} of {grant['approved_cents']}")
        if grant["status"] == "settled":
            if grant["paid_cents"] != year.moved[PAID, id]:
                year.wrong.append(f"grant {id} says {grant['paid_cents']} paid, the ledger {year.moved[PAID, id]}")
            if year.owed[id]:
                year.wrong.append(f"grant {id} is settled and owes {year.owed[id]}")
            if year.moved[COMMITTED, id] != year.moved[PAID, id] + year.moved[RETURNED, id]:
                year.wrong.append(f"grant {id} is settled and not all of it is paid or returned")
    unknown = {id for _, id in year.moved if id not in year.grants}
    year.wrong += [f"money moved for {id}, which was never awarded" for id in unknown]


def _sessions(messages: list[Heard], year: Year) -> None:
    """Each item of each session decided anew, by the rules that its fund had said and the session has the hash of."""
    rules: dict[str, Mapping[str, Any]] = {}
    opened: dict[str, Mapping[str, Any]] = {}
    awarded: Counter[str] = Counter()
    for message in messages:
        if message.fact in {"fund_created", "fund_rules_changed"}:
            rules[message.aggregate] = message.body["state"]
        elif message.fact == "session_opened":
            opened[message.aggregate] = message.body
            _frozen(message, rules[message.body["state"]["fund_id"]], year)
        elif message.fact == "grant_awarded":
            awarded[message.body["state"]["session_id"]] += message.body["state"]["approved_cents"]
        elif message.fact == "minutes_approved":
            _minutes(message, opened[message.aggregate], year)
            said = message.body["approved_cents"]
            if said != awarded[message.aggregate]:
                year.wrong.append(f"minutes of {message.aggregate} tell {said}, awards {awarded[message.aggregate]}")


def _frozen(message: Heard, fund: Mapping[str, Any], year: Year) -> None:
    procedure = message.body["procedure"]
    names = ("quorum_percent", "quorum_count", "majority", "recused_count_for_quorum", "cap_exception_allowed")
    if any(procedure[name] != fund["rules"][name] for name in names):
        year.wrong.append(f"session {message.aggregate} did not freeze the rules of its fund")
    text = json.dumps(procedure, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != message.body["procedure_sha256"]:
        year.wrong.append(f"session {message.aggregate} has the hash of other rules")
    if 100 * message.body["present"] < fund["rules"]["quorum_percent"] * message.body["seats"]:
        year.wrong.append(f"session {message.aggregate} was opened without its quorum")


def _minutes(message: Heard, opened: Mapping[str, Any], year: Year) -> None:
    year.sessions += 1
    rules = message.body["procedure"]
    if rules != opened["procedure"]:
        year.wrong.append(f"session {message.aggregate} ended by other rules than it began with")
    for item in message.body["results"]:
        year.items[item["outcome"]] += 1
        is_decided = item["outcome"] in {"awarded", "declined"}
        if is_decided and _is_carried(item, rules) != (item["outcome"] == "awarded"):
            year.wrong.append(f"item {item['number']} of {message.aggregate} should not be {item['outcome']}")
        if is_decided and not _is_quorate(item, rules):
            year.wrong.append(f"item {item['number']} of {message.aggregate} was decided without a quorum")
        if is_decided and not _is_of_so_many(item):
            year.wrong.append(f"item {item['number']} of {message.aggregate} has more votes than people")


def _is_of_so_many(item: Mapping[str, Any]) -> bool:
    """Votes of those who left count, so the people are all who took part."""
    votes = item["yes"] + item["no"] + item["abstain"]
    return bool(item["took_part"] >= max(votes + item["recused_present"], item["present"]))


def _is_carried(item: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    yes, no = item["yes"], item["no"]
    if rules["majority"] == "of_members":
        return bool(2 * yes > (rules["seats"] or item["present"]))
    if rules["majority"] == "two_thirds":
        return bool(yes) and bool(3 * yes >= 2 * (yes + no))
    return bool(yes > no)


def _is_quorate(item: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    may = item["present"] - (0 if rules["recused_count_for_quorum"] else item["recused_present"])
    if rules["quorum_count"]:
        return bool(may >= rules["quorum_count"])
    return bool(may >= 1 and 100 * may >= rules["quorum_percent"] * rules["seats"])
