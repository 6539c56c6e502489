"""Secret tokens, derived from the installation's key: a mail that is sent again holds the same link, and none is stored."""

import hashlib
import hmac

from services.notify.domain.link import Purpose

_LABEL = b"kiezwerk notify secret links 1"


class DerivedTokens:
    """128 bits by HMAC-SHA256, in 32 hex digits. The key is split off from the installation's by a label."""

    def __init__(self, installation_key: bytes) -> None:
        self._key = hmac.new(installation_key, _LABEL, hashlib.sha256).digest()

    def token(self, purpose: Purpose, subscriber_id: str, serial: int) -> str:
        return hmac.new(self._key, f"{purpose}:{subscriber_id}:{serial}".encode(), hashlib.sha256).hexdigest()[:32]

    def fingerprint(self, token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
