"""The sink's SMTP side: accepts mail for anyone, and says 250 only for what lies on disk."""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session

from kiezctl.mail_sink.mailbox import Mailbox

LIMIT_BYTES = 10 * 1024 * 1024


class Keeper:
    """What aiosmtpd calls for each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            id = await asyncio.to_thread(self._mailbox.keep, envelope.mail_from or "", list(envelope.rcpt_tos), content)
        except OSError as error:
            print(f"a message could not be kept: {error}", file=sys.stderr)
            return "452 4.3.1 The message could not be stored; try again later"
        return f"250 2.0.0 kept as {id}"


async def listen(mailbox: Mailbox, host: str, port: int) -> asyncio.Server:
    """Start to take mail on this address; raises OSError when the port is taken."""
    keeper = Keeper(mailbox)
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(keeper, hostname="kiezwerk.localhost", data_size_limit=LIMIT_BYTES, enable_SMTPUTF8=True),
        host,
        port,
    )
