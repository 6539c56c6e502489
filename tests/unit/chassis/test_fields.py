"""Field types: what passes the edge, and what is refused."""

from dataclasses import make_dataclass
from typing import Any

import pytest

from chassis import codec, fields
from chassis.refusals import Invalid
from lor import OptionalRegion, Region

CASES: list[tuple[Any, list[Any], list[Any]]] = [
    (fields.Id, ["0192f3a4-5b6c-7d8e-9f01-23456789abcd"], ["", "x", "0192F3A4-5B6C-7D8E-9F01-23456789ABCD", "$where"]),
    (fields.OptionalId, ["", "0192f3a4-5b6c-7d8e-9f01-23456789abcd"], ["x"]),
    (fields.Line, ["Straßenfest", "a" * 200], ["", "  ", "a\nb", "a" * 201, "left\u202eright"]),
    (fields.Cents, [1, 10**12], [0, -1, 10**12 + 1, "1.5"]),
    (fields.CentsOrZero, [0], [-1]),
    (fields.Day, ["2027-01-22"], ["1999-12-31", "22.1.2027", "2027-02-30"]),
    (
        fields.HttpsUrl,
        ["https://example.org/a?b=c"],
        ["http://example.org", "https://", "javascript:alert(1)", "https://a b"],
    ),
    (
        fields.Email,
        ["post@example.org", "a.b+c@sub.example.de", "post@müller.example"],
        [
            "post",
            "a@b",
            "a b@c.de",
            "a@b.de\nBcc: x@y.de",
            "<a@b.de>",
            "dörte@example.org",
            "\u017fam@example.org",
            "a\x00@b.de",
            "a@b\x00.de",
            "a@b\uff20c.de",
            f"a@{'b' * 64}.de",
            "a@.de",
        ],
    ),
    (fields.Sha256, ["a" * 64], ["A" * 64, "a" * 63]),
    (fields.PageSize, [0, 500], [-1, 501]),
    (Region, ["00", "11", "1140", "114009", "11400930"], ["", "1", "13", "1230", "114099", "0114009", "٣٤"]),
    (OptionalRegion, ["", "11"], ["99"]),
]


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, good, _ in CASES for value in good])
def test_what_is_right_passes(kind: Any, value: Any) -> None:
    codec.check(make_dataclass("Asked", [("field", kind)]), {"field": value})


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, _, bad in CASES for value in bad])
def test_what_is_wrong_is_refused_with_its_field(kind: Any, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        codec.check(make_dataclass("Asked", [("field", kind)]), {"field": value})
    assert list(caught.value.fields) == ["field"]
