"""docs/invariants.md says which test breaks without which guard: here it is seen."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiezctl.home import ROOT
from tests.invariants.guard import Guard
from tests.invariants.guards_of_decisions import DECISIONS
from tests.invariants.guards_of_grants import GRANTS
from tests.invariants.guards_of_money import MONEY

GUARDS = (*MONEY, *DECISIONS, *GRANTS)
PAGE = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
COPIED = ("chassis", "gen", "kiezctl", "lor", "services", "tests", "tools", "pyproject.toml")
pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the checkout that may be broken."""

    folder: Path

    def passes(self, test: str) -> bool:
        done = subprocess.run(
            (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", test),
            cwd=self.folder,
            # Examples that find what is missing in each run.
            env={**os.environ, "CI": "true", "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        # 0: all passed; 1: a test failed. Anything else is a broken copy and proves nothing.
        assert done.returncode in {0, 1}, done.stdout[-2000:] + done.stderr[-2000:]
        return done.returncode == 0


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("without")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    yield Copy(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("guard", GUARDS, ids=[guard.what for guard in GUARDS])
def test_without_it_its_test_fails(copy: Copy, guard: Guard) -> None:
    path = copy.folder / guard.file
    whole = path.read_text(encoding="utf-8")
    assert whole.count(guard.line) == 1, f"{guard.file} has the guard {whole.count(guard.line)} times"
    try:
        path.write_text(whole.replace(guard.line, guard.without), encoding="utf-8")
        assert not copy.passes(guard.test), "it passes without what it is there for"
    finally:
        path.write_text(whole, encoding="utf-8")
    assert f"`{guard.test.rpartition('/')[2].rpartition('::')[2]}`" in PAGE
    assert f"`{guard.file.removeprefix('services/funds/')}`" in PAGE


def test_the_page_names_what_there_is() -> None:
    for name in re.findall(r"`(domain/\w+\.py|usecases/\w+\.py|adapters/\S+\.py)`", PAGE):
        assert (ROOT / "services" / "funds" / name).exists(), name
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 20
    assert named <= there, named - there
