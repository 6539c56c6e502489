"""The post: letters become MIME mails and go to the mail server by SMTP."""

import asyncio
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

import aiosmtplib

from chassis import tracing
from chassis.refusals import Unavailable
from services.notify.settings import NotifySettings
from services.notify.usecases.ports import AddressRefused, Letter

_NO_SUCH_MAILBOX = frozenset({550, 551, 553, 556})


class _MailPolicy(EmailPolicy):
    """Never folds List-Unsubscribe: folding writes a long address as encoded words, which no mail program understands."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _MailPolicy(linesep="\r\n")


class SmtpPost:
    """One connection, kept open between letters; the sender gives one letter at a time."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None
        self._busy = asyncio.Lock()

    async def send(self, letter: Letter) -> None:
        settings = self._settings
        about: tracing.Attributes = {
            "network.protocol.name": "smtp",
            "server.address": settings.smtp_host,
            "server.port": settings.smtp_port,
        }
        with tracing.span("send mail", tracing.Kind.CLIENT, about):
            await self._carry(letter)

    async def _carry(self, letter: Letter) -> None:
        settings, address = self._settings, _in_ascii(letter.to.email)
        mail = self._mail(letter, address).as_bytes()
        async with self._busy:
            try:
                # The whole of it has this long, so that no other sender takes the letter meanwhile.
                async with asyncio.timeout(settings.smtp_seconds):
                    client = await self._connected()
                    await client.sendmail(settings.mail_from, address, mail)
            except aiosmtplib.SMTPRecipientsRefused as error:
                raise _refusal(error.recipients[0]) from None
            except aiosmtplib.SMTPResponseException as error:
                await self.close()
                raise Unavailable(f"SMTP_{error.code}", "The mail server takes no such mail now.") from None
            except (aiosmtplib.SMTPException, OSError) as error:
                await self.close()
                raise Unavailable("POST_AWAY", f"The mail server takes no mail ({type(error).__name__}).") from None

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        await self.close()
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            username=settings.smtp_username or None,
            password=settings.smtp_password() or None,
            timeout=settings.smtp_seconds,
        )
        await client.connect()
        self._client = client
        return client

    def _mail(self, letter: Letter, address: str) -> EmailMessage:
        """Raises AddressRefused for an address that no mail can be written to."""
        try:
            mail = self._envelope(letter, address)
        except (MessageError, ValueError, IndexError):
            raise AddressRefused("ADDRESS_UNUSABLE") from None
        mail.set_content(letter.text, cte="quoted-printable")
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        if letter.calendar:
            mail.add_attachment(
                letter.calendar.encode(),
                maintype="text",
                subtype="calendar",
                filename="termin.ics",
                params={"method": "PUBLISH", "charset": "utf-8"},
            )
        # Set last: making a mail of several parts moves such headers into the first of them.
        mail["Content-Language"] = letter.language
        return mail

    def _envelope(self, letter: Letter, address: str) -> EmailMessage:
        host = self._settings.mail_from.rpartition("@")[2]
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = Address(self._settings.mail_from_name, addr_spec=self._settings.mail_from)
        mail["To"] = Address(letter.to.name, addr_spec=address)
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(letter.at)
        mail["Message-ID"] = f"<{letter.message_id}@{host}>"
        mail["Auto-Submitted"] = "auto-generated"
        if letter.correlation_id:
            mail["X-Kiezwerk-Correlation"] = letter.correlation_id
        if letter.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return mail


def _in_ascii(address: str) -> str:
    """The form that every mail server takes: a domain with umlauts in IDNA. Raises AddressRefused when there is none."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}".encode("ascii").decode()
    except UnicodeError:
        raise AddressRefused("ADDRESS_UNUSABLE") from None


def _refusal(error: aiosmtplib.SMTPRecipientRefused) -> Exception:
    """Only "no such mailbox" is for good: a full one (452), greylisting (450) or the server's policy (5.7.x) may change."""
    if error.code in _NO_SUCH_MAILBOX and not error.message.startswith("5.7."):
        return AddressRefused(f"SMTP_{error.code}")
    return Unavailable(f"SMTP_{error.code}", "The mail server does not take mail for this address now.")
