"""A dossier holds what the jury needs, and is never larger than every client takes."""

from dataclasses import replace

from services.funds.domain.application_form import CostItem
from services.funds.domain.dossier import Dossier, dossier
from services.funds.domain.jury_session import MOST_ITEMS
from services.funds.entrypoints.dossier_page import LARGEST, document
from tests.support.funds import books
from tests.support.funds_decision import SESSION_AT, a_form, a_session, an_application


def a_dossier(count: int, **form: object) -> Dossier:
    application = an_application(form=replace(a_form(), **form))  # type: ignore[arg-type]  # fields of a form
    applications = [replace(application, id=str(number)) for number in range(count)]
    session = a_session()
    for one in applications:
        session = session.put_on(one)
    by_id = {one.id: one for one in applications}
    return dossier(session, books().budget, by_id, {application.applicant_actor_id: "Kiezgarten e. V."})


def test_what_is_asked_for_and_what_would_be_left_are_sums_of_the_agenda() -> None:
    found = a_dossier(3)
    assert (found.requested_cents, found.left_after_all_cents) == (240_000, 1_300_000 - 240_000)
    done = replace(found.items[0], item=replace(found.items[0].item, concluded_at=SESSION_AT))
    assert replace(found, items=(done, *found.items[1:])).left_after_all_cents == 1_300_000 - 160_000


def test_usual_applications_are_in_it_as_they_are() -> None:
    page = document(a_dossier(MOST_ITEMS, description="a" * 10_000), "de").content.decode()
    assert page.count("a" * 10_000) == MOST_ITEMS
    assert "gekürzt" not in page


def test_the_longest_applications_that_there_can_be_are_shortened_until_they_fit() -> None:
    page = document(
        a_dossier(
            MOST_ITEMS,
            title="&" * 200,
            description='"' * 10_000,
            own_contribution="&" * 10_000,
            goals=("<" * 1_000,) * 20,
            costs=(CostItem("'" * 200, 1),) * 100,
            requested_cents=100,
        ),
        "de",
    ).content
    assert 0 < len(page) <= LARGEST
    assert page.decode().count("<article") == MOST_ITEMS
    assert "gekürzt" in page.decode()
