"""Two desks log the same known client at the same moment: one visit, and one question who waits already."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from team.access import Member
from team.models import Party
from tests.factories.clients import person_on_file
from tests.factories.team import MembershipFactory
from tests.factories.visits import House
from tests.fixtures.site import Site
from tests.races.window import cookies_of, filled, window
from visits.models import Visit

ROUNDS = 6
# Of two series, so that the desks do not wait for each other at the numbers.
PARTIES = (Party.CLIENT, Party.OTHER)
Form = dict[str, object]


def test_the_same_client_logged_at_two_desks_at_once_is_one_visit(wednesday_site: Site) -> None:
    for _round in range(ROUNDS):
        house = House()
        person = person_on_file(house.desk)
        other = Member(MembershipFactory(point=house.point, front_desk=True))
        barrier = threading.Barrier(2, timeout=30)
        form = {"topic": house.topic().pk, "client": person.pk, "client_name": person.name}

        def log(desk: httpx.Client, party: str, barrier: threading.Barrier = barrier, form: Form = form) -> int:
            barrier.wait()
            answer = desk.post("/kaynnit/", data=filled({**form, "party": party}), headers={"HX-Request": "true"})
            return answer.status_code

        desks = [window(wednesday_site, cookies_of(member)) for member in (house.desk, other)]
        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(log, desks, PARTIES))
        for desk in desks:
            desk.close()
        assert answers == [200, 422]
        assert Visit.objects.get(day=house.day).client_links.get().client == person
