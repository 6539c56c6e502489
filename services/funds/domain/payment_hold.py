"""A payment hold: while the recipient's record has lapsed or is archived, no money goes out to it (Auszahlungssperre)."""

from enum import StrEnum

from services.funds.domain.known_actor import KnownActor


class PaymentHold(StrEnum):
    RECIPIENT_ARCHIVED = "recipient_archived"
    RECIPIENT_LAPSED = "recipient_lapsed"


def hold_of(actor: KnownActor | None) -> PaymentHold | None:
    """Why nothing is paid to this actor now; one that was never heard of, or no actor at all, is not held."""
    if actor is None:
        return None
    if actor.status == "archived":
        return PaymentHold.RECIPIENT_ARCHIVED
    return PaymentHold.RECIPIENT_LAPSED if actor.has_lapsed else None
