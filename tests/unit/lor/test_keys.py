"""Keys are strings, a parent is a prefix, and only what the table knows is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import lor

KEYS = st.sampled_from(sorted(lor.NAMES))
PLANNING_AREAS = st.builds(
    lambda region, number: f"{region}{number:02}",
    st.sampled_from(sorted(key for key in lor.NAMES if len(key) == 6)),
    st.integers(0, 99),
)
ANY_KEY = KEYS | PLANNING_AREAS | st.just(lor.CITY)


def test_the_table_holds_berlins_12_districts_58_forecast_areas_and_143_district_regions() -> None:
    counts = {level: sum(lor.level(key) == level for key in lor.NAMES) for level in lor.Level}

    assert counts == {
        lor.Level.CITY: 0,
        lor.Level.DISTRICT: 12,
        lor.Level.FORECAST_AREA: 58,
        lor.Level.DISTRICT_REGION: 143,
        lor.Level.PLANNING_AREA: 0,
    }


def test_every_key_of_the_table_has_its_parent_in_the_table() -> None:
    assert all(lor.parent(key) in {*lor.NAMES, lor.CITY} for key in lor.NAMES)


@given(ANY_KEY)
def test_every_accepted_key_leads_up_to_the_city(key: str) -> None:
    way = [key]
    while (above := lor.parent(way[-1])) is not None:
        way.append(above)

    assert tuple(reversed(way)) == lor.ancestors(key)
    assert way[-1] == lor.CITY
    assert all(lor.is_known(step) for step in way)


@given(ANY_KEY)
def test_the_levels_of_ancestors_go_down_one_by_one(key: str) -> None:
    assert [lor.level(step) for step in lor.ancestors(key)] == list(lor.Level)[: len(lor.ancestors(key))]


@given(KEYS | st.just(lor.CITY))
def test_children_are_exactly_those_who_name_it_as_parent(key: str) -> None:
    assert set(lor.children(key)) == {child for child in lor.NAMES if lor.parent(child) == key}


@given(ANY_KEY, ANY_KEY)
def test_to_lie_within_is_to_be_an_ancestor(inner: str, outer: str) -> None:
    assert lor.within(inner, outer) == (outer in lor.ancestors(inner))
    assert lor.within(inner, lor.CITY)


def test_a_region_lies_only_in_those_whose_key_begins_its_own() -> None:
    assert lor.within("114009", "11")
    assert not lor.within("11", "114009")
    assert not lor.within("1140", "01")


@pytest.mark.parametrize(
    "key", ["", "0", "13", "1199", "119999", "11999901", "114009301", "1140093", "11 0", "١١", "11400x30"]
)
def test_what_the_table_does_not_know_is_refused(key: str) -> None:
    assert not lor.is_known(key)
    with pytest.raises(ValidationError, match="must be a LOR 2021 key"):
        TypeAdapter(lor.Region).validate_python(key)


@given(st.text(max_size=10))
def test_no_text_breaks_the_check(text: str) -> None:
    assert lor.is_known(text) in {True, False}


@given(ANY_KEY)
def test_every_accepted_key_passes_the_field_as_it_is(key: str) -> None:
    assert TypeAdapter(lor.Region).validate_python(key) == key
    assert TypeAdapter(lor.OptionalRegion).validate_python(key) == key


def test_only_an_optional_region_may_be_empty() -> None:
    assert TypeAdapter(lor.OptionalRegion).validate_python("") == ""


def test_a_number_is_no_region_key() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(lor.Region).validate_python(114009)


@pytest.mark.parametrize(
    ("key", "name"),
    [("00", "Berlin"), ("11", "Lichtenberg"), ("114009", "Neu-Lichtenberg"), ("11400930", "Neu-Lichtenberg")],
)
def test_a_key_goes_by_the_name_that_people_use(key: str, name: str) -> None:
    assert lor.name(key) == name


@pytest.mark.parametrize("written", ["Neu-Lichtenberg", "neu-lichtenberg", "  NEU-LICHTENBERG "])
def test_a_name_is_found_whatever_its_case(written: str) -> None:
    assert lor.find(written) == ("114009",)


@given(KEYS)
def test_every_name_of_the_table_finds_its_key(key: str) -> None:
    assert key in lor.find(lor.NAMES[key])


def test_a_name_that_nobody_has_finds_nothing() -> None:
    assert lor.find("Entenhausen") == ()


@pytest.mark.parametrize(
    ("key", "tokens"),
    [
        ("00", ("00", "0", "0", "0")),
        ("11", ("11", "0", "0", "0")),
        ("1140", ("11", "1140", "0", "0")),
        ("114009", ("11", "1140", "114009", "0")),
        ("11400930", ("11", "1140", "114009", "11400930")),
    ],
)
def test_a_subject_names_full_keys_and_0_where_it_is_coarser(key: str, tokens: tuple[str, ...]) -> None:
    assert lor.subject_tokens(key) == tokens


@given(ANY_KEY)
def test_subject_tokens_are_four_words_that_nats_takes(key: str) -> None:
    tokens = lor.subject_tokens(key)

    assert len(tokens) == 4
    assert all(token.isascii() and token.isdigit() for token in tokens)
