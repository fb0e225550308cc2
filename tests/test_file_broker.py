"""The broker of files that a copy on one machine works with: several processes write and read it at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from kombu import Connection, Queue

from config.file_broker import Transport

MESSAGES = 300
LONG = "x" * 20_000


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    messages = str(tmp_path / "messages")
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(tmp_path / "control"),
    }


@pytest.fixture
def queue() -> Queue:
    """A queue of its own name: Kombu remembers for the whole process which ones it declared."""
    return Queue(f"jobs-{uuid4()}")


def connection(folders: dict[str, str]) -> Connection:
    return Connection("filesystem://", transport=Transport, transport_options=folders)


def send(connection: Connection, queue: Queue, *payloads: object) -> None:
    producer = connection.Producer()
    for payload in payloads:
        producer.publish(payload, routing_key=queue.name, declare=[queue])


def test_what_is_written_while_others_read_arrives_whole_and_once(folders, queue):
    all_written = Event()

    def write(writer: int) -> None:
        with connection(folders) as own:
            send(own, queue, *([writer, number, LONG] for number in range(MESSAGES)))

    def read(_: int) -> list[list[object]]:
        with connection(folders) as own:
            incoming = queue(own.default_channel)
            messages = []
            more_may_come = True
            while more_may_come:
                more_may_come = not all_written.is_set()
                while message := incoming.get(no_ack=True):
                    messages.append(message.payload)
            return messages

    with connection(folders) as own:
        queue(own.default_channel).declare()
    with ThreadPoolExecutor(4) as pool:
        writing = pool.map(write, range(2))
        reading = pool.map(read, range(2))
        list(writing)
        all_written.set()
        received = sorted(message for messages in reading for message in messages)

    assert received == [[writer, number, LONG] for writer in range(2) for number in range(MESSAGES)]


def test_messages_are_read_in_the_order_in_which_they_were_written(folders, queue):
    with connection(folders) as own:
        send(own, queue, *range(20))
        incoming = queue(own.default_channel)
        assert [incoming.get(no_ack=True).payload for _ in range(20)] == list(range(20))


def test_a_message_that_is_still_being_written_is_not_read(folders, queue):
    with connection(folders) as own:
        incoming = queue(own.default_channel)
        incoming.declare()
        Path(folders["data_folder_in"], f".1_unfinished.{queue.name}.msg").write_text("")
        assert incoming.get(no_ack=True) is None
