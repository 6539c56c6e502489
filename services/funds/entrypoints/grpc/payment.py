"""PaymentService: money leaves by four eyes."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.payment import (
    GetPayment,
    ListPayments,
    MarkPaymentFailed,
    MarkPaymentPaid,
    OrderPayment,
    ReleasePayment,
    ReturnPayment,
)


def payment_api(do: UseCases) -> Api:
    locks = do.payments.locks
    return Api(
        "kiezwerk.funds.v1.PaymentService",
        query("GetPayment", GetPayment, do.payments.get_payment, "payment"),
        query("ListPayments", ListPayments, do.payments.list_payments, "payments"),
        command("OrderPayment", OrderPayment, do.payments.order_payment, "payment", money=True),
        command("ReleasePayment", ReleasePayment, do.payments.release_payment, "payment", locks=locks, money=True),
        command("MarkPaymentPaid", MarkPaymentPaid, do.payments.mark_payment_paid, "payment", locks=locks, money=True),
        command(
            "MarkPaymentFailed",
            MarkPaymentFailed,
            do.payments.mark_payment_failed,
            "payment",
            locks=locks,
            money=True,
        ),
        command(
            "ReturnPayment",
            ReturnPayment,
            do.payments.return_payment,
            "payment",
            locks=do.payments.return_locks,
            money=True,
        ),
    )
