"""What pydantic does that we work around: the test fails when the installed version no longer does it."""

import gc
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter, ValidationError

from tests.support.hazard import still


@dataclass(eq=False)
class _Call:
    """A call that keeps what it ended with, as grpc.aio's does."""

    ended: list[Exception] = field(default_factory=list)


def _refuse(value: Any) -> Any:
    raise ValueError("never fits")


def _answer(call: _Call, never: TypeAdapter[str]) -> None:
    try:
        never.validate_python("x")
    except ValidationError as error:
        call.ended.append(error)


def test_still_an_error_that_a_validator_raised_is_never_collected_with_what_refers_to_it() -> None:
    never = TypeAdapter(Annotated[str, AfterValidator(_refuse)])
    _answer(_Call(), never)
    gc.collect()
    left = [thing for thing in gc.get_objects() if type(thing) is _Call]
    still(left, "raising a refusal outside of the block that caught pydantic's error, in chassis/codec/checking.py,")
