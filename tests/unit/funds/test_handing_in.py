"""An application that is handed in: each field that is missing or wrong is named, and what it costs sums to what it asks for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.application_form import Attachment, CostItem, Declarations
from services.funds.domain.refusals.application import CostKindExcluded, FormIncomplete
from tests.support.funds import YEAR, rules
from tests.support.funds_decision import RECEIVED, a_draft, a_form


@pytest.mark.parametrize("field", ["description", "goals", "place", "starts_on", "ends_on", "requested_cents", "costs"])
def test_a_submission_names_each_field_that_is_missing(field: str) -> None:
    empty = None if field.endswith("_on") else type(getattr(a_form(), field))()
    draft = a_draft(form=a_form(**{"costs": (CostItem("Zelt", 80_000),)} | {field: empty}))
    with pytest.raises(FormIncomplete) as refused:
        draft.submit(None, rules(), "contact", "anna", RECEIVED)
    assert f"form.{field}" in refused.value.fields


def test_all_declarations_that_are_needed_must_be_made() -> None:
    draft = a_draft(form=a_form(declarations=Declarations(not_started=True)))
    with pytest.raises(FormIncomplete) as refused:
        draft.submit(None, rules(), "contact", "anna", RECEIVED)
    assert set(refused.value.fields) == {
        "form.declarations.not_funded_twice",
        "form.declarations.subsidy_notice_read",
        "form.declarations.privacy_notice_read",
    }


@given(costs=st.lists(st.integers(1, 10**6), min_size=1, max_size=6), asked=st.integers(1, 10**7))
def test_the_costs_sum_to_what_is_asked_for(costs: list[int], asked: int) -> None:
    items = tuple(CostItem("Posten", cents) for cents in costs)
    draft = a_draft(form=a_form(requested_cents=asked, costs=items))
    if sum(costs) == asked:
        assert draft.submit(None, rules(), "contact", "anna", RECEIVED).requested_cents == asked
    else:
        with pytest.raises(FormIncomplete) as refused:
            draft.submit(None, rules(), "contact", "anna", RECEIVED)
        assert "form.requested_cents" in refused.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"starts_on": date(YEAR, 1, 9)}, "form.starts_on"), ({"ends_on": date(YEAR, 4, 30)}, "form.ends_on")],
)
def test_a_project_lies_ahead_and_ends_after_it_begins(changes: dict[str, date], field: str) -> None:
    with pytest.raises(FormIncomplete) as refused:
        a_draft(form=a_form(**changes)).submit(None, rules(), "contact", "anna", RECEIVED)
    assert field in refused.value.fields


def test_excluded_costs_are_refused_however_they_are_spelt() -> None:
    costs = (CostItem("Zelt", 30_000), CostItem("Honorar", 50_000, "Staff"))
    with pytest.raises(CostKindExcluded) as refused:
        a_draft(form=a_form(costs=costs)).submit(None, rules(excluded_costs=("staff",)), "c", "anna", RECEIVED)
    assert set(refused.value.fields) == {"form.costs[1].kind"}


def test_an_attachment_is_a_reference() -> None:
    plan = Attachment("Plan", "https://example.org/plan.pdf", "application/pdf", 1_000, "0" * 64)
    draft = a_draft(form=a_form(attachments=(plan,)))
    assert draft.submit(None, rules(), "contact", "anna", RECEIVED).form.attachments == (plan,)
