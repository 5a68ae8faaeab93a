"""The advisor's own visit: calling, the record, colleagues along, referrals, the end."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from services.models import Service
from team.actions import help as help_calls
from tests.addresses.desk import called_twice, on_shift, paused
from tests.addresses.registry import page, press, word
from tests.factories.clients import ServiceRowFactory, person_on_file
from tests.factories.team import LanguageFactory, OrganisationFactory, ProfessionFactory, at
from tests.factories.visits import House
from visits.actions import calling, closing, encounters, guidance, identity, suggestions, undo
from visits.models import AgreedStep, Encounter, Invitation
from visits.views.visit_parts import PARTS


def meet(house: House, who: Any) -> Encounter:
    """The member sits with a visitor."""
    on_shift(house, who)
    return house.in_service(who)


def a_service(house: House) -> Service:
    """Something to be guided to."""
    service: Service = ServiceRowFactory(organisation=OrganisationFactory())
    return service


@press("visits:call_next")
def call_next(house: House, who: Any) -> Any:
    on_shift(house, who)
    house.arrive()
    house.arrive()
    return {}


@press("visits:call_to_me")
def call_to_me(house: House, who: Any) -> Any:
    return [house.arrive().pk], {}


@press("visits:start")
def start(house: House, who: Any) -> Any:
    return [calling.call_in(house.arrive(), by=who, at=house.now).pk], {}


@press("visits:move")
def call_again(house: House, who: Any) -> Any:
    return [calling.call_in(house.arrive(), by=who, at=house.now).pk, "uudelleen"], {}


@word("visits:move", "ei-tullut")
@word("visits:move", "jonoon")
def of_mine_on_the_way(house: House, who: Any) -> Any:
    return [called_twice(house, who).pk], {}


@word("visits:move", "palasi")
def bring_back(house: House, who: Any) -> Any:
    return [paused(house).pk], {}


@word("visits:move", "tauolle")
def pause(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {}


@word("visits:move", "poistun")
def step_out(house: House, who: Any) -> Any:
    colleague = house.advisor()
    return [encounters.come_along(asked(house, by=who, whom=colleague), by=colleague, at=house.now).pk], {}


@press("visits:mine_break")
def own_break(house: House, who: Any) -> Any:
    on_shift(house, who)
    return {}


@press("visits:mine_help")
def call_help(house: House, who: Any) -> Any:
    return {}


@press("visits:mine_help_end")
def end_help(house: House, who: Any) -> Any:
    return [help_calls.call_help(by=house.advisor(), at=house.now).pk], {}


@press("visits:mine_undo")
def take_back(house: House, who: Any) -> Any:
    return [undo.latest(meet(house, who).visit).pk], {}


@press("visits:finish")
def finish(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"result": house.result().pk, "notes": "Sovittiin jatkosta."}


@press("visits:tell_result")
def tell_result(house: House, who: Any) -> Any:
    encounter = meet(house, who)
    closing.end_leftovers(house.day, at=at(23))
    return [encounter.visit_id], {"result": house.result().pk}


def in_vain(house: House, who: Any) -> Any:
    """The member called a visitor, nobody sat down, and the night came."""
    visit = calling.call_in(house.arrive(), by=who, at=house.now)
    closing.end_leftovers(house.day, at=at(23))
    return visit


@press("visits:sat_after_all")
def sat_after_all(house: House, who: Any) -> Any:
    return [in_vain(house, who).pk], {}


@press("visits:nobody_came")
def nobody_came(house: House, who: Any) -> Any:
    return [in_vain(house, who).pk], {}


@press("visits:nobody_came_undo")
def nobody_came_undone(house: House, who: Any) -> Any:
    return [closing.nobody_came(in_vain(house, who), by=who, at=at(23)).pk], {}


@press("visits:go_on")
def go_on(house: House, who: Any) -> Any:
    encounter = meet(house, who)
    encounters.finish(encounter.visit, result=house.result(), by=who, at=house.now)
    return [encounter.visit_id], {}


@press("visits:save")
def save(house: House, who: Any) -> Any:
    shown = {f"shown_{name}": guidance.mark("") for name in guidance.TEXTS}
    return [meet(house, who).visit_id], {"notes": "Katsottiin hakemusta yhdessä.", **shown}


@press("visits:topic")
def topic(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"topic": house.topic("cv").pk, "on": "1"}


@press("visits:describe")
def describe(house: House, who: Any) -> Any:
    LanguageFactory(code="sv", desk_order=2)
    return [meet(house, who).visit_id], {"language": "sv"}


@press("visits:rate")
def rate(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"rating": "4"}


@press("visits:step_add")
def agree(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"what": "Soittaa oppilaitokseen", "who": "visitor", "due_on": "2026-11-25"}


def agreed_earlier(house: House, who: Any) -> list[Any]:
    """The visit that goes on, and a step of the same person's earlier one."""
    earlier = meet(house, who)
    step = guidance.agree_step(earlier, what="Lähettää hakemuksen", by=who, at=house.now)
    encounters.finish(earlier.visit, result=house.result(), by=who, at=house.now)
    person, now = person_on_file(who, moment=at(10)), house.in_service(who)
    for visit in (earlier.visit, now.visit):
        identity.join_client(visit, person, by=who, at=house.now)
    return [now.visit_id, step.pk]


@press("visits:step_told")
def tell_of_step(house: House, who: Any) -> Any:
    return [*agreed_earlier(house, who), "tehty"], {}


@word("visits:step_told", "ei-tehty")
@word("visits:step_told", "siirtyi")
def tell_otherwise(house: House, who: Any) -> Any:
    return agreed_earlier(house, who), {}


@word("visits:step_told", "avoin")
def tell_nothing(house: House, who: Any) -> Any:
    visit, step = agreed_earlier(house, who)
    row, now = AgreedStep.objects.get(pk=step), Encounter.objects.get(visit_id=visit)
    guidance.tell_of_step(row, AgreedStep.Status.DONE, during=now, by=who, at=house.now)
    return [visit, step], {}


@press("visits:draft")
def keep_draft(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id, "askel"], {"what": "Soittaa", "who": "visitor", "submission_key": str(uuid4())}


@press("visits:step_remove")
def remove_step(house: House, who: Any) -> Any:
    return [guidance.agree_step(meet(house, who), what="Lähettää hakemuksen", by=who, at=house.now).pk], {}


@press("visits:step_restore")
def restore_step(house: House, who: Any) -> Any:
    step = guidance.agree_step(meet(house, who), what="Lähettää hakemuksen", by=who, at=house.now)
    return [guidance.remove_step(step, by=who, at=house.now).pk], {}


@press("visits:join_client")
def join(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"client": person_on_file(who, moment=at(10)).pk}


@press("visits:part_client")
def part_client(house: House, who: Any) -> Any:
    encounter = meet(house, who)
    identity.join_client(encounter.visit, person_on_file(who, moment=at(10)), by=who, at=house.now)
    return [encounter.visit_id], {}


@press("visits:invite")
def invite(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"colleague": house.advisor(partner=True).membership_id, "agreed": "1"}


def asked(house: House, *, by: Any, whom: Any) -> Invitation:
    """A colleague is asked into a visit that goes on."""
    encounter = meet(house, by)
    return encounters.invite(encounter.visit, whom.membership, mode="together", by=by, at=house.now, client_agreed=True)


@press("visits:invitation_end")
def end_invitation(house: House, who: Any) -> Any:
    return [asked(house, by=who, whom=house.advisor()).pk], {}


@press("visits:come")
def come(house: House, who: Any) -> Any:
    on_shift(house, who)
    return [asked(house, by=house.advisor(), whom=who).pk], {}


@press("visits:decline")
def decline(house: House, who: Any) -> Any:
    return [asked(house, by=house.advisor(), whom=who).pk], {}


@press("visits:hand_over")
def hand_over(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"profession": ProfessionFactory(code="velkaneuvonta").pk}


@press("visits:refer")
def refer(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"service": a_service(house).pk, "reason": "Haluaa tutustua työpajaan."}


@press("visits:step_next")
def agree_next(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"next_step": "Soittaa oppilaitokseen", "next_due": "2026-11-25"}


@press("visits:put_aside")
def put_aside(house: House, who: Any) -> Any:
    reason = house.point.terms.get(kind="aside", code="muu")
    return [meet(house, who).visit_id, a_service(house).pk], {"reason": reason.pk}


@press("visits:bring_back")
def bring_suggestion_back(house: House, who: Any) -> Any:
    encounter, service = meet(house, who), a_service(house)
    reason = house.point.terms.get(kind="aside", code="muu")
    suggestions.put_aside(encounter, service, reason=reason, by=who, at=house.now)
    return [encounter.visit_id, service.pk], {}


@press("visits:find_doer")
def find_doer(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"q": "paja"}


@press("visits:refer_undo")
def withdraw(house: House, who: Any) -> Any:
    encounter = meet(house, who)
    row = guidance.refer(encounter, service=a_service(house), by=who, at=house.now)
    return [encounter.visit_id, row.pk], {}


@press("visits:share")
def share(house: House, who: Any) -> Any:
    return [meet(house, who).visit_id], {"organisation": OrganisationFactory().pk, "agreed": "1"}


@press("visits:share_end")
def end_share(house: House, who: Any) -> Any:
    opened = guidance.share(meet(house, who), OrganisationFactory(), by=who, at=house.now, client_agreed=True)
    return [opened.pk], {}


def _of_my_visit(name: str, *more: Any) -> None:
    page(name)(lambda house, who: [meet(house, who).visit_id, *more])


for _name in ("visit", "memo", "onwards", "find_service"):
    _of_my_visit(f"visits:{_name}")
_of_my_visit("visits:visit_part", "ohjaus")
for _part in PARTS:
    word("visits:visit_part", _part)(lambda house, who: ([meet(house, who).visit_id], {}))


@page("visits:ask")
def ask(house: House, who: Any) -> list[Any]:
    return [meet(house, who).visit_id, house.advisor(partner=True).membership_id]
