"""Codes: 80 bits in, the same 80 bits out, and no slip of a finger becomes another code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.adapters.code_seals import HmacCodeSeals
from services.funds.domain.refusals.ballot import CodeMistyped
from services.funds.domain.voting_code import ALPHABET, SECRET_BYTES, printed, read_code

SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)


@given(SECRETS)
def test_all_eighty_bits_are_in_what_is_printed(secret: bytes) -> None:
    code = read_code(printed(secret))
    number = 0
    for symbol in code[:-1]:
        number = number * 32 + ALPHABET.index(symbol)
    assert number.to_bytes(SECRET_BYTES) == secret


def test_it_is_printed_in_groups_without_letters_that_look_alike() -> None:
    assert printed(bytes(10)) == "0000-0000-0000-0000-0"
    assert printed(bytes([255] * 10)).startswith("ZZZZ-ZZZZ-ZZZZ-ZZZZ-")
    assert not set("ILOU") & set(ALPHABET)


@given(SECRETS)
def test_it_is_read_however_it_was_typed(secret: bytes) -> None:
    code = printed(secret)
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        code.replace("0", "o").replace("1", "l"),
    ):
        assert read_code(typed) == read_code(code)


@given(SECRETS, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(secret: bytes, place: int, other: str) -> None:
    code = read_code(printed(secret))
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(CodeMistyped):
        read_code(wrong)


@pytest.mark.parametrize(
    "typed", ["", "0", "0" * 16, "0" * 18, "0" * 16 + "U", "ſ" * 17, "０" * 17, "0000/0000/0000/0000/0"]
)
def test_what_is_no_code_is_mistyped(typed: str) -> None:
    with pytest.raises(CodeMistyped):
        read_code(typed)


def test_right_and_vote_of_one_code_cannot_be_told_to_belong_together() -> None:
    seals, others = HmacCodeSeals(b"k" * 32), HmacCodeSeals(b"l" * 32)
    code = read_code(printed(bytes(10)))
    assert len({seals.right(code), seals.vote(code), others.right(code), others.vote(code)}) == 4
    assert code not in seals.right(code)
