"""What of a grant is nobody's affair but its parties': the fields that its public projection empties."""

from typing import Any

WORDS = ("applicant_sub", "contact_ref", "agreement_number", "agreed_by", "closed_by", "closed_reason")
FIGURES = ("open_claims", "accepted_cents", "in_flight_cents", "refund_claimed_cents", "refunded_cents")
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(WORDS, ""),
    **dict.fromkeys(FIGURES, 0),
    **dict.fromkeys(("agreed_at", "payee", "proof_due_on", "proof", "refund_due_on")),
    **dict.fromkeys(("conditions", "decided_by"), ()),
}
