"""What is owed back, from the messages about each grant, against what its postings claimed and withdrew."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.evidence import Evidence

CLAIMED, WITHDRAWN = "refund_claimed", "refund_claim_withdrawn"


def misclaimed(found: Evidence) -> Iterator[str]:
    """A proof that is opened again withdraws what its acceptance claimed, to the cent; no budget is ever owed less than nothing."""
    owed: Counter[str] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for message in found.of("refund_claimed", "proof_reopened"):
        grant = message.aggregate
        if message.fact == "refund_claimed":
            said[CLAIMED, grant] += message.body["amount_cents"]
            owed[grant] += message.body["amount_cents"]
        else:
            said[WITHDRAWN, grant] += owed.pop(grant, 0)
    posted: Counter[tuple[str, str]] = Counter()
    receivable: Counter[tuple[str, str]] = Counter()
    for message in found.of("ledger_posted"):
        grant = message.body["grant_id"]
        if not grant:
            continue
        change = sum(line["amount_cents"] for line in message.body["lines"] if line["account"] == "receivable")
        receivable[message.aggregate, grant] += change
        if receivable[message.aggregate, grant] < 0:
            yield f"grant {grant} owes budget {message.aggregate} less than nothing after {message.body['number']}"
        if message.body["kind"] in (CLAIMED, WITHDRAWN):
            posted[message.body["kind"], grant] += abs(change)
    for kind, grant in {*said, *posted}:
        if said[kind, grant] != posted[kind, grant]:
            yield f"grant {grant}: {kind} of {posted[kind, grant]} posted; its messages say {said[kind, grant]}"
    for row in found.rows["funds"].get("grants", ()):
        if row["refund_claimed_cents"] != owed[row["_id"]]:
            yield f"grant {row['_id']} keeps {row['refund_claimed_cents']} as owed; its messages say {owed[row['_id']]}"
        if row["status"] == "settled" and row["refunded_cents"] != row["refund_claimed_cents"]:
            yield f"grant {row['_id']} is settled and owes {row['refund_claimed_cents'] - row['refunded_cents']}"
