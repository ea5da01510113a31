"""Two desks and a coordinator, for real: encrypted files in a temporary folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from db import schema, store
from db.handover import consolidation, export
from db.handover.export import Bundle

PASSPHRASE = "cinq mots faciles à retenir"
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    place: Path
    code: str
    key: bytes

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The store holds one place at a time: open, work, close."""
        store.open(self.place, self.key)
        try:
            store.sign_in("m1", self.code)
            yield
        finally:
            store.close()

    def build(self) -> Bundle:
        with self.opened():
            return export.build(NOW)

    def send(self) -> Path:
        """The outbox file of a new bundle."""
        return self.build().outbox

    def fingerprint(self) -> str:
        with self.opened():
            return export.fingerprint()


def record_visit(demands: int = 1, theme: str = "ENE", **fields: object) -> str:
    with store.act("Visite enregistrée"):
        visit = store.insert(
            schema.Visit,
            **{"number": 1, "day": date(2026, 11, 23), "state": "recorded", "arrived_at": NOW} | fields,
        )
        for position in range(demands):
            store.insert(
                schema.Demand,
                visit=visit,
                position=position,
                family=1,
                theme=theme,
                nature="INF",
                minutes=15,
                outcome="RES",
            )
    return visit


def contents(folder: Path) -> dict[str, list[tuple]]:
    """Every row of every table of the coordinator."""
    with consolidation._opened(folder, PASSPHRASE) as (database, _, _):
        names = [name for (name,) in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute_sql(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in names}
