"""Work off the window's thread: one at a time, frozen values in, frozen values out. The only place with threads."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal


@dataclass(frozen=True)
class Done:
    value: object


@dataclass(frozen=True)
class Failed:
    error: BaseException


class Jobs(QObject):
    """`run(work, then)`: `work` in the background, then `then(Done | Failed)` on the window's thread."""

    _finished = Signal(object, object)

    def __init__(self, executor: Executor | None = None) -> None:
        super().__init__()
        self._executor = executor or ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], object], then: Callable[[Done | Failed], None]) -> None:
        self._executor.submit(work).add_done_callback(partial(self._ended, then))

    def close(self) -> None:
        """Wait for the work under way."""
        self._executor.shutdown(wait=True)

    def _ended(self, then: Callable, future: Future) -> None:
        error = future.exception()
        self._finished.emit(then, Failed(error) if error else Done(future.result()))

    def _deliver(self, then: Callable, outcome: object) -> None:
        then(outcome)
