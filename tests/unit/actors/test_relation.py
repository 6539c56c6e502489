"""What a relation may join, and on which days it holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.refusals import Invalid
from services.actors.domain.facts import RelationStarted
from services.actors.domain.refusals import RelationEnded, WrongDays
from services.actors.domain.relation import Rank, Relation, RelationKind
from services.actors.messages.published import relation as wire
from tests.support.actors import TODAY, a_relation

BETWEEN = {"kind": RelationKind.OPERATES, "to_actor_id": "b", "target_region": "", "rank": None}
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rank": None},
        {"target_region": ""},
        {"to_actor_id": "b"},
        BETWEEN | {"to_actor_id": ""},
        BETWEEN | {"to_actor_id": "a"},
        BETWEEN | {"rank": Rank.MAIN},
        BETWEEN | {"target_region": "11"},
    ],
)
def test_a_relation_points_to_what_its_kind_needs(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        a_relation(**wrong)
    assert refused.value.reason == "RELATION_SHAPE"
    assert refused.value.fields


def test_a_relation_cannot_end_before_it_begins() -> None:
    with pytest.raises(WrongDays):
        a_relation(until_day=TODAY - timedelta(days=1))
    with pytest.raises(WrongDays):
        a_relation().end(TODAY - timedelta(days=1))


def test_both_days_are_within_a_relation() -> None:
    relation = a_relation(until_day=TODAY + timedelta(days=1))
    held = [relation.holds_on(TODAY + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_an_end_may_be_brought_forward_but_not_put_off() -> None:
    ended = a_relation().end(TODAY + timedelta(days=10))
    assert ended.end(TODAY).until_day == TODAY
    for day in (10, 11):
        with pytest.raises(RelationEnded):
            ended.end(TODAY + timedelta(days=day))


@st.composite
def spans(draw: st.DrawFn) -> Relation:
    first = draw(DAYS)
    last = draw(st.none() | DAYS.map(lambda day: max(day, first)))
    return a_relation(from_day=first, until_day=last)


@given(spans(), spans())
def test_two_relations_repeat_each_other_when_both_hold_on_some_day(one: Relation, other: Relation) -> None:
    days = (one.from_day, other.from_day)
    common = any(one.holds_on(day) and other.holds_on(day) for day in days)
    assert one.repeats(other) == other.repeats(one) == common


def test_a_relation_to_another_target_repeats_nothing() -> None:
    assert not a_relation().repeats(a_relation(target_region="114010"))


def test_a_relation_of_a_record_that_is_not_public_is_said_to_the_services_alone() -> None:
    for is_public, audience in ((True, "pub"), (False, "int")):
        said = wire.RelationStarted.model_validate(RelationStarted(a_relation(is_public=is_public)))
        assert said.audience_now() == audience
