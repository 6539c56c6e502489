"""The table of grants: nobody private is in it, and no spreadsheet computes what it holds."""

from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.giving360 import is_exported
from services.funds.domain.grant import GrantStatus
from services.funds.domain.grants_csv import COLUMNS, FORMULA, euros, harmless, is_listed, row
from services.funds.domain.reconciliation import proven
from tests.support.funds_grant import a_grant
from tests.support.funds_published import booked


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
