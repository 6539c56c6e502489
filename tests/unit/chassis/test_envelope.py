"""The envelope: CloudEvents in NATS headers, subjects by audience and region, bodies that hold nothing more than declared."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from chassis.envelope import Audience, Body, Catalogue, Cause, Heard, Letter, Part, Published, Unreadable, read_meta
from chassis.refusals import Invalid

AT = datetime(2027, 1, 22, 23, 0, 0, 5000, UTC)


@dataclass(frozen=True)
class Pot:
    id: str = "p1"
    region: str = "114009"
    secret: str = "not for others"


@dataclass(frozen=True)
class PotFilledFact:
    state: Pot
    amount_cents: int = 5


PotFilledFact.__name__ = "PotFilled"


class PotState(Body):
    id: str
    region: str


class PotFilled(Published, audience="pub", why="for the test"):
    """A pot was filled."""

    state: PotState
    amount_cents: int


CATALOGUE = Catalogue("toy", "berlin", (PotFilled,))


def _letter(fact: object = PotFilledFact(Pot()), **more: Any) -> Letter:
    usual: dict[str, Any] = {"id": "m1", "sequence": 7, "at": AT, "cause": Cause("c1", "m0")}
    return CATALOGUE.letter(fact, **usual | more)


def test_the_subject_names_audience_service_fact_and_every_level_of_the_region() -> None:
    assert _letter().subject == "kiez.pub.toy.v1.pot_filled.11.1140.114009.0"


@pytest.mark.parametrize(
    ("region", "tail"),
    [("00", "00.0.0.0"), ("11", "11.0.0.0"), ("1140", "11.1140.0.0"), ("11400930", "11.1140.114009.11400930")],
)
def test_a_coarser_region_leaves_zeros(region: str, tail: str) -> None:
    assert _letter(PotFilledFact(Pot(region=region))).subject == f"kiez.pub.toy.v1.pot_filled.{tail}"


def test_the_headers_are_a_cloud_event_to_a_library_that_no_one_here_wrote() -> None:
    headers = _letter().headers
    attributes: dict[str, Any] = {
        key.removeprefix("ce-"): value for key, value in headers.items() if key.startswith("ce-")
    }
    attributes["time"] = datetime.fromisoformat(attributes["time"])
    event = CloudEvent(attributes=attributes, data={})
    assert event.get_type() == "kiezwerk.toy.v1.pot_filled"
    assert event.get_source() == "/kiezwerk/berlin/toy"
    assert event.get_subject() == "p1"
    assert event.get_extension("sequence") == "0000000007"
    assert event.get_extension("causationid") == "m0"


def test_a_message_holds_what_its_model_declares_and_nothing_else() -> None:
    assert _letter().data == '{"state":{"id":"p1","region":"114009"},"amount_cents":5}'


def test_a_fact_said_at_a_home_that_was_left_says_so() -> None:
    letter = _letter(left_region="1110")
    assert letter.subject.endswith(".11.1110.0.0")
    assert '"left":true' in letter.data


def test_what_was_written_is_read_back() -> None:
    meta = read_meta(_letter().headers)
    assert (meta.id, meta.aggregate_id, meta.sequence, meta.time) == ("m1", "p1", 7, AT)
    assert (meta.as_cause().correlation_id, meta.as_cause().causation_id) == ("c1", "m1")


@pytest.mark.parametrize("missing", ["ce-id", "ce-type", "ce-subject", "ce-sequence", "ce-time"])
def test_an_envelope_without_one_of_its_headers_is_unreadable_and_says_which(missing: str) -> None:
    headers = {k: v for k, v in _letter().headers.items() if k != missing}
    with pytest.raises(Unreadable, match=missing):
        read_meta(headers)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("ce-sequence", text) for text in ("0", "-1", "1e3", "1_0", "١", "9223372036854775808", "9" * 5_000, " 1")),
        *(("ce-time", text) for text in ("2027-01-04T10:00:00", "yesterday", "0001-01-01T00:00:00+14:00")),
        *((name, text) for name in ("ce-id", "ce-type", "ce-subject") for text in ("a\0b", "\u202ea", "x" * 201)),
    ],
)
def test_an_envelope_with_a_header_that_nothing_can_be_done_with_is_unreadable(header: str, value: str) -> None:
    with pytest.raises(Unreadable, match=header):
        read_meta(_letter().headers | {header: value})


@pytest.mark.parametrize("junk", ["", "x" * 201, "a\0b", "ä"])
def test_a_correlation_id_that_is_no_header_is_not_passed_on(junk: str) -> None:
    meta = read_meta(_letter().headers | {"ce-correlationid": junk, "traceparent": junk})
    assert (meta.correlation_id, meta.traceparent) == (meta.id, "")


@pytest.mark.parametrize(
    "state",
    [
        {"region": "zz"},
        {"region": "114009\n"},
        {"at": "2027-01-04T10:00:00"},
        {"at": "9999-12-31T23:59:59Z"},
        {"day": "0001-01-01"},
        {"cents": 2**63},
    ],
)
def test_a_body_with_what_no_store_or_calendar_holds_is_unreadable(state: dict[str, object]) -> None:
    class Known(Part):
        region: str = "11"
        at: datetime = AT
        day: date = AT.date()
        cents: int = 0

    Known.model_validate_json("{}")
    with pytest.raises(ValidationError):
        Known.model_validate_json(json.dumps(state))


def test_a_message_that_is_too_large_is_never_written() -> None:
    class PotNamed(Published, audience="pub", why="for the test"):
        """A pot got a name."""

        state: PotState
        name: str

    @dataclass(frozen=True)
    class Fact:
        state: Pot
        name: str

    Fact.__name__ = "PotNamed"
    with pytest.raises(Invalid, match="RECORD_TOO_LARGE"):
        Catalogue("toy", "berlin", (PotNamed,)).letter(
            Fact(Pot(), "x" * 300_000), id="m", sequence=1, at=AT, cause=Cause("c")
        )


def test_a_consumer_passes_over_fields_that_it_does_not_know() -> None:
    class State(Part):
        id: str

    class PotHeard(Heard, type="kiezwerk.toy.v1.pot_filled"):
        state: State

    assert PotHeard.model_validate_json(_letter().data) == PotHeard(state=State(id="p1"))
    assert PotHeard.filter_subject() == "kiez.*.toy.v1.pot_filled.>"


def test_the_audience_may_depend_on_the_record() -> None:
    class PotHidden(Published, audience="pub", why="unless it is hidden"):
        """A pot was hidden or shown."""

        state: PotState

        def audience_now(self) -> Audience:
            return "int" if self.state.id == "hidden" else self.audience

    @dataclass(frozen=True)
    class Fact:
        state: Pot

    Fact.__name__ = "PotHidden"
    catalogue = Catalogue("toy", "berlin", (PotHidden,))
    subjects = [
        catalogue.letter(Fact(replace(Pot(), id=id)), id="m", sequence=1, at=AT, cause=Cause("c")).subject
        for id in ("p1", "hidden")
    ]
    assert [subject.split(".")[1] for subject in subjects] == ["pub", "int"]
