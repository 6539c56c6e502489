"""For tests of what the packages that we build on do wrong: they fail on the day when it has been mended."""


def still(there: object, answer: str) -> None:
    """`there` is what is wrong; `answer` names what of ours is there because of it."""
    assert there, f"The hazard has gone with this version: look in docs/hazards.md whether {answer} may go with it."
