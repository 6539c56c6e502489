"""A grant: the award, the agreement, the calendar's part, and who sees what."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import Caller, Role, end_of_day
from chassis.refusals import Refusal
from services.funds.domain import proving
from services.funds.domain.facts.grant import GrantAwarded
from services.funds.domain.grant import ANONYMOUS, ANONYMOUS_TITLE, Grant, GrantStatus
from services.funds.domain.payee import Payee, is_iban
from services.funds.messages.published.grant import GrantAwarded as GrantAwardedMessage
from tests.support.funds_grant import (
    FEBRUARY,
    IBAN,
    JULY,
    MAY,
    STARTS_ON,
    a_grant,
    a_person,
    an_award,
)

PAYEE = Payee.of("Kiezgarten e. V.", IBAN, "office")
PUBLIC = {
    *("id", "region", "year", "fund_id", "fund_name", "budget_id", "application_id", "session_id", "title", "goals"),
    *("recipient_actor_id", "recipient_name", "is_private_person", "requested_cents", "approved_cents", "paid_cents"),
    *(
        "returned_cents",
        "payout",
        "four_eyes",
        "proof_due_days",
        "proof_reminder_days",
        "lump_sum_percent",
        "refund_due_days",
        "starts_on",
        "ends_on",
        "decided_on",
        "closed_at",
        "version",
    ),
    *("later_shares", "receipts_only", "lump_sum_percent", "proof_reminder_days"),
}
S = GrantStatus


@given(st.integers(-5, 100_000), st.integers(1, 100_000))
def test_an_award_is_above_zero_and_never_above_what_was_asked_for(approved: int, requested: int) -> None:
    if 0 < approved <= requested:
        assert an_award(approved_cents=approved, requested_cents=requested).approved_cents == approved
        return
    with pytest.raises(Refusal) as caught:
        an_award(approved_cents=approved, requested_cents=requested)
    assert caught.value.reason == ("APPROVED_NOTHING" if approved <= 0 else "APPROVED_ABOVE_REQUESTED")


def test_nothing_of_a_private_person_is_published() -> None:
    grant = an_award(recipient_actor_id="", recipient_name="Kim Beispiel", title="Kims Lesung", goals=("Kim liest",))
    assert (grant.title, grant.recipient_name) == (ANONYMOUS_TITLE, ANONYMOUS)
    said = GrantAwardedMessage.model_validate(GrantAwarded(grant)).model_dump_json()
    for word in ("Kim", "applicant", grant.contact_ref):
        assert word not in said
    assert "Kim" not in repr(grant.public())


def test_the_public_sees_neither_payee_nor_contact_nor_how_the_proof_goes() -> None:
    public = a_grant(S.PROOF_QUERIED).public()
    assert public.status is S.RUNNING
    assert (public.payee, public.proof, public.contact_ref, public.decided_by) == (None, None, "", ())


@pytest.mark.parametrize("status", GrantStatus)
def test_the_public_status_is_one_of_four(status: GrantStatus) -> None:
    assert a_grant(status).public_status in (S.AWARDED, S.RUNNING, S.SETTLED, S.CANCELLED)


def test_an_agreement_sets_the_day_of_the_proof_and_waits_for_the_first_day() -> None:
    early = an_award().agree("1", PAYEE, "office", FEBRUARY)
    assert (early.status, early.proof_due_on) == (S.AGREED, date(2027, 7, 28))
    assert early.start().status is S.RUNNING
    assert an_award().agree("1", PAYEE, "office", MAY).status is S.RUNNING


def test_the_first_day_begins_at_midnight_in_berlin() -> None:
    midnight = end_of_day(STARTS_ON - timedelta(days=1))
    assert an_award().agree("1", PAYEE, "office", midnight).status is S.RUNNING
    assert an_award().agree("1", PAYEE, "office", midnight - timedelta(milliseconds=1)).status is S.AGREED


def test_the_day_of_the_proof_lasts_until_midnight_in_berlin() -> None:
    grant = a_grant(S.PROOF_DUE)
    last = end_of_day(grant.proof_due_on or date.min)
    assert not proving.is_overdue(grant, last - timedelta(milliseconds=1))
    assert proving.is_overdue(grant, last)


def test_a_role_of_an_applicant_that_names_no_actor_opens_no_grant() -> None:
    grant = an_award()
    assert grant.is_of(Caller("applicant"))
    assert grant.is_of(Caller("x", (Role("applicant", actors=(grant.recipient_actor_id,)),)))
    assert grant.is_of(Caller("x", (Role("partner", actors=(grant.recipient_actor_id,)),)))
    assert not grant.is_of(a_person("x", "applicant"))
    assert not replace(grant, applicant_sub="").is_of(Caller())
    assert not an_award(recipient_actor_id="").is_of(Caller("x", (Role("applicant", actors=("",)),)))


@pytest.mark.parametrize("iban", [IBAN, "de89 3704 0044 0532 0130 00", "GB82WEST12345698765432"])
def test_an_iban_whose_check_digits_hold_is_taken(iban: str) -> None:
    assert is_iban(iban)
    assert Payee.of("x", iban, "y").iban == iban.replace(" ", "").upper()


@given(st.integers(0, 21), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_iban_is_found(place: int, digit: str) -> None:
    wrong = IBAN[:place] + digit + IBAN[place + 1 :]
    assert is_iban(wrong) == (wrong == IBAN)


def test_a_masked_account_cannot_be_used() -> None:
    masked = PAYEE.masked().iban
    assert masked == "DE…3000"
    assert not is_iban(masked)
    assert a_grant().masked().payee == PAYEE.masked()


def test_what_is_public_of_a_grant_is_listed_here() -> None:
    full = a_grant(
        S.PROOF_ACCEPTED,
        conditions=("a sign",),
        open_claims=1,
        accepted_cents=2,
        in_flight_cents=3,
        refund_claimed_cents=4,
        refunded_cents=5,
        refund_due_on=JULY.date(),
        closed_by="office",
        closed_at=JULY,
        closed_reason="why",
    )
    public = full.public()
    shown = {f.name for f in fields(Grant) if getattr(public, f.name) == getattr(full, f.name)}
    assert shown == PUBLIC
