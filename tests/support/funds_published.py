"""A grant as it is published: by whom, on which page, and with which postings."""

from datetime import date

from services.funds.domain.giving360 import Publisher
from services.funds.domain.grant import Grant
from services.funds.domain.ledger import Posting
from tests.support.funds import a_stamp, books

PUBLISHER = Publisher("Bezirksamt", "kiez", "https://kiez.test")
PAGE = "https://kiez.test/regions/114009/2027"
SOURCE = "https://kiez.test/exports/360giving/114009/2027.json"


def booked(grant: Grant, *, paid: int = 0, claimed: int = 0, refunded: int = 0) -> tuple[Posting, ...]:
    """The postings of a grant that was awarded, and paid, claimed back and refunded so much."""
    kept = books()
    kept.keep(kept.budget.commit(grant.approved_cents, grant.id, a_stamp()))
    if paid:
        kept.keep(kept.budget.pay(paid, grant.id, a_stamp(value_date=date(2027, 5, 3))))
    if claimed:
        kept.keep(kept.budget.refund_claimed(claimed, grant.id, a_stamp()))
    if refunded:
        kept.keep(kept.budget.refund_received(refunded, grant.id, a_stamp(value_date=date(2027, 8, 1))))
    if grant.returned_cents:
        kept.keep(kept.budget.uncommit(grant.returned_cents, grant.id, a_stamp()))
    return tuple(posting for posting in kept.postings if posting.grant_id == grant.id)
