"""The timers of a grant, by their purpose."""

STARTS, DUE, OVERDUE, REFUND = "grant_starts", "proof_due", "proof_overdue", "refund_overdue"
# What has no meaning any more once the proof is in, or the grant is over.
UNTIL_PROVEN = (STARTS, DUE, OVERDUE)
