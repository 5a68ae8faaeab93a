"""The demonstration's frame: reference data, catalogue, service points, words, team and sign-ins."""

# ruff: noqa: E501 - the tables of invented data read best with a row on a line
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from clients.models import Referral
from reports.demo import words
from services.models import ImportRun
from services.ptv import importer
from team.access import Member
from team.actions import day as days
from team.actions import vocabulary
from team.models import (
    Desk,
    Membership,
    OpeningException,
    OpeningRule,
    Organisation,
    Profession,
    Role,
    ServiceDay,
    ServicePoint,
    Shift,
    Skill,
    Term,
    Topic,
    User,
)
from tyoparkki import clock, reference
from tyoparkki.ids import new_secret
from tyoparkki.models import Municipality

PASSWORD = "demo-keskiviikko-10-18"  # noqa: S105 - of invented people, in databases marked demo only
CATALOGUE = Path(settings.BASE_DIR) / "services" / "data"
WEDNESDAY = 3

# username, name, organisation (Finnish name), role, title, professions, languages, desk
TEAM = [
    ("vastaanotto", "Saara Lindroos", "Hämeenlinnan kaupunki", Role.FRONT_DESK, "Vastaanotto", ["vastaanotto"], ["fi", "sv", "en"], None),
    ("jukka", "Jukka Vesterinen", "Hämeenlinnan kaupunki", Role.ADVISOR, "Työnhaku", ["tyonhaku"], ["fi", "sv", "en"], 1),
    ("kumppani", "Noora Haapsaari", "Kanta-Hämeen hyvinvointialue", Role.ADVISOR, "Työkyky", ["tyokyky"], ["fi", "en"], 2),
    ("neuvoja", "Leila Farhadi", "Hämeenlinnan kaupunki", Role.ADVISOR, "Työnhaku", ["tyonhaku"], ["fi", "en", "fa"], 3),
    ("elif", "Elif Demirsoy", "Hämeenlinnan kaupunki", Role.ADVISOR, "Kotoutuminen", ["kotoutuminen"], ["fi", "en", "tr", "ru"], 4),
    ("mikael", "Mikael Sund", "Vanajan ammattiopisto", Role.ADVISOR, "Koulutus", ["koulutus"], ["fi", "sv"], 5),
    ("petri", "Petri Kuusela", "Hämeenlinnan kaupunki", Role.ADVISOR, "Yrityspalvelut", ["yrityspalvelut"], ["fi", "en"], 6),
    ("riikka", "Riikka Ahokas", "Uusi Askel – työttömien yhdistys", Role.ADVISOR, "Digiapu", ["digiapu"], ["fi"], 7),
    ("outi", "Outi Lehtimaa", "Kanta-Hämeen hyvinvointialue", Role.ADVISOR, "Sosiaaliohjaus", ["sosiaaliohjaus"], ["fi"], 8),
    ("tarmo", "Tarmo Niittykoski", "Oikeuspalveluvirasto", Role.ADVISOR, "Talousneuvonta", ["talousneuvonta"], ["fi", "sv"], 9),
    ("vertainen", "Hanna Koskenranta", "Uusi Askel – työttömien yhdistys", Role.EXPERT_BY_EXPERIENCE, "Vertaisneuvoja", ["vertaistuki"], ["fi"], None),
]  # fmt: skip
OFFICE = [
    ("esihenkilo", "Katri Saarelma", Role.MANAGER, "Palvelupäällikkö"),
    ("paakayttaja", "Aino Paavolainen", Role.ADMIN, "Pääkäyttäjä"),
]


@dataclass
class House:
    """What the days are played with."""

    point: ServicePoint
    anchor: datetime
    members: dict[str, Member] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    answers: list[tuple[datetime, Referral]] = field(default_factory=list)

    @property
    def advisors(self) -> list[Member]:
        """Those who guide."""
        return [member for member in self.members.values() if member.membership.role == Role.ADVISOR]


def build(anchor: datetime) -> House:
    """The whole frame at a moment."""
    reference.load(at=anchor)
    importer.run(sorted(CATALOGUE.glob("sample_*_v11.json")), at=anchor)
    ImportRun.objects.update(ended_at=anchor)  # how long it took is not the demonstration's to tell
    city = _organisation("Hämeenlinnan kaupunki")
    point = ServicePoint.objects.create(
        slug="hameenlinna",
        names={"fi": "TyöParkki Hämeenlinna", "sv": "TyöParkki Tavastehus", "en": "TyöParkki Hämeenlinna"},
        organisation=city,
        municipality=Municipality.objects.get(code="109"),
        street_address="Esimerkkikatu 12",
        postal_code="13100",
        city="Hämeenlinna",
        phone="+358 000 000 012",
        email="tyoparkki@hameenlinna.example",
        board_languages=["fi", "sv", "en", "uk", "ar"],
    )
    house = House(point, anchor)
    OpeningRule.objects.create(
        point=point, weekday=WEDNESDAY, opens_at=time(10), closes_at=time(18), valid_from=date(2024, 1, 3)
    )
    Desk.objects.bulk_create([Desk(point=point, number=number) for number in range(1, 11)])
    _words(house)
    _team(house)
    _second_point(house)
    return house


def _organisation(name: str) -> Organisation:
    return Organisation.objects.get(names__fi=name)


def _names(texts: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("fi", "sv", "en"), texts, strict=True))


def _words(house: House) -> None:
    """The words that every new point starts with."""
    vocabulary.give_first_words(house.point, at=house.anchor)
    house.topics = {topic.code: topic for topic in house.point.topics.all()}
    house.terms = {(term.kind, term.code): term for term in house.point.terms.all()}


def _team(house: House) -> None:
    password = make_password(PASSWORD, salt=new_secret())
    skill, _made = Skill.objects.get_or_create(
        code="palkkatuki", defaults={"names": {"fi": "Palkkatuki", "sv": "Lönesubvention", "en": "Pay subsidy"}}
    )
    for username, name, organisation, role, title, professions, languages, _desk in TEAM:
        user = _user(username, name, languages, password, house.anchor)
        user.professions.set(Profession.objects.filter(code__in=professions))
        if "yrityspalvelut" in professions:
            user.skills.add(skill)
        house.members[username] = _member(user, _organisation(organisation), house.point, role, title)
    for username, name, role, title in OFFICE:
        user = _user(username, name, ["fi", "sv", "en"], password, house.anchor)
        house.members[username] = _member(user, house.point.organisation, house.point, role, title)


def _user(username: str, name: str, languages: list[str], password: str, at: datetime) -> User:
    return User.objects.create(
        username=username,
        name=name,
        email=f"{username}@tyoparkki.example",
        languages=languages,
        password=password,
        created_at=at,
    )


def _member(user: User, organisation: Organisation, point: ServicePoint, role: str, title: str) -> Member:
    return Member(
        Membership.objects.create(
            user=user, organisation=organisation, point=point, role=role, title=title, valid_from=date(2024, 1, 1)
        )
    )


def contact_of(house: House, organisation: Organisation) -> Member:
    """Who answers for an organisation that has nobody in the house: a light account, without a password."""
    known = next((one for one in house.members.values() if one.organisation_id == organisation.pk), None)
    if known is not None:
        return known
    n = len(house.members)
    user = _user(f"kumppani{n}", f"{words.FIRST_NAMES[n]} {words.LAST_NAMES[n]}", ["fi"], "!", house.anchor)
    member = _member(user, organisation, house.point, Role.ADVISOR, "Yhteyshenkilö")
    house.members[user.username] = member
    return member


def _second_point(house: House) -> None:
    """Another town with its own days, words and numbers: nothing in the product knows only one place."""
    city = house.point.organisation
    point = ServicePoint.objects.create(
        slug="forssa",
        names={"fi": "TyöParkki Forssa", "sv": "TyöParkki Forssa", "en": "TyöParkki Forssa"},
        organisation=city,
        municipality=Municipality.objects.get(code="061"),
        street_address="Malliraitti 3",
        postal_code="30100",
        city="Forssa",
        phone="+358 000 000 013",
        letters={"client": "F", "employer": "Y", "group": "R", "other": "M"},
    )
    for weekday in (2, 4):
        OpeningRule.objects.create(
            point=point, weekday=weekday, opens_at=time(12), closes_at=time(17), valid_from=date(2026, 1, 1)
        )
    Desk.objects.bulk_create([Desk(point=point, number=number) for number in range(1, 4)])
    for position, (code, names, icon, key) in enumerate(
        [
            ("tyo", ("Työ ja haku", "Arbete", "Work"), "search", "1"),
            ("opinnot", ("Opinnot", "Studier", "Studies"), "mortarboard", "2"),
            ("arki", ("Arki ja talous", "Vardag och ekonomi", "Everyday life and money"), "wallet2", "3"),
        ]
    ):
        Topic.objects.create(
            point=point, code=code, names=_names(names), icon=icon, key=key, position=position, guidance_minutes=20
        )
    Term.objects.bulk_create(
        Term(point=point, kind=term.kind, code=term.code, names=term.names, position=term.position)
        for term in house.point.terms.order_by("kind", "position")
    )
    today = clock.local_date(house.anchor)
    days.plan_days(point, today + timedelta(days=21), since=today, at=house.anchor)
    _partner_there(house, point)
    # The manager leads both; the older membership is the one that is not in use at sign-in.
    Membership.objects.create(
        user=house.members["esihenkilo"].user,
        organisation=city,
        point=point,
        role=Role.MANAGER,
        title="Palvelupäällikkö",
        valid_from=date(2023, 1, 1),
    )


def _partner_there(house: House, point: ServicePoint) -> None:
    """Somebody of the partner who works elsewhere: of the people of Hämeenlinna she knows what they let be told."""
    at, noora = house.anchor, house.members["kumppani"]
    user = _user("forssa", "Sinikka Ojanperä", ["fi", "sv"], noora.user.password, at)
    user.professions.set(noora.user.professions.all())
    _member(user, noora.membership.organisation, point, Role.ADVISOR, "Työkyky")


def open_today(house: House) -> ServiceDay:
    """The day in progress, whatever the weekday and hour: beside the usual hours, an opening around the clock."""
    on = clock.local_date(house.anchor)
    if not _is_amid_usual_hours(house):
        OpeningException.objects.update_or_create(
            point=house.point,
            on=on,
            defaults={
                "is_closed": False,
                "opens_at": time(0),
                "closes_at": time(23, 59),
                "reasons": {"fi": "Esittelypäivä", "sv": "Demonstrationsdag", "en": "Demonstration day"},
            },
        )
    day = days.service_day_for(house.point, on, at=house.anchor)
    if day is None:
        raise RuntimeError("The demonstration day could not be planned.")
    return day


def _is_amid_usual_hours(house: House) -> bool:
    """Whether a point that keeps its usual hours has been open for an hour and stays so for three more."""
    planned = days.service_day_for(house.point, clock.local_date(house.anchor), at=house.anchor)
    amid = planned and planned.starts + timedelta(hours=1) <= house.anchor <= planned.ends - timedelta(hours=3)
    return bool(amid)


def roster(house: House, day: ServiceDay) -> None:
    """Everybody on shift on a day, at their own desks."""
    desks = {desk.number: desk for desk in Desk.objects.filter(point=house.point)}
    professions = {row.code: row for row in Profession.objects.all()}
    Shift.objects.bulk_create(
        [
            Shift(
                day=day,
                membership=house.members[username].membership,
                profession=professions[codes[0]],
                desk=desks.get(desk) if desk else None,
                starts_at=day.starts,
                ends_at=day.ends,
                is_lead=username == "jukka",
                created_at=day.starts,
                created_by=house.members["esihenkilo"].membership,
            )
            for username, _name, _organisation, _role, _title, codes, _languages, desk in TEAM
        ]
    )
