"""Receipts and what they prove: each counts once, and a grant has as many accepted costs as its claims."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.evidence import Evidence, Row


def counted_twice(found: Evidence) -> Iterator[str]:
    """A receipt that stands in two claims or proofs that were not refused."""
    handed_in = [
        receipt
        for claim in found.rows["funds"].get("claims", ())
        if claim["status"] != "refused"
        for receipt in claim["receipts"]
    ]
    proofs = [grant["proof"] for grant in found.rows["funds"].get("grants", ()) if grant.get("proof")]
    handed_in += [receipt for proof in proofs for receipt in proof["receipts"]]
    bills = Counter((r["supplier"], r["number"], str(r["issued_on"]), r["amount_cents"]) for r in handed_in)
    yield from (f"receipt {bill} was handed in {count} times" for bill, count in bills.items() if count > 1)


def unproven(found: Evidence) -> Iterator[str]:
    """Accepted costs are those of the proof that was accepted, before it those of the accepted claims."""
    claimed: Counter[str] = Counter()
    for claim in found.rows["funds"].get("claims", ()):
        if claim["status"] == "accepted":
            claimed[claim["grant_id"]] += sum(receipt["accepted_cents"] for receipt in claim["receipts"])
            claimed[claim["grant_id"]] += claim["lump_sum_cents"]
    for grant in found.rows["funds"].get("grants", ()):
        shown = _proven(grant)
        shown = claimed[grant["_id"]] if shown is None else shown
        if grant["accepted_cents"] != shown:
            yield f"grant {grant['_id']} has {grant['accepted_cents']} of accepted costs; claims and proof show {shown}"


def _proven(grant: Row) -> int | None:
    proof = grant.get("proof")
    return int(proof["accepted_cents"]) if proof and proof["accepted_at"] else None
