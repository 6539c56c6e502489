"""Whether two names may mean the same actor: what a person would look at twice before registering."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.actors.domain.actor import Actor

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LEGAL_FORMS = re.compile(r"\b(e\s?v|g?gmbh|ug|eg|stiftung)\b")
_ALIKE = 0.9
_MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class TakenIdentifier:
    """An identifier's key and the one actor that has it; the id makes it unique in the whole registry."""

    id: str
    actor_id: str


def fold(name: str) -> str:
    """Case, umlauts, accents, marks, legal form and the order of words do not tell names apart."""
    lower = name.casefold().translate(_UMLAUTS)
    letters = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters.replace(".", ""))
    return " ".join(sorted(_LEGAL_FORMS.sub(" ", words).split()))


def similar(one: str, other: str) -> bool:
    """Equal when folded, or but for a slip of the pen."""
    first, second = fold(one), fold(other)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return first == second or (matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE)


def candidates(name: str, neighbours: Iterable[Actor]) -> tuple[str, ...]:
    """The ids of those among `neighbours` that `name` may mean, at most 20."""
    return tuple(actor.id for actor in neighbours if similar(name, actor.name))[:_MOST_CANDIDATES]
