"""The toy's gRPC contract, made at import: PotService with a command, a money command, a secret one, and queries."""

import sys
from types import ModuleType

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import Default as default_pool  # noqa: N813 - a function in all but its case

F = FieldDescriptorProto
FIELDS = {
    "Pot": (("id", F.TYPE_STRING), ("region", F.TYPE_STRING), ("cents", F.TYPE_INT64), ("etag", F.TYPE_STRING)),
    "AddPotRequest": (("region", F.TYPE_STRING), ("request_id", F.TYPE_STRING)),
    "FillPotRequest": (("pot_id", F.TYPE_STRING), ("amount_cents", F.TYPE_INT64), ("request_id", F.TYPE_STRING)),
    "UnlockPotRequest": (("pot_id", F.TYPE_STRING), ("request_id", F.TYPE_STRING)),
    "UnlockPotResponse": (("secret", F.TYPE_STRING),),
    "GetPotRequest": (("pot_id", F.TYPE_STRING),),
    "BreakPotRequest": (("pot_id", F.TYPE_STRING),),
    "BreakPotResponse": (),
    "WatchPotRequest": (("pot_id", F.TYPE_STRING),),
    "WatchPotResponse": (),
}
WITH_POT = ("AddPotResponse", "FillPotResponse", "GetPotResponse")
RPCS = ("AddPot", "FillPot", "UnlockPot", "GetPot", "BreakPot", "WatchPot")


def _register() -> None:
    file = FileDescriptorProto(name="kiezwerk/toy/v1/pot.proto", package="kiezwerk.toy.v1", syntax="proto3")
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            message.field.add(name=field, number=number, type=kind, label=F.LABEL_OPTIONAL)
    for name in WITH_POT:
        message = file.message_type.add(name=name)
        message.field.add(
            name="pot", number=1, type=F.TYPE_MESSAGE, type_name=".kiezwerk.toy.v1.Pot", label=F.LABEL_OPTIONAL
        )
    service = file.service.add(name="PotService")
    for rpc in RPCS:
        service.method.add(
            name=rpc, input_type=f".kiezwerk.toy.v1.{rpc}Request", output_type=f".kiezwerk.toy.v1.{rpc}Response"
        )
    default_pool().AddSerializedFile(file.SerializeToString())
    # The chassis imports the stubs of a package before it looks a service up; these are here already.
    package = ModuleType("kiezwerk.toy.v1")
    package.__path__ = []
    sys.modules["kiezwerk.toy.v1"] = package


_register()
