"""The secret links of a registration: made with it, and told by mail, or in the answer to whoever registers with a token."""

from collections.abc import Callable

from chassis.ports import Transaction
from services.events.domain.registration import Registration, RegistrationStatus
from services.events.domain.secret_link import LinkPurpose, SecretLink, digest
from services.events.usecases.ports import SecretLinks


class RegistrationLinks:
    """`secret_of` makes 128 bits of a purpose and a registration's id, always the same; `public_url` begins every link."""

    def __init__(self, links: SecretLinks, secret_of: Callable[[LinkPurpose, str], str], public_url: str) -> None:
        self._links, self._secret_of, self._public_url = links, secret_of, public_url

    async def make(self, tx: Transaction, registration: Registration) -> tuple[str, str]:
        """Where to cancel, and where to accept an offer: "" when the seats are theirs already."""
        for purpose in _purposes(registration):
            secret = self._secret_of(purpose, registration.id)
            await self._links.insert(tx, SecretLink(digest(secret), purpose, registration.id))
        return await self.of(registration, tx)

    async def of(self, registration: Registration, tx: Transaction | None = None) -> tuple[str, str]:
        """The links that it has; those of a registration from before cannot be told again, and are ""."""
        known = {purpose: await self._known(purpose, registration.id, tx) for purpose in _purposes(registration)}
        return known[LinkPurpose.CANCEL], known.get(LinkPurpose.CONFIRM, "")

    async def _known(self, purpose: LinkPurpose, registration_id: str, tx: Transaction | None) -> str:
        secret = self._secret_of(purpose, registration_id)
        if await self._links.find(digest(secret), tx) is None:
            return ""
        return f"{self._public_url}/registrations/{purpose}/{secret}"


def _purposes(registration: Registration) -> tuple[LinkPurpose, ...]:
    is_theirs = registration.status is RegistrationStatus.CONFIRMED
    return (LinkPurpose.CANCEL,) if is_theirs else (LinkPurpose.CANCEL, LinkPurpose.CONFIRM)
