"""Stubs are what the protos give; whatever else lies among them is named."""

from tools.stubs import drift


def test_a_missing_a_stale_and_a_changed_stub_are_each_named() -> None:
    wanted = {"new_pb2.py": b"1", "same_pb2.py": b"2", "changed_pb2.py": b"3"}
    have = {"stale_pb2.py": b"0", "same_pb2.py": b"2", "changed_pb2.py": b"edited"}

    assert drift(wanted, have) == ["changed_pb2.py", "new_pb2.py", "stale_pb2.py"]


def test_stubs_that_are_what_the_protos_give_are_fine() -> None:
    assert drift({"a_pb2.py": b"1"}, {"a_pb2.py": b"1"}) == []
