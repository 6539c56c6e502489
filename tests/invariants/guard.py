"""A guard: a line of code that holds an invariant, what the code would be without it, and the test that sees the difference."""

from dataclasses import dataclass

DOMAIN = "services/funds/domain"
UNIT = "tests/unit/funds"


@dataclass(frozen=True, slots=True)
class Guard:
    """`line` stands in `file` once; with `without` in its place, `test` fails."""

    what: str
    file: str
    line: str
    without: str
    test: str
