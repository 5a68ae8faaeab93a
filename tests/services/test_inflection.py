"""The partitive, singular and plural, of every kind of Finnish noun that a catalogue of services has."""

from __future__ import annotations

import pytest

from services.inflection import partitives

NOUNS = """
asunto asuntoa asuntoja
hoito hoitoa hoitoja
ansioluettelo ansioluetteloa ansioluetteloita ansioluetteloja
palvelu palvelua palveluja palveluita
yrittäjyys yrittäjyyttä
velka velkaa velkoja
lupa lupaa lupia
kahvila kahvilaa kahviloita
neuvonta neuvontaa neuvontoja
valmentaja valmentajaa valmentajia
opiskelija opiskelijaa opiskelijoita
ryhmä ryhmää ryhmiä
kurssi kurssia kursseja
lääkäri lääkäriä lääkäreitä lääkärejä
tuki tukea tukia
kieli kieltä kieliä
nuori nuorta nuoria
käsi kättä käsiä
päihde päihdettä päihteitä
lähete lähetettä lähetteitä
perhe perhettä perheitä
asuminen asumista asumisia
aikuinen aikuista aikuisia
todistus todistusta todistuksia
etuus etuutta etuuksia
asiakas asiakasta asiakkaita
lounas lounasta lounaita
työtön työtöntä työttömiä
avain avainta avaimia
askel askelta askelia
työ työtä töitä
sosiaalityö sosiaalityötä sosiaalitöitä
vapaa vapaata vapaita
museo museota museoita
vanhempi vanhempaa vanhempia
asia asiaa asioita
"""


@pytest.mark.parametrize("forms", NOUNS.strip().splitlines())
def test_a_noun_has_its_partitives(forms: str) -> None:
    word, *asked = forms.split()
    assert set(asked) <= partitives(word)


@pytest.mark.parametrize("word", ["", "s2", "cv", "työ-", "123", "brrr"])
def test_what_is_no_noun_is_answered_calmly(word: str) -> None:
    assert isinstance(partitives(word), set)
