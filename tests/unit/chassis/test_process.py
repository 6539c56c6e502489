"""What a process asks of the system that it runs on."""

import subprocess
import sys

import pytest

from chassis.process import OPEN_FILES

ASK = """
import resource, sys
from chassis.process import allow_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
allow_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(("soft", "hard", "most"), [(64, 9_000, OPEN_FILES), (64, 512, 512), (8_500, 9_000, 8_500)])
def test_a_process_may_open_more_files_than_it_is_given_and_no_fewer(soft: int, hard: int, most: int) -> None:
    asked = subprocess.run(
        (sys.executable, "-c", ASK, str(soft), str(hard)), capture_output=True, text=True, check=True, timeout=60
    )
    assert asked.stdout.split() == [str(most), str(hard)]
