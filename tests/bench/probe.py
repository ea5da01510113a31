"""Run as a program: one first screen, told from outside when it was painted. `probe.py KIND FOLDER STARTED_NS`;
a negative start leaves the window open.

Prints one JSON line: ms since `STARTED_NS` and CPU seconds at the first paint and at the first idle moment after it, peak
memory at the latter, and the modules loaded when the first paint ended.
"""

import json
import sys
import time


def _memory() -> float:
    """Peak resident size in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def main(kind: str, folder: str, started: int) -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    seen: dict[str, object] = {}
    painted: list[tuple[int, float, tuple[str, ...]]] = []

    class Watch(QObject):
        """The first batch of paints, then the first moment the loop has nothing left to do."""

        def eventFilter(self, watched, event) -> bool:
            if event.type() == QEvent.Type.Paint and "paint_ms" not in seen:
                if not painted:
                    QTimer.singleShot(0, self._painted)
                painted.append((time.monotonic_ns(), time.process_time(), tuple(sys.modules)))
            return False

        def _painted(self) -> None:
            at, seen["paint_cpu"], seen["modules"] = painted[-1]
            seen["paint_ms"] = (at - started) / 1e6
            QTimer.singleShot(0, self._idle)

        def _idle(self) -> None:
            seen.update(idle_ms=(time.monotonic_ns() - started) / 1e6, idle_cpu=time.process_time(), idle_mb=_memory())
            sys.stdout.write(json.dumps(seen) + "\n")
            sys.stdout.flush()
            if started >= 0:
                QApplication.exit()

    guichet = None
    if kind == "empty":
        app = QApplication(sys.argv[:1])
        window = QMainWindow()
        shown = QLabel("Bonjour " * 8)
        shown.setStyleSheet("font-size: 40px")
        window.setCentralWidget(shown)
        then = None
    else:
        from pathlib import Path

        from desktop import app as product

        product.harden()
        app = product.application()
        if product.raise_first(Path(folder)):
            raise SystemExit("another window is open on this place")
        guichet = product.Guichet(Path(folder), demonstration=kind == "demo")
        window, then = guichet.window, guichet.start
    watch = Watch()
    app.installEventFilter(watch)
    window.resize(1366, 720)
    window.show()
    if then:
        then()
    app.exec()
    if guichet:
        guichet.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
