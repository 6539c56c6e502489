"""Writes a dossier as one page of HTML that needs nothing from elsewhere, in a size that every client takes."""

from dataclasses import dataclass

from chassis.pages import environment
from services.funds.domain.dossier import Dossier

PACKAGE = "services.funds"
LARGEST = 3_500_000


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of each application is shown: characters of a text, and lines of a list."""

    text: int
    lines: int


# From all that an application can hold down to what fits with sixty of them, whatever they are made of.
DETAILS = (Detail(10_000, 100), Detail(2_000, 100), Detail(400, 20), Detail(100, 10))


@dataclass(frozen=True, slots=True)
class Document:
    content: bytes
    media_type: str
    file_name: str


def document(dossier: Dossier, language: str) -> Document:
    written = (_written(dossier, language, detail) for detail in DETAILS)
    content = next((page for page in written if len(page) <= LARGEST), b"")
    name = f"{dossier.session.starts_at:%Y-%m-%d}-{dossier.session.id}.html"
    return Document(content, "text/html; charset=utf-8", name)


def _written(dossier: Dossier, language: str, detail: Detail) -> bytes:
    template = environment(PACKAGE, "dossier", language, html=True).get_template("dossier.html")
    is_shortened = detail is not DETAILS[0]
    return template.render(dossier=dossier, detail=detail, is_shortened=is_shortened).encode()
