"""Secrets of links, derived from the installation's key: a mail that is sent again holds the same link, and none is stored."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from services.events.domain.secret_link import LinkPurpose

_LABEL = b"kiezwerk events secret links 1"
SECRET_BYTES = 16


class DerivedSecrets:
    """128 bits by HMAC-SHA256, as text for a URL. The key is split off from the installation's by a label."""

    def __init__(self, installation_key: bytes) -> None:
        self._key = hmac.new(installation_key, _LABEL, hashlib.sha256).digest()

    def secret_of(self, purpose: LinkPurpose, registration_id: str) -> str:
        found = hmac.new(self._key, f"{purpose}:{registration_id}".encode(), hashlib.sha256).digest()[:SECRET_BYTES]
        return urlsafe_b64encode(found).rstrip(b"=").decode()
