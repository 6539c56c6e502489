"""What the driver's errors mean: a store that cannot serve now says UNAVAILABLE, a wrong question of ours is a bug."""

import pytest
from pymongo.errors import OperationFailure

from chassis.refusals import Unavailable
from chassis.store import faults

OUT_OF_DISK_SPACE, NOT_PRIMARY, SHUTDOWN, INTERRUPTED, NO_TRANSACTION = 14031, 10107, 91, 11600, 251
BAD_VALUE = 2


@pytest.mark.parametrize("code", [OUT_OF_DISK_SPACE, NOT_PRIMARY, SHUTDOWN, INTERRUPTED, NO_TRANSACTION])
def test_a_store_that_cannot_serve_now_is_away(code: int) -> None:
    error = OperationFailure("no", code)
    assert isinstance(faults.as_refusal(error), Unavailable)
    with pytest.raises(Unavailable), faults.spoken():
        raise error


def test_a_question_that_the_store_does_not_understand_is_a_bug() -> None:
    error = OperationFailure("no", BAD_VALUE)
    assert faults.as_refusal(error) is None
    with pytest.raises(OperationFailure), faults.spoken():
        raise error
