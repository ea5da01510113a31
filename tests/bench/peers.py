"""Run as a program: one way of showing a million rows, in its own process. `peers.py WAY FILE`; prints one JSON line.

Frames are what a person waits for: move the scroll bar, let the loop run until the table has painted.
"""

import json
import os
import random
import statistics
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
COUNT, LINE = 1_000_000, 34


def _memory(what: str = "VmRSS") -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what)) / 1024


def main(way: str, path: str) -> None:
    import invented
    from PySide6.QtCore import QModelIndex, Qt
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QAbstractScrollArea, QTableView, QWidget

    from db import place
    from desktop import app as product

    app = product.application()
    end, paged = 0, way.startswith("paged")
    if paged:
        from pathlib import Path

        from desktop.intake.journal_page import JournalPage

        place.enter(Path(path), invented.KEY, "m1")
        before = _memory()
        begun = time.perf_counter()
        page = JournalPage()
        table: QAbstractScrollArea = page.table
        shown: QWidget = page
        fill = page.refresh
    elif way == "painter":
        import apsw

        from desktop.widgets import look

        rows = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)
        before = _memory()
        begun = time.perf_counter()

        class Painted(QAbstractScrollArea):
            """The floor: rows asked for and drawn as they come into sight, no model."""

            def paintEvent(self, event) -> None:
                painter = QPainter(self.viewport())
                painter.setFont(look.font(14))
                first = self.verticalScrollBar().value() // LINE
                count = self.viewport().height() // LINE + 1
                sql = "SELECT * FROM visit WHERE rowid > ? LIMIT ?"
                for y, row in enumerate(rows.execute(sql, (first, count))):
                    for x, cell in enumerate(row):
                        painter.drawText(8 + x * 130, 22 + y * LINE, str(cell)[:16])

        shown = table = Painted()
        table.verticalScrollBar().setRange(0, COUNT * LINE)
        fill = lambda: None  # noqa: E731
    else:
        from PySide6.QtSql import QSqlDatabase, QSqlTableModel

        base = QSqlDatabase.addDatabase("QSQLITE")
        base.setDatabaseName(path)
        assert base.open()
        before = _memory()
        begun = time.perf_counter()
        model = QSqlTableModel(db=base)
        model.setTable("visit")
        shown = table = QTableView()
        table.setModel(model)
        table.verticalHeader().setDefaultSectionSize(LINE)

        def fill() -> None:
            model.select()
            if way == "sql all":
                while model.canFetchMore():
                    model.fetchMore()
                assert model.rowCount() == COUNT

    viewport = table.viewport()
    shown.resize(1200, 720)
    fill()
    shown.show()
    app.processEvents()
    viewport.repaint()
    show = (time.perf_counter() - begun) * 1e3

    def frame(value: int) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        table.verticalScrollBar().setValue(value)
        viewport.repaint()
        app.processEvents()
        return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3

    bar = table.verticalScrollBar()
    chance = random.Random(5)
    jumps = [frame(chance.randint(0, bar.maximum())) for _ in range(60)]
    scrolls = [frame(min(bar.maximum(), 340 * n)) for n in range(60)]
    added = _memory() - before
    fetched = 0
    if way == "paged to the end":
        begun = time.perf_counter()
        model = page.table.paged
        while model.canFetchMore(QModelIndex()):
            model.fetchMore(QModelIndex())
        bar.setValue(bar.maximum())
        viewport.repaint()
        fetched = (time.perf_counter() - begun) * 1e3
        end = model.rowCount()
        last = model.index(end - 1, 0).data(Qt.ItemDataRole.DisplayRole)
        assert last and model.row(end - 1).day <= model.row(0).day
    if paged:
        place.leave()
    sys.stdout.write(
        json.dumps(
            {
                "show": show, "jump": statistics.median(w for w, _ in jumps), "jump_cpu": statistics.median(c for _, c in jumps),
                "scroll": statistics.median(w for w, _ in scrolls), "memory": added, "rows": end, "to_the_end": fetched,
                "all_memory": _memory() - before,
            }
        ) + "\n"
    )  # fmt: skip
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
