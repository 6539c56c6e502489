"""Nothing that anyone can send ends in INTERNAL, UNKNOWN or a 500, grows the memory, or keeps a service from its work."""

import os
from pathlib import Path

import pytest

from tests.faults.fuzz.campaign import Campaign, a_seed
from tests.faults.fuzz.target import a_target

# With `make test` a short round; FUZZ_CALLS=100000 for the long one of this ring, `make fuzz` for a million.
CALLS = int(os.environ.get("FUZZ_CALLS", "3000"))
SEED = os.environ.get("FUZZ_SEED", "") or ("kiezwerk" if "CI" in os.environ else a_seed())


@pytest.mark.timeout(300 + CALLS // 10)
async def test_whatever_is_sent_is_answered_and_everything_stands_afterwards(tmp_path: Path) -> None:
    async with a_target(tmp_path) as target:
        report = await Campaign(target, SEED).run(CALLS)
    assert not report.failures, f"seed {SEED}\n" + "\n".join(report.failures[:20])
