"""What people type finds the service that they mean."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from services.indexing import lemma
from services.inflection import partitives
from services.models import Service, WordForm
from services.ptv import importer
from services.search import find
from tests.factories.team import WEDNESDAY, at

# What is typed, and the beginning of a name that must be among the first three.
TYPED = [
    # inflection
    ("työkokeiluun", "Työkokeilu"),
    ("työkokeilusta", "Työkokeilu"),
    ("kuntouttavasta", "Kuntouttava työtoiminta"),
    ("kuntouttavaan työtoimintaan", "Kuntouttava työtoiminta"),
    ("palkkatukea", "Palkkatuki"),
    ("palkkatuen", "Palkkatuki"),
    ("palkkatuesta", "Palkkatuki"),
    ("oppisopimuksella", "Oppisopimus"),
    ("starttirahan", "Starttiraha"),
    ("velkojen", "Talous- ja velkaneuvonta"),
    ("velkaneuvonnassa", "Talous- ja velkaneuvonta"),
    ("lainoista", "Sosiaalinen luototus"),
    ("kielikahvilaan", "Kielikahvila"),
    ("uraohjauksesta", "Ammatinvalinta- ja uraohjaus"),
    ("muutosturvan", "Muutosturva"),
    ("irtisanomisen", "Muutosturva"),
    ("lomautuksesta", "Muutosturva"),
    ("terveystarkastukseen", "Työttömän terveystarkastus"),
    ("mielenterveyden", "Mielenterveys"),
    ("kotoutumisen", "Kotoutumissuunnitelma"),
    ("ansioluettelon", "Työhakemus"),
    ("hygieniapassin", "Lyhyet työelämäkurssit"),
    ("uupumuksesta", "Mielenterveys"),
    ("yrittäjyydestä", "Starttiraha"),
    ("vertaistukea", "Vertaisneuvoja"),
    # partitives that the dictionary gives to other words
    ("velkoja", "Talous- ja velkaneuvonta"),
    ("asumista", "Kelan etuusneuvonta"),
    ("tutkintoja", "Työvoimakoulutus"),
    ("tulkkeja", "Kotoutumissuunnitelma"),
    # what people say, in any form
    ("asunto", "Aikuissosiaalityö"),
    ("asuntoja", "Aikuissosiaalityö"),
    ("asunnoista", "Aikuissosiaalityö"),
    ("lastenhoitoa", "Kelan etuusneuvonta"),
    ("lastenhoidon", "Kelan etuusneuvonta"),
    ("masennuksesta", "Mielenterveys"),
    ("toiminimeä", "Starttiraha"),
    # parts of compounds
    ("luototusta", "Sosiaalinen luototus"),
    ("kahvilaan", "Kielikahvila"),
    ("passi", "Lyhyet työelämäkurssit"),
    # the first letters
    ("kun", "Kuntouttava työtoiminta"),
    ("opp", "Oppisopimus"),
    ("dig", "Digiapu"),
    ("kela", "Kelan"),
    # slips of the finger
    ("kuntotuttava", "Kuntouttava työtoiminta"),
    ("palkatuki", "Palkkatuki"),
    ("oppisopmus", "Oppisopimus"),
    ("tyokokeilu", "Työkokeilu"),
    ("starttirha", "Starttiraha"),
    ("velkaneuvota", "Talous- ja velkaneuvonta"),
    # whole sentences
    ("tarvitsen suomen kurssin", "Suomen kielen kurssit"),
    ("tarvitsen apua velkoihin", "Talous- ja velkaneuvonta"),
    # Swedish and English
    ("lönesubvention", "Palkkatuki"),
    ("läroavtal", "Oppisopimus"),
    ("skuldrådgivning", "Talous- ja velkaneuvonta"),
    ("apprenticeships", "Oppisopimus"),
    ("pay subsidy", "Palkkatuki"),
    ("debts", "Talous- ja velkaneuvonta"),
    ("courses in Finnish", "Suomen kielen kurssit"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "beginning"), TYPED)
def test_what_is_typed_finds(catalogue: None, typed: str, beginning: str) -> None:
    names = [row.names["fi"] for row in find(typed, today=WEDNESDAY, limit=3)]
    assert any(name.startswith(beginning) for name in names), names


@pytest.mark.django_db
def test_a_keyword_is_found_by_each_of_its_partitives(catalogue: None) -> None:
    known = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fi")
    asked, missed = 0, []
    for service in Service.objects.published():
        for word in {lemma(word) for word in service.keywords.get("fi", []) if " " not in word}:
            for form in sorted(form for form in partitives(word.lower()) if form in known):
                asked += 1
                if service not in find(form, today=WEDNESDAY, exactly=True):
                    missed.append((form, service.names["fi"]))
    assert missed == []
    assert asked > 50


@pytest.mark.django_db
def test_a_new_version_learns_the_forms_of_words_from_the_files_of_before(catalogue: None, samples: list[Path]) -> None:
    WordForm.objects.all().delete()
    outcome = importer.run(samples, at=at(9))
    assert outcome.line() == "0 created, 0 changed, 0 retired, 0 faulty"
    assert any(row.names["fi"].startswith("Aikuissosiaalityö") for row in find("asuntoja", today=WEDNESDAY, limit=3))


def test_there_are_enough_cases_of_finnish() -> None:
    assert len(TYPED) >= 40


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["xyzzyx", "'; drop table", "a:b & !c | (d)", "\\", "***", "ö" * 300, "a b c d e f g h i j k"]
)
def test_nonsense_and_signs_are_answered_calmly(catalogue: None, typed: str) -> None:
    assert isinstance(find(typed, today=WEDNESDAY), list)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["työkokeiluun", "palkatuki", "haluan oppia suomea", ""])
def test_a_search_costs_three_statements_at_most(
    catalogue: None, assert_budget: Callable[..., Any], typed: str
) -> None:
    with assert_budget(3):
        for row in find(typed, today=WEDNESDAY):
            assert row.organisation.short_name


@pytest.mark.django_db
def test_a_search_is_quick(catalogue: None) -> None:
    spent = []
    for typed, _beginning in TYPED:
        before = time.perf_counter()
        find(typed, today=WEDNESDAY, limit=30)
        spent.append(time.perf_counter() - before)
    assert sorted(spent)[len(spent) // 2] < 0.1


@pytest.mark.django_db
def test_the_pages_never_read_the_big_dictionary(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from services import indexing

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("the dictionary takes 400 MB")

    monkeypatch.setattr(indexing, "lemmatize", forbidden)
    monkeypatch.setattr(indexing, "is_known", forbidden)
    assert find("palkkatuesta", today=WEDNESDAY)
    assert Service.objects.published().count() == 46
