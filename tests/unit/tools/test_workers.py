"""How `make test` shares the tests out: a file stays on one worker, and so does all that needs the usual ports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HERE, Workers

FEW = ("tests/unit/lor", "tests/unit/tools/test_names.py", "tests/unit/tools/test_stubs.py")


@pytest.mark.timeout(180)
def test_the_tests_of_a_file_run_on_one_worker() -> None:
    command = (sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadscope", "-p", "no:cacheprovider", *FEW)
    told = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True).stdout
    ran = set(re.findall(r"\[(gw\d)\].* PASSED (\S+?)::", told))
    assert len({file for _, file in ran}) >= 3
    assert len(ran) == len({file for _, file in ran}), ran
    assert {worker for worker, _ in ran} == {"gw0", "gw1"}


def test_what_starts_whole_systems_on_the_usual_ports_does_so_one_after_the_other() -> None:
    starts = {
        str(path.relative_to(HERE.parent))
        for path in HERE.rglob("*.py")
        if re.search(r'"kiezctl", "(up|demo)"|kiezctl_up\(', path.read_text(encoding="utf-8"))
    }
    asked_for = ("tests/compose", "tests/browser", "tests/year", "tests/invariants")
    files = {file for file in starts if Path(file).name.startswith("test_") and not file.startswith(asked_for)}
    share = Workers.__new__(Workers)
    assert files
    assert {share._split_scope(f"{file}::test") for file in files} == {"usual ports"}
