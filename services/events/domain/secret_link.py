"""A secret link: lets its holder do one thing with one registration, without a login, until the event begins."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class LinkPurpose(StrEnum):
    CANCEL = "cancel"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class SecretLink:
    """`id` is the secret's SHA-256: whoever reads the store cannot make a link from it."""

    id: str
    purpose: LinkPurpose
    registration_id: str


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
