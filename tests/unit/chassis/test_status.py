"""A refusal always arrives: clients drop a status whose trailers are larger than 8 KiB."""

import pytest

from chassis.refusals import Invalid
from chassis.rpc import status

LIMIT = 8 * 1024


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("Please correct.", {f"items[{number}].amount_cents": "must be at least 1" for number in range(1_000)}),
        ("Please correct.", {"x" * 20_000: "y" * 20_000}),
        ("ä" * 20_000, {"\U0001f600" * 500: "\U0001f600" * 500}),
    ],
)
def test_a_refusal_fits_into_the_trailers_that_every_client_takes(sentence: str, fields: dict[str, str]) -> None:
    told = status.of_refusal(Invalid("INVALID_FIELDS", sentence, fields=fields), "toy")
    ((_, details),) = told.trailing_metadata
    percent_encoded = 3 * sum(byte > 126 for byte in told.details.encode()) + len(told.details.encode())
    assert len(details) * 4 / 3 + percent_encoded < LIMIT
