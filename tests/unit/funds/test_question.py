"""A question of the office to an applicant: until when its answer counts, and what it is when its day has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.ports import end_of_day
from services.funds.domain.application import ApplicationStatus
from services.funds.domain.refusals.application import AnswerIsLate, DueDayPassed, FormIncomplete
from tests.support.funds import YEAR
from tests.support.funds_decision import RECEIVED, a_form, an_application

S = ApplicationStatus
DUE = date(YEAR, 1, 20)


def test_the_first_receipt_stays_through_questions_and_answers() -> None:
    later = RECEIVED + timedelta(days=3)
    answered = an_application().request_info(DUE, "Wo?", "office", RECEIVED).answer("anna", later)
    assert (answered.submitted_at, answered.info_due_on) == (RECEIVED, None)


@pytest.mark.parametrize(
    ("due", "ends_at"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_counts_to_midnight_also_on_the_days_when_summer_time_turns(due: date, ends_at: datetime) -> None:
    later = a_form(starts_on=date(2027, 12, 1), ends_on=date(2027, 12, 1))
    asked = an_application(form=later).request_info(due, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", ends_at - timedelta(milliseconds=1)).status is S.SUBMITTED
    with pytest.raises(AnswerIsLate):
        asked.answer("anna", ends_at)


@pytest.mark.parametrize("status", S)
def test_a_due_day_that_passes_marks_what_waits_and_changes_no_status(status: S) -> None:
    application = an_application(status)
    overdue = application.fall_overdue()
    assert (overdue.status, overdue.info_overdue) == (status, status is S.NEEDS_INFO)
    assert overdue.fall_overdue() is overdue


def test_a_question_that_is_answered_or_asked_anew_is_overdue_no_more() -> None:
    overdue = an_application().request_info(DUE, "Wo?", "office", RECEIVED).fall_overdue()
    after = (
        overdue.answer("anna", RECEIVED),
        overdue.request_info(DUE, "Wo?", "office", RECEIVED),
        overdue.refuse("nein", "office", RECEIVED),
        overdue.withdraw("weg", "anna", RECEIVED),
    )
    assert not any(application.info_overdue for application in after)


def test_an_answer_in_time_counts_though_the_first_day_has_passed_meanwhile() -> None:
    soon = a_form(starts_on=date(YEAR, 1, 12), ends_on=date(YEAR, 1, 12))
    asked = an_application(form=soon).request_info(DUE, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", RECEIVED + timedelta(days=4)).status is S.SUBMITTED
    before = asked.revise(a_form(starts_on=date(YEAR, 1, 9), ends_on=date(YEAR, 1, 9)))
    with pytest.raises(FormIncomplete):
        before.answer("anna", RECEIVED + timedelta(days=4))


def test_an_answer_counts_until_the_last_instant_of_its_day() -> None:
    asked = an_application().request_info(DUE, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", end_of_day(DUE) - timedelta(milliseconds=1)).status is S.SUBMITTED
    with pytest.raises(AnswerIsLate):
        asked.answer("anna", end_of_day(DUE))


def test_the_office_cannot_set_a_day_that_has_passed() -> None:
    with pytest.raises(DueDayPassed):
        an_application().request_info(date(YEAR, 1, 9), "Wo?", "office", RECEIVED)
