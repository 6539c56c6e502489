"""PaymentFileService: released payments on their way to the bank."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.payment_file import ExportPayments, FetchPaymentFile, GetPaymentFile, ListPaymentFiles


def payment_file_api(do: UseCases) -> Api:
    files = do.payment_files
    return Api(
        "kiezwerk.funds.v1.PaymentFileService",
        command("ExportPayments", ExportPayments, files.export_payments, locks=files.export_locks, money=True),
        query("GetPaymentFile", GetPaymentFile, files.get_payment_file, "payment_file"),
        query("ListPaymentFiles", ListPaymentFiles, files.list_payment_files, "payment_files"),
        query("FetchPaymentFile", FetchPaymentFile, files.fetch_payment_file),
    )
