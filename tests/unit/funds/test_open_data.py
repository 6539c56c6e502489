"""Open data: every amount is the ledger's, nobody private is in it, and no spreadsheet computes what it holds."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.carrying import carry
from services.funds.domain.giving360 import Publisher, grant_entry, is_exported
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.grants_csv import COLUMNS, FORMULA, euros, harmless, is_listed, row
from services.funds.domain.ledger import Posting
from services.funds.domain.reconciliation import proven
from services.funds.domain.refusals.export import GrantDiffers
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp, books
from tests.support.funds_grant import a_grant, an_award
from tests.support.giving360 import GRANT

PUBLISHER = Publisher("Bezirksamt", "kiez", "https://kiez.test")
PAGE = "https://kiez.test/regions/114009/2027"
SOURCE = "https://kiez.test/exports/360giving/114009/2027.json"


def entry_of(grant: Grant) -> dict[str, Any]:
    """The grant as a package tells it, nothing of it paid."""
    entry = grant_entry(PUBLISHER, proven(grant, booked(grant)), PAGE, SOURCE)
    jsonschema.validate(entry, GRANT, format_checker=jsonschema.FormatChecker())
    return entry


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


@given(st.integers(1, 50_000), st.data())
def test_what_was_disbursed_is_what_was_paid_less_what_came_back(paid: int, data: st.DataObject) -> None:
    claimed = data.draw(st.integers(0, paid))
    refunded = data.draw(st.integers(0, claimed))
    grant = a_grant(
        GrantStatus.REVOKED,
        paid_cents=paid,
        refund_claimed_cents=claimed,
        refunded_cents=refunded,
        returned_cents=50_000 - paid,
    )
    found = proven(grant, booked(grant, paid=paid, claimed=claimed, refunded=refunded))
    assert found.disbursed_cents == paid - refunded
    entry = grant_entry(PUBLISHER, found, PAGE, SOURCE)
    values = [transaction["value"] for transaction in entry["disbursementTransaction"]]
    assert round(sum(values) * 100) == round(entry["amountDisbursed"] * 100) == paid - refunded


@given(st.lists(st.integers(-20_000, 20_000).filter(bool), max_size=5), st.data())
def test_what_was_committed_is_what_is_awarded_whatever_was_revised_and_given_back(
    revised: list[int], data: st.DataObject
) -> None:
    kept, approved = books(), 50_000
    kept.keep(kept.budget.commit(approved, "g", a_stamp()))
    for cents in revised:
        if approved + cents > 0:
            moved = kept.budget.commit if cents > 0 else kept.budget.uncommit
            kept.keep(moved(abs(cents), "g", a_stamp()))
            approved += cents
    returned = data.draw(st.integers(0, approved))
    if returned:
        kept.keep(kept.budget.uncommit(returned, "g", a_stamp()))
    grant = a_grant(approved_cents=approved, requested_cents=1_000_000, returned_cents=returned)
    found = proven(grant, [posting for posting in kept.postings if posting.grant_id == "g"])
    entry = grant_entry(PUBLISHER, found, PAGE, SOURCE)
    values = [transaction["value"] for transaction in entry["commitmentTransaction"]]
    assert round(sum(values) * 100) == round(entry["amountAwarded"] * 100) == approved


def test_an_application_is_a_transaction_of_what_it_asked_for_on_its_day() -> None:
    grant = a_grant()
    entry = grant_entry(PUBLISHER, replace(proven(grant, booked(grant)), applied_on=date(YEAR, 1, 10)), PAGE, SOURCE)
    jsonschema.validate(entry, GRANT, format_checker=jsonschema.FormatChecker())
    (applied,) = entry["applicationTransaction"]
    assert (applied["transactionDate"], applied["value"]) == (f"{YEAR}-01-10", entry["amountAppliedFor"])
    assert "applicationTransaction" not in entry_of(grant)


def test_a_refund_that_did_not_come_is_told_as_such_and_not_as_a_payment() -> None:
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(50_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claimed(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_received(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_corrected(18_000, "g", a_stamp()))
    grant = a_grant(paid_cents=50_000, refunded_cents=2_000)
    found = proven(grant, [posting for posting in kept.postings if posting.grant_id == "g"])
    told = grant_entry(PUBLISHER, found, PAGE, SOURCE)["disbursementTransaction"]
    assert [(one["description"], one["value"]) for one in told] == [
        ("Auszahlung", 500), ("Rückzahlung", -200), ("Berichtigte Rückzahlung", 180),
    ]  # fmt: skip


def test_a_claim_that_was_withdrawn_is_neither_a_payment_nor_a_refund() -> None:
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(50_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claimed(20_000, "g", a_stamp()))
    kept.keep(kept.budget.refund_claim_withdrawn(20_000, "g", a_stamp()))
    found = proven(a_grant(paid_cents=50_000), [posting for posting in kept.postings if posting.grant_id == "g"])
    assert [one.amount_cents for one in found.disbursements] == [50_000]


@given(st.integers(1, 50_000), st.data())
def test_a_payment_that_the_bank_sent_back_was_not_made(paid: int, data: st.DataObject) -> None:
    owed = data.draw(st.integers(0, paid))
    kept = books()
    kept.keep(kept.budget.commit(50_000, "g", a_stamp()))
    kept.keep(kept.budget.pay(paid, "g", a_stamp()))
    if owed:
        kept.keep(kept.budget.refund_claimed(owed, "g", a_stamp()))
    kept.keep(kept.budget.payment_returned(paid, owed, "g", a_stamp()))
    found = proven(a_grant(paid_cents=0), [posting for posting in kept.postings if posting.grant_id == "g"])
    assert [one.amount_cents for one in found.disbursements] == [paid, -paid]


def test_a_grant_that_went_on_in_the_next_year_is_proven_over_both() -> None:
    old = books()
    old.keep(old.budget.commit(50_000, "g", a_stamp()))
    old.keep(old.budget.pay(20_000, "g", a_stamp()))
    new_year = a_stamp(value_date=date(YEAR + 1, 1, 2))
    new = Books(a_planned_budget(fund_id=old.budget.fund_id, year=YEAR + 1), [])
    new.keep(new.budget.release(1_000, new_year))
    out, into = carry(old.budget, new.budget, 30_000, "g", a_stamp(), new_year)
    old.keep(out)
    new.keep(into)
    new.keep(new.budget.pay(10_000, "g", new_year))
    new.keep(new.budget.uncommit(20_000, "g", new_year, 20_000))
    grant = a_grant(GrantStatus.SETTLED, paid_cents=30_000, returned_cents=20_000)
    booked_twice = [posting for posting in (*old.postings, *new.postings) if posting.grant_id == "g"]
    assert proven(grant, booked_twice).disbursed_cents == 30_000


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"paid_cents": 9_999}, "paid"),
        ({"approved_cents": 49_999}, "taken from the pot"),
        ({"refunded_cents": 1}, "taken from the pot"),
    ],
)
def test_a_grant_that_differs_from_its_postings_is_refused_by_name(changes: dict[str, Any], what: str) -> None:
    grant = a_grant(paid_cents=10_000)
    wrong = replace(grant, **changes)
    with pytest.raises(GrantDiffers) as caught:
        proven(wrong, booked(grant, paid=10_000))
    assert caught.value.details["grant_id"] == grant.id
    assert caught.value.details["what"] == what


def test_a_private_person_is_an_individual_without_name_and_words() -> None:
    grant = a_grant(
        recipient_actor_id="",
        recipient_name="Anna Beispiel",
        title="Annas Garten",
        goals=("Annas Goal",),
        region="11400930",
        contact_ref="a" * 32,
        applicant_sub="anna",
    )
    entry = entry_of(grant)
    assert entry["recipientIndividual"]["name"] == "Privatperson", "a person stands for themselves, not in a list"
    assert entry["toIndividualsDetails"] == {"primaryGrantReason": "GTIR120", "grantPurpose": ["GTIP160"]}
    assert "recipientOrganization" not in entry
    assert "Anna" not in str(entry)
    assert "anna" not in str(entry)
    assert "a" * 32 not in str(entry)
    assert "11400930" not in str(entry), "a planning area has so few people that it might tell"


def test_two_grants_of_one_person_are_not_joined_by_an_id_and_one_keeps_its_own() -> None:
    one, two = (an_award(recipient_actor_id="", recipient_name="", contact_ref="a" * 32) for _ in range(2))
    ids = [entry_of(grant)["recipientIndividual"]["id"] for grant in (one, two, one)]
    assert ids[0] == ids[2] != ids[1]
    assert one.id not in ids[0]


def test_the_place_of_a_grant_is_a_lor_key_among_the_classifications() -> None:
    grant = a_grant()
    entry = entry_of(grant)
    assert entry["classifications"] == [{"vocabulary": "LOR 2021", "code": "114009", "title": "Neu-Lichtenberg"}]
    assert "geoCodeType" not in str(entry)
    assert entry["fundingOrganization"][0]["name"] == "Bezirksamt Lichtenberg von Berlin"


@pytest.mark.parametrize(
    ("region", "scope"), [("00", "GLS040"), ("11", "GLS050"), ("1140", "GLS060"), ("114009", "GLS060")]
)
def test_how_wide_the_place_is_is_said_by_the_codes_of_the_standard(region: str, scope: str) -> None:
    assert entry_of(a_grant(region=region))["locationScope"] == scope


def test_a_title_is_as_short_as_the_standard_asks_and_nothing_of_it_is_lost() -> None:
    title = "Ein Fest " * 20
    entry = entry_of(a_grant(title=title, goals=("Alle kommen.",)))
    assert entry["title"] == f"{title[:139]}…"
    assert entry["description"] == f"{title}\nAlle kommen."
    assert entry_of(a_grant(title="x" * 140))["title"] == "x" * 140


def test_only_what_people_chose_from_is_said_to_come_from_an_open_call() -> None:
    assert entry_of(a_grant())["fromOpenCall"] == "Yes"
    assert "fromOpenCall" not in entry_of(a_grant(session_id=""))


def test_a_grant_was_changed_when_its_last_posting_was_recorded() -> None:
    grant = a_grant(paid_cents=1)
    postings = booked(grant, paid=1)
    entry = grant_entry(PUBLISHER, proven(grant, postings), PAGE, SOURCE)
    last = max(posting.recorded_at for posting in postings)
    assert datetime.fromisoformat(entry["dateModified"]) == last.replace(microsecond=0)
    assert entry["dataSource"] == SOURCE


def test_what_was_cancelled_is_no_grant() -> None:
    cancelled, private = a_grant(GrantStatus.CANCELLED), a_grant(recipient_actor_id="", recipient_name="")
    assert (is_exported(cancelled), is_exported(private)) == (False, True)
    assert (is_listed(cancelled), is_listed(private), is_listed(a_grant())) == (False, False, True)


def test_a_row_has_a_cell_for_each_column() -> None:
    grant = a_grant(paid_cents=10_050)
    cells = dict(zip(COLUMNS, row(proven(grant, booked(grant, paid=10_050))), strict=True))
    assert cells["Empfänger"] == "Kiezgarten e. V."
    assert cells["LOR-Schlüssel"] == "LOR 114009"
    assert (cells["Bewilligt (EUR)"], cells["Ausgezahlt (EUR)"]) == ("500,00", "100,50")
    assert cells["Bewilligt am"] == "10.02.2027"


@given(st.text())
def test_no_cell_begins_as_a_formula_or_breaks_its_line(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(FORMULA)
    assert "\n" not in cell
    assert "\r" not in cell


@given(st.integers(-(10**9), 10**9))
def test_an_amount_has_a_comma_and_two_digits(cents: int) -> None:
    assert round(float(euros(cents).replace(",", ".")) * 100) == cents
