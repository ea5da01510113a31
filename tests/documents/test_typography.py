"""French micro-typography: one pure function."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.documents.typography import typeset

CASES = {
    "Objet : test": "Objet_: test",
    "vraiment ?": "vraiment_?",
    "vraiment?": "vraiment_?",
    "oui ; non !": "oui_; non_!",
    "Bonjour:": "Bonjour_:",
    "https://exemple.fr/a?b=c": "https://exemple.fr/a?b=c",
    "à 10:30": "à 10:30",
    "l'eau d'ici": "l’eau d’ici",
    'il dit "non" hier': "il dit «_non_» hier",
    '« il dit "non" »': "«_il dit “non”_»",
    "«oui»": "«_oui_»",
    "attendez...": "attendez…",
    "lundi -- ou mardi": "lundi – ou mardi",
    "412 € et 20 %": "412_€ et 20_%",
    "95 m³, 3 kVA, 12 °C": "95_m³, 3_kVA, 12_°C",
    "sous 48 heures": "sous 48_heures",
    "1 234 567 kWh": "1_234_567_kWh",
    "le 4 novembre 2026": "le 4_novembre_2026",
    "le 1er mars": "le 1er_mars",
    "le 01/03/2026": "le 1er_mars_2026",
    "réf. 99/99/2026": "réf. 99/99/2026",
    "à 9h30, 9h ou 14 h 05": "à 9_h_30, 9_h ou 14_h_05",
    "la 2ème, la 1ère": "la 2e, la 1re",
    "n°12 et n ° 13": "n°_12 et n°_13",
    "M. Exemple, Mme Œuvrard, Me Fictif": "M._Exemple, Mme_Œuvrard, Me_Fictif",
    "art. L.2224-12-4 et R. 2224-20-1": "art._L._2224-12-4 et R._2224-20-1",
    "06 12 34 56 78": "06_12_34_56_78",
    "Apt 12, 69100 Villeurbanne": "Apt_12, 69100_Villeurbanne",
    "trop   d’espaces , ici .": "trop d’espaces, ici.",
    "une fine\u202f: ici": "une fine_: ici",
    "rendez-vous": "rendez-vous",
}


@pytest.mark.parametrize(("typed", "set_"), CASES.items())
def test_a_line_is_set(typed, set_):
    assert typeset(typed).replace("\u00a0", "_") == set_


@given(st.text(alphabet=st.sampled_from("ab1 09.,:;?!«»\"'-/()hnLM°€èm\u00a0\u202f\n"), max_size=30))
def test_twice_is_once_and_no_space_can_break_badly(text):
    once = typeset(text)
    assert typeset(once) == once
    assert not re.search(r" [:;?!»]|« |[\u202f\u2009\n']|  ", once)


@given(st.text(max_size=60))
def test_letters_and_digits_are_never_lost(text):
    kept = re.sub(r"[^\w]|_", "", text)
    if not re.search(r"\d[iIeEèÈ]|1(er|re)|/", text):
        assert re.sub(r"[^\w]|_", "", typeset(text)) == kept
