"""Kombu's broker of files, safe with several processes: what is half written is never read.

Kombu creates a message's file before it fills it, and a binding's before it locks it. A worker on a busy machine
that reads in between takes an empty message for a broken broker, and ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Messages appear under their name when they are whole; bindings are read and written one at a time."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override] # its bases disagree
        folder = Path(self.data_folder_out)
        # Messages are taken in the order of their names.
        name = f"{monotonic_ns()}_{uuid4()}.{queue}.msg"
        unfinished = folder / f".{name}"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        os.replace(unfinished, folder / name)

    def get_table(self, exchange: str) -> Any:
        with self._bindings():
            return super().get_table(exchange)

    def _queue_bind(self, *binding: Any) -> None:
        with self._bindings():
            super()._queue_bind(*binding)

    def _delete(self, *queue: Any, **more: Any) -> None:
        with self._bindings():
            super()._delete(*queue, **more)

    @contextmanager
    def _bindings(self) -> Iterator[None]:
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Kombu's file transport with these channels."""

    Channel = Channel


def install() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{Transport.__module__}:{Transport.__qualname__}"
