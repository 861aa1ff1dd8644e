"""Nobody who writes a line waits for its reader."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blogsite.testing.disks import filled, small_disk
from generation.processes.output import DROPPED, WHOLE, LineOutput


def read_all(descriptor: int) -> list[str]:
    os.set_blocking(descriptor, False)
    parts = []
    try:
        while part := os.read(descriptor, 1 << 20):
            parts.append(part)
    except BlockingIOError:
        pass
    return b"".join(parts).decode().splitlines()


def test_lines_come_out_whole_and_in_order():
    reader, writer = os.pipe()
    output = LineOutput(writer)
    lines = ["one", "two", "x" * (3 * WHOLE), "\ud800"]

    for line in lines:
        output.write(line)

    assert read_all(reader) == [*lines[:3], "\\ud800"]
    output.close()


def a_pipe() -> tuple[int, int]:
    return os.pipe()


def a_socket() -> tuple[int, int]:
    one, other = socket.socketpair()
    return one.detach(), other.detach()


@pytest.mark.parametrize("made", [a_pipe, a_socket])
def test_what_nobody_reads_is_dropped_and_counted(made: Callable[[], tuple[int, int]]):
    reader, writer = made()
    output = LineOutput(writer)
    for number in range(20_000):
        output.write(f"line {number} " + "." * 80)
    dropped = output.dropped
    assert dropped > 1_000
    first = read_all(reader)

    output.write("the last")

    assert first[0].startswith("line 0 ")
    assert read_all(reader)[-2:] == [DROPPED.format(dropped), "the last"]
    assert os.get_blocking(writer)  # other users of the descriptor are not affected
    output.close()


def test_a_reader_that_went_away_is_no_error():
    reader, writer = os.pipe()
    output = LineOutput(writer)
    os.close(reader)

    for _ in range(3):
        output.write("nobody")

    assert output.is_gone
    output.close()


def test_a_disk_that_was_full_once_takes_later_lines(tmp_path: Path):
    with small_disk(tmp_path), (tmp_path / "log").open("ab", buffering=0) as log:
        output = LineOutput(log.fileno())
        output.write("before")
        with filled(tmp_path):
            for _ in range(100):
                output.write("." * 4096)
        output.write("after")
        lines = (tmp_path / "log").read_text().splitlines()

    assert (lines[0], lines[-1]) == ("before", "after")
    assert lines[-2].startswith(DROPPED.partition("{}")[0])


def test_the_output_of_a_process_that_nobody_reads_does_not_stop_it():
    code = (
        "import logging, logging.config, sys; from blogsite.logs import LineHandler;"
        "logging.getLogger().addHandler(LineHandler());"
        "[logging.error('.' * 100) for _ in range(5000)]; print('done')"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert process.stdout is not None
    assert process.stdout.read() == "done\n"
    process.communicate()
