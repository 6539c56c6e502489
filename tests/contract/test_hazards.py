"""docs/hazards.md: every hazard has an answer that stands somewhere, and something that holds it."""

import re

import pytest

from kiezctl.home import ROOT

PAGE = (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| hazard |")
]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
}


def test_the_page_has_its_tables() -> None:
    assert len(ROWS) > 40
    assert all(len(row) == 4 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_each_answer_stands_somewhere_and_is_held(row: list[str]) -> None:
    _, _, where, held = row
    places = re.findall(r"`([^`]+)`", where)
    named = re.findall(r"`(test_\w+)`", held)
    assert places
    assert all((ROOT / place).exists() or (ROOT / "docs" / place).exists() for place in places), places
    assert set(named) <= TESTS, set(named) - TESTS
    assert named or held.startswith("`make lint`"), held


def test_each_test_of_a_hazard_is_on_the_page() -> None:
    still = {name for name in TESTS if name.startswith("test_still_")}
    assert len(still) > 15
    assert still == set(re.findall(r"`(test_still_\w+)`", PAGE))
