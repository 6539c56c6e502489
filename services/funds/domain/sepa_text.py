"""Text as every bank of the single euro payments area takes it: Latin letters, digits and a few marks (SEPA-Zeichensatz)."""

import re

from anyascii import anyascii

GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS", "&": "+"}
)
NOBODY = "NOTPROVIDED"


def sepa_text(text: str, longest: int) -> str:
    """The text in that alphabet, cut; a name without any letter that a bank knows becomes NOTPROVIDED."""
    latin = anyascii(text.translate(GERMAN))
    allowed = re.sub(r"[^A-Za-z0-9/?:().,'+ -]", " ", latin)
    # A slash at either end, and two in a row, are marks of the banks' own.
    single = re.sub(r"//+", "/", " ".join(allowed.split()))
    return single[:longest].strip("/ ") or NOBODY
