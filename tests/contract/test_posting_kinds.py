"""Every kind of a posting can be told to a caller."""

from kiezwerk.funds.v1 import ledger_pb2
from services.funds.domain.ledger import PostingKind


def test_each_kind_that_is_booked_has_its_value_in_the_contract() -> None:
    told = {name.removeprefix("POSTING_KIND_").lower() for name in ledger_pb2.PostingKind.DESCRIPTOR.values_by_name}
    assert told - {"unspecified"} == {str(kind) for kind in PostingKind}
