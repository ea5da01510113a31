"""Templates are values and conditions: nothing else passes."""

import pytest

from desktop.documents import sandbox
from desktop.documents.fields import Blank, Cents

PROBES = (
    "{{ 'a' * 10 ** 9 }}", "{{ 2 ** 99999999 }}", "{{ '%999999999d' % 1 }}", "{{ nom * 9 }}", "{{ nom ~ nom }}", "{{ nom + nom }}",
    "{{ '{0.__class__}'.format(nom) }}", "{{ nom.format(1) }}", "{{ nom.__class__ }}", "{{ nom['__class__'] }}", "{{ nom.upper() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ nom|attr('__class__') }}", "{{ nom|format(1) }}", "{{ nom|replace('a', 'b') }}",
    "{{ [1, 2]|join }}", "{{ {'a': 1} }}", "{{ (1, 2) }}", "{{ range(9) }}", "{{ lipsum() }}", "{{ cycler('a') }}", "{{ self }}",
    "{{ nous.__globals__ }}", "{{ nous.__call__('a', 'b') }}", "{{ source.__globals__['os'] }}", "{{ plan.paiements.__class__ }}",
    "{{ usager.mot_de_passe }}", "{{ usager.items() }}", "{{ usager['nom'] }}", "{{ nous(*nom) }}", "{{ nous(**usager) }}",
    "{{ nous(one='a', several='b') }}", "{% for c in nom %}{{ c }}{% endfor %}", "{% set a = 1 %}", "{% macro a() %}{% endmacro %}",
    "{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% extends 'x' %}", "{% block a %}{% endblock %}", "{% raw %}{% endraw %}{{",
    "{% filter upper %}a{% endfilter %}", "{% with a = 1 %}{% endwith %}", "{{ nom is defined }}", "{{ nom[0:5] }}", "{{ -1 }}",
    "{{ nom|majuscules(nom.__class__) }}", "{% if nom.__class__ %}{% endif %}", "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "x" * 70_000, "{{", "{% if %}", "{{ inconnu }}", "{{ nom|euros_lettres }}", "{{ rien }}",
)  # fmt: skip


@pytest.mark.parametrize("probe", PROBES, ids=range(len(PROBES)))
def test_a_probe_is_refused_with_a_sentence(probe):
    given = {
        "nom": "a",
        "usager": {"nom": "a"},
        "rien": None,
        "nous": lambda one, several: one,
        "source": str,
        "plan": {},
    }
    with pytest.raises(sandbox.Forbidden, match=r"modèle|existe|simples|écrit"):
        sandbox.write(probe, given)


def test_what_is_allowed_works():
    text = "{% if a and not b or a == 'x' %}{{ a|majuscules }}{% else %}non{% endif %} {{ nous('je', 'nous') }} {{ usager.nom }}"
    assert sandbox.write(text, {"a": "oui", "b": "", "nous": lambda one, _: one, "usager": {"nom": "Z"}}) == "OUI je Z"


def test_a_value_is_never_read_as_a_template():
    assert sandbox.write("{{ a }}", {"a": "{{ 7|euros }} **gras** ## x"}) == "{{ 7|euros }} **gras** ## x"


def test_too_much_output_is_refused():
    with pytest.raises(sandbox.Forbidden, match="trop long"):
        sandbox.write("{{ a }}", {"a": "x" * 70_000})


def test_amounts_in_words():
    words = {
        cents: sandbox.write("{{ a|euros_lettres }}", {"a": Cents(cents)}) for cents in (100, 8000, 123456, 200_000_000)
    }
    assert words == {
        100: "un euro",
        8000: "quatre-vingts euros",
        123456: "mille deux cent trente-quatre euros et cinquante-six centimes",
        200_000_000: "deux millions d’euros",
    }


def test_a_list_in_a_sentence():
    assert sandbox.write("{{ a|liste }}", {"a": "un\n\ndeux\n\ntrois"}) == "un, deux et trois"


def test_a_comparison_with_a_blank_is_not_true():
    assert not sandbox.holds("a < b", {"a": Blank("a"), "b": Blank("b")})
    assert sandbox.holds("a < b", {"a": 1, "b": 2})
