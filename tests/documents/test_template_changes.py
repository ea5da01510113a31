"""A local template beside its origin: what changed there, what the place wrote, and taking one into the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.documents import templates
from desktop.documents.template_changes import changes, plain, replacement, seen, words
from desktop.documents.template_files import parse

ORIGIN = (templates.LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")
COPY = ORIGIN.replace("+++\n", '+++\nderive_de = "eau-ecretement-fuite@1"\n', 1)
TODAY = ORIGIN.replace("version = ", "version = 9").replace("La fuite se trouvait", "La fuite était")


def take(yours: str, passage) -> str:
    lines = yours.splitlines(keepends=True)
    lines[passage.start : passage.end] = replacement(yours, passage)
    return "".join(lines)


def test_nothing_is_told_of_a_version_alone():
    assert changes(ORIGIN, ORIGIN.replace("version = ", "version = 9"), COPY) == ()


def test_a_paragraph_changed_by_the_origin_alone_is_new():
    (passage,) = changes(ORIGIN, TODAY, COPY)
    assert passage.where == "Le texte"
    assert passage.before.startswith("La fuite se trouvait") and passage.today.startswith("La fuite était")
    assert passage.yours == passage.before and not passage.taken and not passage.clashes


def test_a_passage_taken_is_the_origin_s_and_the_rest_stays_the_place_s():
    yours = COPY.replace("Fuite d’eau : limiter", "Fuite : alléger")
    (passage,) = changes(ORIGIN, TODAY, yours)
    after = take(yours, passage)
    assert after == yours.replace("La fuite se trouvait", "La fuite était")
    (again,) = changes(ORIGIN, TODAY, after)
    assert again.taken and not again.clashes


def test_what_the_place_alone_wrote_is_not_told():
    assert changes(ORIGIN, ORIGIN, COPY.replace("Fuite d’eau : limiter", "Fuite : alléger")) == ()


def test_both_changed_the_same_paragraph():
    yours = COPY.replace("La fuite se trouvait", "Notre fuite se trouvait")
    (passage,) = changes(ORIGIN, TODAY, yours)
    assert passage.clashes and passage.yours.startswith("Notre fuite")
    assert take(yours, passage) == COPY.replace("La fuite se trouvait", "La fuite était")


def test_each_changed_paragraph_is_a_passage_and_a_removed_one_too():
    today = TODAY.replace("La fuite ne se voyait pas", "Rien ne se voyait").replace(
        '[[pieces]]\nlibelle = "copie de la facture"\n\n', ""
    )
    passages = changes(ORIGIN, today, COPY)
    assert [p.where for p in passages] == ["Les pièces à joindre", "Les phrases à ajouter", "Le texte"]
    assert "copie de la facture" in passages[0].before and not passages[0].taken
    after = COPY
    for passage in reversed(passages):
        after = take(after, passage)
    assert parse(after).body == parse(today).body and parse(after).enclosures == parse(today).enclosures


def test_an_added_paragraph_where_the_place_added_its_own_is_for_the_mediator_to_settle():
    last = COPY.rstrip("\n").rsplit("\n", 1)[1]
    today, yours = ORIGIN + "\nMerci d’avance.\n", COPY + "\nAvec nos remerciements.\n"
    (passage,) = changes(ORIGIN, today, yours)
    assert passage.before == "" and passage.clashes and last not in passage.today


def test_a_new_block_among_its_like_begins_with_its_heading():
    block = '[[pieces]]\nlibelle = "photo du compteur"\n\n'
    today = ORIGIN.replace('[[pieces]]\nlibelle = "copie de votre', block + '[[pieces]]\nlibelle = "copie de votre')
    (passage,) = changes(ORIGIN, today, COPY)
    assert passage.today == block.strip() and passage.before == passage.yours == ""
    yours = COPY.replace('libelle = "copie de la facture"', 'libelle = "facture"')
    (passage,) = changes(ORIGIN, today, yours)
    (again,) = changes(ORIGIN, today, take(yours, passage))
    assert again.taken


@pytest.mark.parametrize(
    ("key", "where"),
    [("titre", "Le titre"), ("resume", "Le résumé"), ("a_revoir_avant", "La prochaine relecture"), ("theme", "L’en-tête")],
)  # fmt: skip
def test_a_line_of_the_header_is_named_as_one_says_it(key, where):
    line = next(line for line in ORIGIN.splitlines() if line.startswith(f"{key} ="))
    (passage,) = changes(ORIGIN, ORIGIN.replace(line, f"{line} # autre"), COPY)
    assert passage.where == where


def test_the_words_that_differ_are_told_apart():
    assert words("payer en trois fois", "payer en quatre fois") == (
        ("payer en ", False), ("quatre", True), (" fois", False),
    )  # fmt: skip
    assert words("", "tout") == (("tout", True),)


def test_a_passage_reads_without_the_marks_of_the_header():
    assert plain('titre = "Fuite d’eau : limiter"') == "Fuite d’eau : limiter"
    assert plain('[[pieces]]\nlibelle = "copie de la facture"') == "copie de la facture"
    assert plain("a_revoir_avant = 2027-11-01") == "2027-11-01"
    assert plain('champ = "volume_releve"') == 'champ = "volume_releve"'
    assert plain("Le taux est de 3 = trois.") == "Le taux est de 3 = trois."


def test_a_copy_seen_again_follows_the_version_of_today():
    assert parse(seen(COPY, "eau-ecretement-fuite@2")).derived_from == "eau-ecretement-fuite@2"
    assert parse(seen(COPY, "")).derived_from == ""


def text(lines) -> str:
    return "".join(f"{line}\n" for line in lines)


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "version = 1"]), max_size=9).map(text)


@given(LINES, LINES)
def test_an_untouched_copy_with_every_passage_taken_says_what_the_origin_says(before, today):
    yours = before
    for passage in reversed(changes(before, today, yours)):
        yours = take(yours, passage)

    def said(text: str) -> list[str]:
        return [line for line in text.split("\n") if line and not line.startswith("version")]

    assert said(yours) == said(today)
