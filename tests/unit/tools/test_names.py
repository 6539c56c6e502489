"""A file is named after what it holds."""

from pathlib import Path

import pytest

from tools.names import drawers


@pytest.mark.parametrize("name", ["utils.py", "helpers/budget.py", "common.proto", "misc.py", "_util.py", "Common.py"])
def test_a_file_or_folder_named_after_a_drawer_is_refused(tmp_path: Path, name: str) -> None:
    drawer = tmp_path / "services" / "funds" / name
    drawer.parent.mkdir(parents=True)
    drawer.touch()

    assert drawers(tmp_path) != []


@pytest.mark.parametrize("name", ["budget.py", "commoning.py", "miscarriage_of_a_vote.py"])
def test_a_file_named_after_its_noun_is_not(tmp_path: Path, name: str) -> None:
    noun = tmp_path / "chassis" / name
    noun.parent.mkdir(parents=True)
    noun.touch()

    assert drawers(tmp_path) == []
