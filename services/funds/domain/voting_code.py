"""A voting code: 80 secret bits on a piece of paper, which let whoever holds it vote once and change that vote."""

from stdnum import luhn

from services.funds.domain.refusals.ballot import CodeMistyped

SECRET_BYTES = 10
# Crockford's base 32: no I, L, O and U; the first three are read as what they look like.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOLS = SECRET_BYTES * 8 // 5
_TYPED = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


def printed(secret: bytes) -> str:
    """In groups of four, the check character at the end: "7KQM-2X9D-VTH4-0PZB-C"."""
    number = int.from_bytes(secret)
    symbols = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(_SYMBOLS)))
    whole = symbols + luhn.calc_check_digit(symbols, ALPHABET)
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def read_code(typed: str) -> str:
    """The code without groups, however it was typed; refuses one whose check character does not fit."""
    code = typed.upper().translate(_TYPED)
    if len(code) != _SYMBOLS + 1 or set(code) - set(ALPHABET) or not luhn.is_valid(code, ALPHABET):
        raise CodeMistyped
    return code
