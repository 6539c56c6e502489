"""How a person is known without being named: an HMAC of the folded address with the installation's key."""

import hashlib
import hmac
import unicodedata
from contextlib import suppress


def fold_address(address: str) -> str:
    """The form in which two spellings of one mail address are equal; what is equal here is one mailbox to whoever carries mails, too."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("idna")
    # No casefold(): it makes "ß" an "ss" and "ſ" an "s", which are other mailboxes.
    return f"{local}{at}{domain}".lower()


def person_ref(key: bytes, address: str) -> str:
    """32 hex digits, the same for one address in one installation; nobody without `key` can go back or try out."""
    return hmac.new(key, fold_address(address).encode(), hashlib.sha256).hexdigest()[:32]
