"""Canaries in every text field: no answer of any address shows one to whom it is not open, and all where they must be.

What may be shown is told by tests/walls/oracle.py, row by row; what must be shown is written here.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import CharField, TextField
from django.urls import reverse

from tests.walls.crawl import CANARY, Answer, Visitor, addresses, ask, visitors
from tests.walls.oracle import MODELS
from tests.walls.world import World, canary

pytestmark = [pytest.mark.usefixtures("in_world"), pytest.mark.django_db]

# Texts of other kinds: codes, keys, hashes and states, none of which a person wrote.
NOT_WRITTEN = {
    "name_key", "value_key", "language", "kind", "purpose", "how", "status", "next_actor", "carrier_code", "state",
    "letter", "party", "source", "secret_hash", "code_hash", "token_hash", "mode", "who", "body_hash", "actor_kind",
    "request_id", "person_kind", "outcome", "intensity", "approved_how", "audience", "area", "known", "answer",
    "end_reason", "recipient_email", "recipient_phone", "ending", "result", "template", "code", "what_for",
    "sealed_code", "phase", "stance", "money_advice",
}  # fmt: skip


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are not worth a line each."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


def test_there_is_a_canary_in_every_field_that_somebody_writes(world: World) -> None:
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if isinstance(field, (CharField, TextField)) and field.name not in NOT_WRITTEN:
                texts = " ".join(str(text) for text in model.objects.values_list(field.name, flat=True))
                assert len(set(CANARY.findall(texts))) >= 2, f"{model.__name__}.{field.name}"


# Of the other side one stands for all, for both sides are built alike.
ELSEWHERE = {"advisor muualla", "knowing", "receiver", "anybody"}


def everything(world: World, everybody: list[Visitor], *, of: tuple[str, ...] = ("",)) -> list[Answer]:
    """Every address by everybody, whole and as a part, and by a form without content; a closed door once each."""
    answers = []
    for row, paths in addresses(world):
        if not row.name.startswith(of):
            continue
        for one in everybody:
            is_open = row.allowed[one.kind]
            for path in paths if is_open else paths[:1]:
                answers += [ask(one, row, method, path) for method in sorted({"GET", "POST"} & {*row.methods})]
                if is_open and "GET" in row.methods and row.name.startswith(("clients:", "visits:")):
                    answers.append(ask(one, row, "GET", path, part=True))
    return answers


def test_no_page_of_a_person_or_a_record_shows_what_is_not_open(world: World) -> None:
    """The same in small, for every run of the tests."""
    some = [one for one in visitors(world) if one.name in {"manager tassa", "advisor muualla", "knowing"}]
    looked = ("clients:client", "clients:mine", "clients:referrals", "visits:visit")
    answers = everything(world, some, of=looked)
    allowed = {one.name: one.allowed for one in some}
    assert [f"{one}" for one in answers if one.canaries - allowed[one.who]] == []
    assert {one.who for one in answers if one.canaries} == {"advisor muualla", "knowing"}


def by_holder(answer: Answer, world: World) -> Answer:
    """Whoever asks with the secret of a link, signed in or not, is its holder and sees what the holder sees."""
    for side in (world.here, world.there):
        held = ((side.link.token, "link"), (side.receipt_token, "receipt"), (side.questions.token, "questions"))
        for secret, holder in held:
            if secret in answer.path:
                return replace(answer, who=f"{holder} {side.name}")
    return answer


# Who asks together, so that processes that test side by side share the work; the last are all the others.
ASKING = [
    ("advisor tassa",),
    ("companion tassa",),
    ("desk tassa",),
    ("partner tassa", "manager tassa"),
    ("advisor muualla", "receiver"),
    ("knowing",),
    (),
]
SHOWN_MUCH = {"advisor tassa", "companion tassa", "knowing", "desk tassa"}


def those_who_ask(known: list[Visitor], names: tuple[str, ...]) -> list[Visitor]:
    """The visitors of these names; without names those whom nobody has named."""
    everybody = [one for one in known if one.name.endswith("tassa") or one.name in ELSEWHERE]
    named = {name for group in ASKING for name in group}
    assert named <= {one.name for one in everybody}
    return [one for one in everybody if (one.name in names if names else one.name not in named)]


@pytest.mark.slow
@pytest.mark.parametrize("names", ASKING, ids=lambda names: "+".join(names) or "others")
def test_no_answer_shows_what_is_not_open(world: World, names: tuple[str, ...]) -> None:
    known = visitors(world)
    asking = those_who_ask(known, names)
    allowed = {one.name: one.allowed for one in known}
    answers = [by_holder(one, world) for one in everything(world, asking)]
    leaks = [f"{one}: {sorted(one.canaries - allowed[one.who])}" for one in answers if one.canaries - allowed[one.who]]
    broken = [str(one) for one in answers if one.status >= 500 and one.name not in {"styleguide_fault", "readyz"}]
    assert not leaks, "\n".join(leaks)
    assert not broken, "\n".join(broken)
    shown: dict[str, set[str]] = {one.name: set() for one in asking}
    for one in answers:
        shown.setdefault(one.who, set()).update(one.canaries)
    seers = {name for name, found in shown.items() if found}
    assert not any(name == "anybody" or name.split()[0] in {"feedback", "board", "handover"} for name in seers)
    assert all(len(shown[name]) >= 5 for name in SHOWN_MUCH & shown.keys())
    unlogged = list(_unlogged(world, answers))
    assert not unlogged, "\n".join(unlogged)


# Rows of the queue are no look: number, topic, language, what to call the visitor, and the day's note.
QUEUE = {"visits:desk", "visits:desk_part", "visits:arrive", "visits:undo", "visits:press", "visits:call",
         "visits:details", "visits:slip", "visits:day", "team:start_break", "team:end_break"}  # fmt: skip


def _unlogged(world: World, answers: list[Answer]) -> Any:
    """Answers with something of a person or a record, without the look that belongs to it."""
    for side in (world.here, world.there):
        records = {canary(code, side.name) for code in ("notes", "works", "wish", "nextstep")}
        goals = {canary(code, side.name) for code in ("tavoite", "askeleni", "tekija", "etu")}
        people = {
            side.client.pk: {canary("nimi", side.name), side.telephone},
            side.nameless.pk: {canary("salanimi", side.name), canary("tapa", side.name)},
        }
        for one in answers:
            if one.name in QUEUE:
                continue
            if one.canaries & records and side.encounter.pk not in one.looked_at:
                yield f"{one}: a record without a look"
            if canary("ryhma", side.name) in one.canaries and side.client.pk not in one.looked_at:
                yield f"{one}: background without a look"
            together = {canary(code, side.name) for code in ("vahvuus", "omasana", "osuus", "johtopaatos", "toisin")}
            if one.canaries & together and side.client.pk not in one.looked_at:
                yield f"{one}: a joint assessment without a look"
            if one.canaries & goals and side.client.pk not in one.looked_at:
                yield f"{one}: a plan without a look"
            for person, words in people.items():
                if one.canaries & words and person not in one.looked_at:
                    yield f"{one}: a person without a look"


def test_who_must_see_something_sees_all_of_it(world: World) -> None:
    here, by_name = world.here, {one.name: one for one in visitors(world)}
    record = ["notes", "works", "wish", "nextstep", "askel", "nimi"]
    person = reverse("clients:client", args=[here.client.pk])
    visit = reverse("visits:visit", args=[here.visit.pk])
    required = {
        (person, ("desk tassa", "advisor tassa", "partner tassa", "knowing")): ["nimi"],
        (person, ("advisor tassa",)): ["askeleni", "tekija"],
        (person, ("advisor tassa", "companion tassa", "knowing")): ["nimi", "ryhma"],
        (reverse("clients:background", args=[here.client.pk]), ("advisor tassa",)): ["ryhma"],
        (reverse("clients:joint", args=[here.client.pk]), ("advisor tassa", "companion tassa")): [
            "vahvuus",
            "omasana",
            "ammatti",
            "osuus",
            "johtopaatos",
            "toisin",
        ],
        (reverse("clients:plan", args=[here.client.pk]), ("advisor tassa",)): [
            "tavoite",
            "askeleni",
            "tekija",
            "etu",
        ],
        (visit, ("advisor tassa", "companion tassa")): record,
        (visit, ("knowing",)): record,
        # The recipient, whom the person has not let know, gets the code without the words.
        (reverse("clients:referrals"), ("advisor tassa",)): ["syy"],
        (reverse("clients:mine"), ("advisor tassa",)): ["nimi"],
        (reverse("clients:mine"), ("companion tassa",)): ["nimi", "sana"],
        (f"{reverse('clients:search')}?q=Kanarianimi", ("desk tassa", "advisor tassa", "knowing")): ["nimi"],
        (reverse("visits:details", args=[here.visit.pk]), ("desk tassa", "advisor tassa")): ["muistilappu"],
        (reverse("visits:memo", args=[here.visit.pk]), ("advisor tassa",)): ["askel"],
    }
    missing = []
    for (path, names), codes in required.items():
        for name in names:
            text = by_name[name].look(path).content.decode()
            missing += [f"{path} to {name}: {code}" for code in codes if canary(code, "tassa") not in text]
    for name in ("desk tassa", "advisor tassa", "partner tassa", "knowing"):
        if here.telephone not in by_name[name].send("GET", person).content.decode():
            missing.append(f"{person} to {name}: the telephone")
    assert not missing, "\n".join(missing)


def _without_a_trace(execute: Any, query: str, parameters: Any, many: bool, context: Any) -> Any:
    if "INSERT INTO tyoparkki_accessevent" in query:
        raise DatabaseError("the trace cannot be written")
    return execute(query, parameters, many, context)


def test_no_trace_no_data(world: World) -> None:
    """When the look cannot be written down, nothing of the person or the record is shown."""
    here = world.here
    shows: list[tuple[Visitor, str]] = []
    by_name = {one.name: one for one in visitors(world)}
    for path in (
        reverse("clients:client", args=[here.client.pk]),
        reverse("clients:change", args=[here.client.pk]),
        reverse("clients:plan", args=[here.client.pk]),
        reverse("clients:background", args=[here.client.pk]),
        reverse("clients:joint", args=[here.client.pk]),
        f"{reverse('clients:search')}?q=Kanarianimi",
        f"{reverse('clients:options')}?q=000111222",
        f"{reverse('team:palette')}?q=Kanarianimi",
        reverse("visits:visit", args=[here.visit.pk]),
        reverse("visits:mine"),
        reverse("visits:mine_part"),
        reverse("visits:memo", args=[here.visit.pk]),
        reverse("visits:visit_part", args=[here.visit.pk, "asiakas"]),
        reverse("visits:visit_part", args=[here.visit.pk, "ohjaus"]),
        reverse("clients:referrals"),
        reverse("clients:mine"),
    ):
        shows += [(by_name[name], path) for name in ("advisor tassa", "knowing", "receiver")]
    told = [(one, path) for one, path in shows if CANARY.search(one.look(path).content.decode())]
    assert len(told) >= 12
    for one, path in told:
        with connection.execute_wrapper(_without_a_trace):
            answer = one.look(path)
        assert not CANARY.search(answer.content.decode()), (one.name, path)
