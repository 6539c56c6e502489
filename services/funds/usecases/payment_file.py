"""Payment files: released payments go to the bank, each in one file ever, and a file can be fetched again as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated

from annotated_types import Ge, Le

import lor
from chassis.fields import Day, Id, Line, OptionalId, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from chassis.refusals import Refusal
from services.funds.domain.facts.payment import PaymentExported, PaymentFileExported
from services.funds.domain.grant import Grant
from services.funds.domain.pain001 import pain001
from services.funds.domain.payee import Iban, compact
from services.funds.domain.payment import Payment, require_person
from services.funds.domain.payment_file import (
    OptionalBic,
    Payer,
    PaymentFile,
    PaymentFileContent,
    PaymentFileFormat,
    Transfer,
    content_id,
    execution_day,
)
from services.funds.domain.payment_table import payment_table
from services.funds.domain.refusals.payment import NothingToExport, PaymentHeld
from services.funds.usecases.ports import Grants, PaymentFileContents, PaymentFiles, Payments
from services.funds.usecases.recipient import Recipients

MOST = 200
ENDINGS = {
    PaymentFileFormat.CSV: ("csv", "text/csv; charset=utf-8"),
    PaymentFileFormat.PAIN_001: ("xml", "application/xml"),
}


@dataclass(frozen=True, slots=True)
class ExportPayments:
    region: lor.Region
    payer_name: Line
    payer_iban: Iban
    payer_bic: OptionalBic = ""
    execution_on: Day | None = None
    fund_id: OptionalId = ""
    most: Annotated[int, Ge(0), Le(MOST)] = 0


@dataclass(frozen=True, slots=True)
class GetPaymentFile:
    payment_file_id: Id


@dataclass(frozen=True, slots=True)
class ListPaymentFiles:
    region: lor.OptionalRegion = ""
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class FetchPaymentFile:
    payment_file_id: Id
    format: PaymentFileFormat


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A released payment that is not in the file, and the reason with which it would be refused alone."""

    payment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    payment_file: PaymentFile
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    file_name: str
    media_type: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a file, as it is after the export, and what does not."""

    payments: tuple[Payment, ...]
    transfers: tuple[Transfer, ...]
    left_out: tuple[LeftOut, ...]


class PaymentFileUseCases:
    def __init__(
        self,
        files: PaymentFiles,
        contents: PaymentFileContents,
        payments: Payments,
        grants: Grants,
        recipients: Recipients,
    ) -> None:
        self._files, self._contents = files, contents
        self._payments, self._grants, self._recipients = payments, grants, recipients

    async def export_payments(self, tx: Transaction, command: ExportPayments, caller: Caller) -> Export:
        caller.require("treasurer", region=command.region)
        require_person(caller)
        file_id = new_id()
        chosen = await self._choose(tx, command, file_id, caller)
        if not chosen.payments:
            raise NothingToExport(len(chosen.left_out))
        head = PaymentFile(
            id=file_id,
            region=command.region,
            fund_id=command.fund_id,
            payer=Payer(command.payer_name, compact(command.payer_iban), command.payer_bic),
            execution_on=execution_day(command.execution_on, tx.at),
            payments=len(chosen.payments),
            total_cents=sum(payment.amount_cents for payment in chosen.payments),
            exported_by=caller.sub,
            exported_at=tx.at,
        )
        file = await self._write(tx, head, chosen.transfers)
        for payment in chosen.payments:
            await self._payments.save(tx, payment, PaymentExported(payment))
        return Export(await self._files.add(tx, file, PaymentFileExported(file)), chosen.left_out)

    async def export_locks(self, command: ExportPayments) -> tuple[str, ...]:
        """One export after the other; those of another replica conflict in what they save."""
        return ("payment_files",)

    async def get_payment_file(self, query: GetPaymentFile, caller: Caller) -> PaymentFile:
        file = await self._files.get(query.payment_file_id)
        caller.require("treasurer", "auditor", region=file.region)
        return _as_seen_by(file, caller)

    async def list_payment_files(self, query: ListPaymentFiles, caller: Caller) -> Page[PaymentFile]:
        region = query.region or lor.CITY
        caller.require("treasurer", "auditor", region=region)
        page = await self._files.listed(region, PageRequest(query.page_size, query.page_token, caller.sub))
        return Page(tuple(_as_seen_by(file, caller) for file in page.items), page.next_page_token)

    async def fetch_payment_file(self, query: FetchPaymentFile, caller: Caller) -> Fetched:
        file = await self._files.get(query.payment_file_id)
        caller.require("treasurer", region=file.region)
        kept = await self._contents.get(content_id(file.id, query.format))
        ending, media_type = ENDINGS[query.format]
        content = kept.text.encode()
        return Fetched(f"payments-{file.message_id}.{ending}", media_type, sha256(content).hexdigest(), content)

    async def _choose(self, tx: Transaction, command: ExportPayments, file_id: str, caller: Caller) -> Chosen:
        """The oldest first, up to the most that is wanted; who may not be paid, or not by this caller, stays out."""
        waiting = await self._payments.awaiting_export(tx, command.region, command.fund_id)
        grants = {grant.id: grant for grant in await self._grants.many({p.grant_id for p in waiting}, tx)}
        holds = await self._recipients.holds(grants.values(), tx)
        caller = await self._recipients.party(caller, *grants.values(), tx=tx)
        payments: list[Payment] = []
        left_out: list[LeftOut] = []
        for payment in waiting:
            if len(payments) == (command.most or MOST):
                break
            grant = grants[payment.grant_id]
            try:
                if grant.id in holds:
                    raise PaymentHeld(holds[grant.id])
                payments.append(payment.export(grant, file_id, caller, tx.at))
            except Refusal as refusal:
                left_out.append(LeftOut(payment.id, refusal.reason))
        return Chosen(tuple(payments), _transfers(payments, grants), tuple(left_out))

    async def _write(self, tx: Transaction, file: PaymentFile, transfers: Sequence[Transfer]) -> PaymentFile:
        texts = {
            PaymentFileFormat.CSV: payment_table(file, transfers),
            PaymentFileFormat.PAIN_001: pain001(file, transfers),
        }
        for format, text in texts.items():
            await self._contents.insert(tx, PaymentFileContent(content_id(file.id, format), file.region, text))
        csv_sha256, pain_001_sha256 = (sha256(text.encode()).hexdigest() for text in texts.values())
        return replace(file, csv_sha256=csv_sha256, pain_001_sha256=pain_001_sha256)


def _transfers(payments: Sequence[Payment], grants: Mapping[str, Grant]) -> tuple[Transfer, ...]:
    return tuple(Transfer.of(payment, grants[payment.grant_id]) for payment in payments)


def _as_seen_by(file: PaymentFile, caller: Caller) -> PaymentFile:
    return file if caller.may("treasurer", region=file.region) else file.masked()
