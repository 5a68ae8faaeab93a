"""The words of the house: where they come from, how they change, and what may not happen to them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from team.access import Member
from team.actions import vocabulary
from team.actions.vocabulary import TopicFacts, Word
from team.models import Profession, Skill, Term, Topic
from tests.factories.services import ServiceFactory
from tests.factories.team import MembershipFactory, ProfessionFactory, SkillFactory, at
from tyoparkki.models import AuditEvent
from tyoparkki.templatetags import tp

NOW = at(12)
Sign = Callable[[Any], Browser]


@pytest.fixture
def manager(db: None) -> Member:
    """The manager of a point with ten topics."""
    return Member(MembershipFactory(manager=True))


def words(rows: Any) -> list[str]:
    """What is offered, in the order of the screen."""
    return [row.code for row in rows.filter(is_active=True).order_by("position", "pk")]


def test_the_shipped_professions_come_once_and_what_the_house_changed_stays(db: None) -> None:
    assert vocabulary.load_professions(at=NOW) == 10
    Profession.objects.filter(code="digiapu").update(names={"fi": "Digituki"}, is_active=False)
    assert vocabulary.load_professions(at=NOW) == 0
    kept = Profession.objects.get(code="digiapu")
    assert (kept.names, kept.is_active) == ({"fi": "Digituki"}, False)


def test_every_shipped_word_is_complete_in_three_languages_and_names_known_professions() -> None:
    shipped = vocabulary._shipped()
    assert set(shipped) == {
        "professions",
        "topics",
        "situation",
        "age_band",
        "result",
        "refusal",
        "ending",
        "aside",
        "source",
    }
    for rows in shipped.values():
        assert all(set(row["names"]) == {"fi", "sv", "en"} and all(row["names"].values()) for row in rows)
        assert len({row["code"] for row in rows}) == len(rows)
    trades = {row["code"] for row in shipped["professions"]}
    assert all(set(topic["professions"]) <= trades for topic in shipped["topics"])
    for kind in ("situation", "age_band"):
        assert Term.NOT_ASKED in {row["code"] for row in shipped[kind]}
    keys = [topic["key"] for topic in shipped["topics"] if topic["key"]]
    assert len(keys) == len(set(keys)) == 10


def test_a_new_topic_stands_at_its_place_and_is_offered_at_once(client_for: Sign, manager: Member) -> None:
    point, trade = manager.membership.point, ProfessionFactory(code="yrittajyys")
    form = {
        "name_fi": "Yrittäjyys ja toiminimi", "key": "", "place": 2, "guidance_minutes": 30,
        "parties": ["client", "group"], "professions": [trade.pk], "is_active": "on",
    }  # fmt: skip
    answer = client_for(manager).post("/sanasto/aiheet/uusi/", form)
    assert (answer.status_code, answer["Location"]) == (303, "/sanasto/")
    topic = Topic.objects.get(point=point, code="yrittajyys_ja_toiminimi")
    assert words(Topic.objects.filter(point=point))[:3] == ["tyonhaku", "yrittajyys_ja_toiminimi", "cv"]
    assert (topic.parties, list(topic.professions.all()), topic.guidance_minutes) == (["client", "group"], [trade], 30)
    assert topic.names == {"fi": "Yrittäjyys ja toiminimi"}
    assert AuditEvent.objects.filter(verb="topic.added", object_id=str(topic.pk)).count() == 1


def test_a_topic_is_drawn_as_chosen_and_suggests_services_of_its_classes(client_for: Sign, manager: Member) -> None:
    ServiceFactory(service_classes=["P10.7", "P6.10"])
    topic, browser = manager.membership.point.topics.get(code="tyonhaku"), client_for(manager)
    Topic.objects.filter(pk=topic.pk).update(service_classes=["P10.1"])
    address = f"/sanasto/aiheet/{topic.pk}/"
    form = browser.get(address).context["form"]
    assert (form["icon"].value(), form["service_classes"].value()) == ("search", ["P10.1"])
    offered = dict(form.fields["service_classes"].choices)
    assert set(offered) == {"P10.1", "P10.7", "P6.10"}  # what is published, and what it has already
    assert offered["P10.1"] == "Työnhaku ja työpaikat"
    chosen = {
        "name_fi": "Työnhaku", "guidance_minutes": 20, "parties": ["client"], "is_active": "on", "icon": "briefcase",
        "service_classes": ["P10.7"],
    }  # fmt: skip
    assert browser.post(address, chosen).status_code == 303
    topic.refresh_from_db()
    assert (topic.icon, topic.service_classes) == ("briefcase", ["P10.7"])
    for field, value in (("icon", "no-such-drawing"), ("service_classes", ["P99"])):
        refused = browser.post(address, {**chosen, field: value})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])


def test_every_drawing_that_may_be_chosen_exists_and_those_of_shipped_topics_may_be_chosen() -> None:
    assert set(Topic.Icon.values) <= set(tp._drawings())
    assert {row["icon"] for row in vocabulary._shipped()["topics"]} <= set(Topic.Icon.values)


def test_two_topics_never_share_a_key(client_for: Sign, manager: Member) -> None:
    form = {"name_fi": "Yrittäjyys", "key": "2", "guidance_minutes": 30, "parties": ["client"], "is_active": "on"}
    browser = client_for(manager)
    answer = browser.post("/sanasto/aiheet/uusi/", form)
    assert answer.status_code == 422
    assert "Toisella aiheella on jo tämä näppäin." in answer.content.decode()
    retired = manager.membership.point.topics.get(code="cv")
    vocabulary.change_topic(retired, Word(retired.names, is_active=False), TopicFacts(key="2"), by=manager, at=NOW)
    assert browser.post("/sanasto/aiheet/uusi/", form).status_code == 303


def test_the_front_desk_no_longer_offers_a_topic_that_was_taken_out_of_use(client_for: Sign, manager: Member) -> None:
    topic = manager.membership.point.topics.get(code="digi")
    form = {"name_fi": "Digi", "guidance_minutes": 18, "parties": ["client"]}
    assert client_for(manager).post(f"/sanasto/aiheet/{topic.pk}/", form).status_code == 303
    assert "digi" not in [row.code for row in Topic.objects.at(manager.point_id)]
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_the_last_topic_and_the_last_result_remain(manager: Member) -> None:
    point = manager.membership.point
    *others, last = Topic.objects.at(point.pk).for_party("client")
    for topic in others:
        vocabulary.change_topic(topic, Word(topic.names, is_active=False), TopicFacts(), by=manager, at=NOW)
    with pytest.raises(vocabulary.LastInUse):
        vocabulary.change_topic(last, Word(last.names, is_active=False), TopicFacts(), by=manager, at=NOW)
    with pytest.raises(vocabulary.LastInUse):
        vocabulary.change_topic(last, Word(last.names), TopicFacts(parties=["employer"]), by=manager, at=NOW)
    *others, last_term = Term.objects.at(point.pk, Term.Kind.RESULT)
    for term in others:
        vocabulary.change_term(term, Word(term.names, is_active=False), by=manager, at=NOW)
    with pytest.raises(vocabulary.LastInUse):
        vocabulary.change_term(last_term, Word(last_term.names, is_active=False), by=manager, at=NOW)


def test_not_asked_is_always_sayable(manager: Member) -> None:
    term = Term.objects.get(point=manager.membership.point, kind=Term.Kind.SITUATION, code=Term.NOT_ASKED)
    with pytest.raises(vocabulary.NeededByProduct):
        vocabulary.change_term(term, Word(term.names, is_active=False), by=manager, at=NOW)


def test_terms_are_added_moved_and_told_apart(client_for: Sign, manager: Member) -> None:
    browser, point = client_for(manager), manager.membership.point
    add = "/sanasto/sanat/result/uusi/"
    assert browser.post(add, {"name_fi": "Palaa syksyllä", "place": 1, "is_active": "on"}).status_code == 303
    assert words(point.terms.filter(kind="result"))[0] == "palaa_syksylla"
    assert browser.post(add, {"name_fi": "PALAA syksyllä", "is_active": "on"}).status_code == 422
    assert browser.get("/sanasto/sanat/left_reason/uusi/").status_code == 404
    made = point.terms.get(code="palaa_syksylla")
    moved = {"name_fi": "Palaa keväällä", "place": 3, "is_active": "on"}
    assert browser.post(f"/sanasto/sanat/{made.pk}/", moved).status_code == 303
    assert words(point.terms.filter(kind="result")) == [
        "riitti",
        "ohjattu",
        "palaa_syksylla",
        "jatko",
        "tyohon",
        "kesken",
    ]
    page = browser.get("/sanasto/").content.decode()
    assert "Palaa keväällä" in page
    assert "ammatit-words" not in page  # what all points share is the administrator's


def test_what_all_points_share_is_the_administrators(client_for: Sign, manager: Member) -> None:
    admin = Member(MembershipFactory(admin=True, point=manager.membership.point))
    skill, trade = SkillFactory(), ProfessionFactory()
    browser = client_for(admin)
    assert (
        browser.post("/sanasto/yhteiset/ammatit/uusi/", {"name_fi": "Psykologi", "is_active": "on"}).status_code == 303
    )
    assert browser.post(f"/sanasto/yhteiset/osaamiset/{skill.pk}/", {"name_fi": "Verokortti"}).status_code == 303
    assert Profession.objects.get(code="psykologi").position == 2
    skill.refresh_from_db()
    assert (skill.names, skill.is_active, Skill.objects.count()) == ({"fi": "Verokortti"}, False, 1)
    assert browser.get("/sanasto/yhteiset/muut/uusi/").status_code == 404
    assert browser.get(f"/sanasto/yhteiset/muut/{trade.pk}/").status_code == 404
    assert client_for(manager).get("/sanasto/yhteiset/ammatit/uusi/").status_code == 404
