"""A desk in a process of its own, to be killed: `python desk_process.py MODE PLACE KEY [COUNT]`.

Says « ack TOKEN » once an act has returned (mode `honest`), or wrongly before its commit (mode `early`).
Mode `faulty` tries each act again once when the disk refuses it, and says « fault NAME ».
"""

import itertools
import os
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

from db import journal, keys, schema, store


def record(token: str) -> None:
    store.insert(schema.Note, body=token, day=date(2026, 11, 23))
    store.insert(schema.Counter, kind="copie", reason=token, day=date(2026, 11, 23), quantity=1)
    journal.write("note.ecrite")


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def tried(do) -> None:
    """Do it, once more if the disk refuses."""
    try:
        do()
    except store.StoreError as error:
        say(f"fault {error.fault.name}")
        do()


def act(mode: str, token: str) -> None:
    with store.act("Note écrite"):
        record(token)
        if mode == "early":
            say(f"ack {token}")
            for _ in range(40):
                store.insert(schema.Closing, day=date(2026, 11, 23))
    if mode != "early":
        say(f"ack {token}")


def main(mode: str, place: str, key: str, count: str = "") -> None:
    dek = bytes.fromhex(key)
    tried(lambda: store.open(Path(place), dek))
    store.sign_in("0" * 32, "accueil")
    journal.use(keys.derive(dek, "journal"))
    for number in itertools.count(1) if not count else range(1, int(count) + 1):
        token = uuid4().hex
        tried(lambda token=token: act(mode, token))
        if number % 9 == 0:
            tried(store.back_up)
    tried(store.close)


if __name__ == "__main__":
    main(*sys.argv[1:])
