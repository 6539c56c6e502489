"""Payments of a running service on their way to the bank: released, in a file, and what happens to them on a day."""

from typing import Any

from chassis.ports import Role, berlin_day
from services.funds.domain.fund_rules import Payout
from tests.support.city import Started
from tests.support.funds import Pot
from tests.support.funds_grant import TREASURER, agreed, order

PAYER = {"payer_name": "Bezirksamt Lichtenberg", "payer_iban": "DE02 1005 0000 0054 5404 02"}


async def a_released(funds: Started, pot: Pot, cents: int = 10_000, **fields: Any) -> Any:
    """A payment that waits for the bank."""
    grant = await agreed(funds, pot, payout=Payout.ADVANCE, **fields)
    payment = await order(funds, grant, cents)
    release = {"payment_id": payment.id}
    return (await funds.call("PaymentService/ReleasePayment", release, TREASURER, sub="treasurer")).payment


async def export(funds: Started, pot: Pot, sub: str = "treasurer", **fields: Any) -> Any:
    request = {"region": "11", "fund_id": pot.fund_id} | PAYER | fields
    return await funds.call("PaymentFileService/ExportPayments", request, TREASURER, sub=sub)


async def fetch(funds: Started, file: Any, format: str, *roles: Role) -> Any:
    request = {"payment_file_id": file.id, "format": f"PAYMENT_FILE_FORMAT_{format}"}
    return await funds.call("PaymentFileService/FetchPaymentFile", request, *(roles or (TREASURER,)))


async def read(funds: Started, payment: Any) -> Any:
    return (await funds.call("PaymentService/GetPayment", {"payment_id": payment.id}, TREASURER)).payment


async def on_day(funds: Started, what: str, payment: Any, sub: str = "treasurer", **fields: Any) -> Any:
    request = {"payment_id": payment.id} | fields
    return (await funds.call(f"PaymentService/{what}", request, TREASURER, sub=sub)).payment


async def today(funds: Started) -> str:
    return berlin_day(await funds.now()).isoformat()


async def order_again(funds: Started, payment: Any) -> Any:
    request = {"grant_id": payment.grant_id, "amount_cents": payment.amount_cents}
    return (await funds.call("PaymentService/OrderPayment", request, TREASURER, sub="clerk")).payment
