"""What one answer may look like: never INTERNAL, UNKNOWN or a 500, a reason with every refusal, and in time."""

from dataclasses import dataclass

from google.rpc import error_details_pb2
from grpc_status import rpc_status

MOST_BYTES = 4 * 1024 * 1024
ALLOWED = {
    "OK", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "UNAUTHENTICATED", "PERMISSION_DENIED", "FAILED_PRECONDITION",
    "ABORTED", "RESOURCE_EXHAUSTED",
}  # fmt: skip
# A busy machine: counted by the campaign. What fails at a neighbour is logged there.
BUSY = {"OUTCOME_UNKNOWN", "STORE_AWAY", "NEIGHBOUR_AWAY"}
# Words of libraries that know no ErrorInfo: health checks of services that do not exist.
WITHOUT_REASON = ("/grpc.health.v1.Health/", "/grpc.reflection.v1alpha.ServerReflection/")


@dataclass(frozen=True, slots=True)
class Case:
    """One call, with all that is needed to send it again."""

    number: int
    service: str
    rpc: str
    data: bytes
    metadata: tuple[tuple[str, str | bytes], ...] = ()
    seconds: float = 20.0
    hostile_metadata: bool = False

    @property
    def waits(self) -> bool:
        """Whether it asks to wait for what may never come, or gives no time to answer."""
        return self.seconds < 2

    @property
    def is_too_large(self) -> bool:
        return len(self.data) > MOST_BYTES or sum(len(k) + len(v) + 32 for k, v in self.metadata) > 7_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `code` is a gRPC code's name, or an HTTP status."""

    code: str
    reason: str
    sentence: str
    seconds: float
    data: bytes = b""


# A connection that has come of age takes no new call; one that is too large to be kept is not sent again by the client itself.
OF_AGE = "Debug Text: max_age"


def complaint(case: Case, answer: Answer) -> str:
    """What is wrong with an answer; empty when nothing is."""
    allowed = ALLOWED | ({"DEADLINE_EXCEEDED", "UNAVAILABLE"} if case.waits else set())
    if "/Unknown" in case.rpc:
        allowed = {"UNIMPLEMENTED", "RESOURCE_EXHAUSTED"}
    if answer.seconds > case.seconds + 5:
        return f"it took {answer.seconds:.1f} s"
    if answer.code == "UNAVAILABLE" and (answer.reason in BUSY or OF_AGE in answer.sentence):
        return ""
    if answer.code not in allowed:
        return f"{answer.code} is no answer"
    needs_reason = not (
        answer.code in {"OK", "UNIMPLEMENTED", "DEADLINE_EXCEEDED"}
        or case.rpc.startswith(WITHOUT_REASON)
        or (answer.code == "RESOURCE_EXHAUSTED" and case.is_too_large)
        or case.waits
    )
    return "it has no ErrorInfo" if needs_reason and not answer.reason else ""


def reason_in(error: object) -> str:
    """The reason of the ErrorInfo in a gRPC error."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an AioRpcError has what it reads
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""
