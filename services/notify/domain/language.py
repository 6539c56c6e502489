"""The languages that notify writes in."""

from enum import StrEnum


class Language(StrEnum):
    DE = "de"
    EN = "en"
