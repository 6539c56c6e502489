"""When two names may mean the same actor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.actors.domain.duplicates import candidates, fold, similar
from tests.support.actors import an_actor


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kiezspinne FAS e.V.", "KIEZSPINNE FAS"),
        ("Für Lichtenberg gGmbH", "Fuer Lichtenberg"),
        ("Straßenkinder e. V.", "Strassenkinder"),
        ("Café Maggie", "Maggie Cafe"),
        ("Nachbarschaftshaus Orangerie", "Nachbarschaftshaus Orangrie"),
    ],
)
def test_spelling_does_not_make_another_actor(one: str, other: str) -> None:
    assert similar(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kiezspinne", "Undine"),
        ("Seniorenbegegnungsstätte Rusche", "Seniorenbegegnungsstätte Hönower Weg"),
        ("Verein A", "Verein für Nachbarschaft"),
        ("Дом соседей", "Клуб молодёжи"),
    ],
)
def test_different_names_are_different(one: str, other: str) -> None:
    assert not similar(one, other)


@given(st.lists(st.text("aoxyäöß", min_size=3, max_size=8), max_size=6))
def test_neither_case_nor_the_order_of_words_tells_names_apart(words: list[str]) -> None:
    assert fold(" ".join(words)) == fold(" ".join(reversed(words)).upper())


@given(st.text(max_size=60))
def test_a_name_is_similar_to_itself(name: str) -> None:
    assert similar(name, name)


def test_a_warning_names_twenty_candidates_at_most() -> None:
    assert len(candidates("Haus", [an_actor(name="Haus") for _ in range(30)])) == 20


def test_candidates_are_the_similar_ones_among_the_neighbours() -> None:
    house, other = an_actor(name="Haus der Nachbarn"), an_actor(name="Jugendklub")
    assert candidates("haus der nachbarn e.V.", (house, other)) == (house.id,)
