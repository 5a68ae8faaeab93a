"""Every form that writes, sent twice at once: the product holds one effect, as if it had been sent once.

What an effect is, is not told form by form: the same press is done once elsewhere, and the rows that it adds to each
table and the verbs that it leaves in the trace are what two presses at once may leave, no more and no less.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from employers import views as employers
from team import matrix
from team.access import Member
from team.models import Role
from tests.addresses import PRESSES, SET_ASIDE, WORDS, Press, Sample
from tests.factories.team import MembershipFactory
from tests.factories.visits import House
from tests.fixtures.site import Site
from tests.races.window import TOKEN, cookies_of, cookies_of_device, filled, window
from tyoparkki.errors import Refused
from tyoparkki.models import AccessEvent, AuditEvent, Outbox, Submission
from visits.views import mine, queue

ROUNDS = 50
OURS = {row.name: row for row in matrix.rows() if "POST" in row.methods and not row.route.startswith("/tili/")}
SAMPLES: dict[str, tuple[str, Sample]] = {
    **{name: (name, sample) for name, sample in PRESSES.items()},
    **{f"{name} {said}": (name, sample) for (name, said), sample in WORDS.items()},
}
CASES = sorted(case for case, (name, _sample) in SAMPLES.items() if name in set(OURS) - set(SET_ASIDE))
# Kept once or merely noted: the sending itself, sign-ins, looks, and the nudges to count a day anew.
NO_EFFECT = {Submission, Session, AccessEvent, Outbox, AuditEvent}
TABLES = sorted(model._meta.db_table for model in apps.get_models() if model not in NO_EFFECT)
# What a second press may leave in the trace without having done anything; a link's page or a code that is shown is a
# look, each time.
HARMLESS = ["device.code_refused", "link.opened", "identity_code.shown"]


def test_every_form_has_its_sample() -> None:
    assert set(OURS) - set(PRESSES) - set(SET_ASIDE) == set()
    assert set(PRESSES) - set(OURS) == set()


@pytest.mark.parametrize(
    ("name", "words", "first"),
    [
        ("visits:press", queue.PRESSES, "uudelleen"),
        ("visits:move", mine.PRESSES, "uudelleen"),
        ("visits:day", ["avaa", "tauko", "jatka", "sulje"], "tauko"),
        ("employers:position_move", employers.WORDS, "taytetty"),
    ],
)
def test_every_word_of_an_address_has_its_sample(name: str, words: Iterable[str], first: str) -> None:
    assert {said for where, said in WORDS if where == name} == set(words) - {first}


def presser(name: str, house: House) -> tuple[Member | None, dict[str, str]]:
    """Somebody whom the address lets in, and what their browser sends."""
    access = OURS[name].access
    assert access is not None
    if access.kind == "device":
        return None, cookies_of_device(house.point, access.permissions[0])
    if access.kind in {"public", "link"}:
        return None, cookies_of(None)
    role = next(role for role in (Role.ADVISOR, *Role.values) if OURS[name].allowed[role])
    member = Member(MembershipFactory(point=house.point, role=role))
    if role == Role.ADMIN:
        MembershipFactory(point=house.point, admin=True)  # the last one may not be taken away
    return member, cookies_of(member)


def sizes() -> Counter[str]:
    """How many rows each table holds, and each verb of the trace."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in TABLES)
            + f" UNION ALL SELECT verb, count(*) FROM {AuditEvent._meta.db_table} WHERE verb <> ALL(%s) GROUP BY verb",
            [HARMLESS],
        )
        return Counter(dict(cursor.fetchall()))


def send(site: Site, cookies: dict[str, str], form: Press, *, times: int) -> list[int]:
    """The same form by the same browser, all at the same moment; the answers' status codes."""
    barrier = threading.Barrier(times, timeout=30)
    data = form.data if form.is_json else filled(form.data)

    def once(one: httpx.Client) -> int:
        barrier.wait()
        answer = one.post(form.path, json=data) if form.is_json else one.post(form.path, data=data)
        return answer.status_code

    windows = [window(site, cookies) for _n in range(times)]
    try:
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(once, windows))
    finally:
        for one in windows:
            one.close()


def effect(site: Site, case: str, *, times: int) -> tuple[Counter[str], list[int]]:
    """What so many presses at once leave behind, in a house of their own."""
    house = House()
    name, sample = SAMPLES[case]
    member, cookies = presser(name, house)
    form = sample(house, member)
    before = sizes()
    cache.clear()  # each house has its ten tries at a code
    answers = send(site, cookies, form, times=times)
    after = sizes()
    after.subtract(before)
    return Counter({what: count for what, count in after.items() if count}), answers


def check(site: Site, name: str, *, rounds: int) -> None:
    expected, [answer] = effect(site, name, times=1)
    assert answer < 400, f"the sample is refused with {answer}"
    for number in range(rounds):
        found, answers = effect(site, name, times=2)
        assert found == expected, f"round {number}: {dict(found - expected)} more, {dict(expected - found)} less"
        assert min(answers) < 400, f"answered with {answers}"
        assert max(answers) < 500, f"answered with {answers}"


def check_all(site: Site, names: list[str], *, rounds: int) -> None:
    """Each of these; otherwise everything that is wrong is said."""
    faults = []
    for name in names:
        try:
            check(site, name, rounds=rounds)
        except (AssertionError, Refused) as fault:
            faults.append(f"{name}: {str(fault).splitlines()[0]}")
    assert not faults, "\n".join(faults)


A_FEW_ROUNDS = 3
AT_A_TIME = 10  # so that processes that test side by side share the work
PARTS = [CASES[start : start + AT_A_TIME] for start in range(0, len(CASES), AT_A_TIME)]


@pytest.mark.slow
@pytest.mark.parametrize("names", PARTS, ids=lambda names: f"from {names[0]}")
def test_each_form_pressed_twice_at_once_a_few_times_has_one_effect_each_time(
    wednesday_site: Site, names: list[str]
) -> None:
    check_all(wednesday_site, names, rounds=A_FEW_ROUNDS)


@pytest.mark.race_grid
@pytest.mark.parametrize("name", CASES)
def test_each_form_pressed_twice_at_once_fifty_times_has_one_effect_each_time(wednesday_site: Site, name: str) -> None:
    check(wednesday_site, name, rounds=ROUNDS)


def test_a_form_sent_again_later_has_no_second_effect(wednesday_site: Site) -> None:
    house = House()
    member, cookies = presser("visits:arrive", house)
    form = PRESSES["visits:arrive"](house, member)
    sent: dict[str, Any] = filled(form.data)
    with window(wednesday_site, cookies) as one:
        first = one.post(form.path, data=sent)
        before = sizes()
        second = one.post(form.path, data=sent)
        other = one.post(form.path, data={**sent, "language": "sv"})
    assert TOKEN in str(sent)
    assert (first.status_code, second.status_code, other.status_code) == (303, 303, 422)
    assert sizes() == before
