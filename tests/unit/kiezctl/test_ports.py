"""Which block of ports a copy takes."""

import socket

from kiezctl.ports import BLOCKS, HOST, STEP, Ports, is_free, take_block


def test_no_port_of_a_block_is_used_twice() -> None:
    every = [port for step in range(BLOCKS) for port in (Ports(step * STEP).door, *Ports(step * STEP).all())]
    assert len(set(every)) == len(every)
    assert max(every) < 32768, "above, the system hands out ports for outgoing connections"


def test_a_second_copy_takes_another_block() -> None:
    first, second = take_block(), take_block()
    try:
        assert first.ports.offset != second.ports.offset
    finally:
        first.door.close()
        second.door.close()


def test_a_block_with_one_taken_port_is_passed_over() -> None:
    block = take_block()
    block.door.close()
    with socket.socket() as foreign:
        foreign.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        foreign.bind((HOST, block.ports.store("notify")))
        foreign.listen()
        following = take_block()
    following.door.close()
    assert following.ports.offset > block.ports.offset


def test_a_port_that_someone_shares_with_others_is_not_free() -> None:
    with socket.socket() as foreign:
        foreign.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        foreign.bind((HOST, 0))
        foreign.listen()
        assert not is_free(foreign.getsockname()[1])
