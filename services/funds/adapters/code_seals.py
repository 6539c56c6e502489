"""Voting codes as they are kept: HMACs, for rights and for votes under keys of their own, split off from the installation's."""

import hashlib
import hmac


def _key(installation_key: bytes, purpose: str) -> bytes:
    return hmac.new(installation_key, f"kiezwerk funds {purpose} 1".encode(), hashlib.sha256).digest()


class HmacCodeSeals:
    """64 hex digits. Whoever reads the store cannot tell which right and which vote belong to one code."""

    def __init__(self, installation_key: bytes) -> None:
        self._right = _key(installation_key, "voting rights")
        self._vote = _key(installation_key, "ballot votes")

    def right(self, code: str) -> str:
        return hmac.new(self._right, code.encode(), hashlib.sha256).hexdigest()

    def vote(self, code: str) -> str:
        return hmac.new(self._vote, code.encode(), hashlib.sha256).hexdigest()
