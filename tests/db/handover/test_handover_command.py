"""`guichet consolidate …`, as the coordinator types it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from desks import NOW, PASSPHRASE, record_visit

from db import store
from db.handover import consolidation, export, refusal, stick
from desktop import consolidate


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv(consolidate.VARIABLE, PASSPHRASE)

    def run(*argv: object) -> tuple[int, str]:
        code = consolidate.main([str(word) for word in argv])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_coordinator_from_nothing(run, tmp_path):
    office, pairing = tmp_path / "office", tmp_path / "a1.json"
    code, said = run("create", office, "--organisation", "PIMMS de Villeurbanne")
    assert code == 0 and "AGE-SECRET-KEY-1" in said
    assert run("create", office, "--organisation", "PIMMS")[0] == 1
    assert run("pair", office, "--desk", "a1", "-o", pairing)[0] == 0
    assert run("pair", office, "--desk", "accueil", "-o", pairing)[0] == 1

    store.open(tmp_path / "desk", b"k" * 32)
    try:
        store.sign_in("m1", "A1")
        paired = export.pair(pairing.read_bytes())
        record_visit(2)
        bundle, fingerprint = export.build(NOW), export.fingerprint()
    finally:
        store.close()
    assert paired.name == "PIMMS de Villeurbanne"

    code, said = run("import", office, bundle.outbox)
    assert code == 1 and fingerprint in said and "empreinte" in said
    code, said = run("import", office, bundle.outbox, "--accept", fingerprint)
    assert code == 0 and "3 nouvelles" in said and "1 visites, 2 demandes" in said
    code, said = run("import", office, bundle.outbox)
    assert code == 0 and "Rien n’a changé" in said
    code, said = run("report", office)
    assert code == 0
    assert "Visites : 1 · demandes : 2" in said
    assert "Poste A1 : 1 visites, 2 demandes" in said


def test_refusals_are_sentences(run, coordinator, tmp_path, monkeypatch):
    noise = tmp_path / "noise.gct"
    noise.write_bytes(b"noise")
    code, said = run("import", coordinator, noise)
    assert code == 1 and "n’est pas un envoi de Guichet" in said
    code, said = run("report", tmp_path / "nowhere")
    assert code == 1 and "coordinateur" in said
    assert not (tmp_path / "nowhere").exists()
    code, said = run("report", coordinator, "--passphrase-file", tmp_path / "absent")
    assert code == 1 and "inaccessible" in said
    wrong = tmp_path / "passphrase"
    wrong.write_text("une mauvaise phrase\n", encoding="utf-8")
    code, said = run("report", coordinator, "--passphrase-file", wrong)
    assert code == 1 and "La phrase secrète est fausse" in said
    wrong.write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert run("report", coordinator, "--passphrase-file", wrong)[0] == 0
    monkeypatch.setenv(consolidate.VARIABLE, "courte")
    code, said = run("create", tmp_path / "new", "--organisation", "PIMMS")
    assert code == 1 and "trop courte" in said


def test_a_coordinator_already_at_work_says_so(run, coordinator):
    with consolidation._opened(coordinator, PASSPHRASE) as (database, _, _), database.atomic("EXCLUSIVE"):
        code, said = run("report", coordinator)
    assert code == 1 and "déjà ouvert" in said


def test_the_recovery_sheet_on_the_command_line(run, coordinator, recovery, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(recovery.lower() + "\n"))
    monkeypatch.setenv(consolidate.VARIABLE, "une autre phrase secrète")
    assert run("recover", coordinator)[0] == 0
    assert run("report", coordinator)[0] == 0


def test_every_sentence_is_short():
    said = [*refusal.Reason, *stick.Fault, *export.Obstacle]
    for sentence in (part for member in said for part in member.value.rstrip(".").split(". ")):
        assert len(sentence.replace(" : ", " ").split()) <= 12, sentence


def test_the_door_needs_no_qt():
    code = "import sys, desktop.consolidate; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
