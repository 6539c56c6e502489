"""What of a grant is nobody's affair but its parties': the fields that its public projection empties, and a person's nearer place."""

from typing import Any

WORDS = ("applicant_sub", "contact_ref", "agreement_number", "agreed_by", "closed_by", "closed_reason")
FIGURES = ("open_claims", "accepted_cents", "in_flight_cents", "refund_claimed_cents", "refunded_cents")
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(WORDS, ""),
    **dict.fromkeys(FIGURES, 0),
    **dict.fromkeys(("agreed_at", "payee", "proof_due_on", "proof", "refund_due_on")),
    **dict.fromkeys(("conditions", "decided_by"), ()),
}
# In a planning area (8 digits) there are so few people that a private project could be told by its place.
FINEST_OF_A_PERSON = 6


def place_of_a_person(region: str, pot_region: str) -> str:
    """Where a private person's project is, as everyone may know it: no finer than a district region, or than the pot itself."""
    return region[: max(FINEST_OF_A_PERSON, len(pot_region))]
