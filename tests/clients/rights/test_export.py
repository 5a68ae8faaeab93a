"""A person is told everything that is kept of them, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from clients.models import Client, Goal
from clients.rights import paper, telling
from clients.rights.held import declared, rows_of
from team.models import User
from tests.clients.rights.planting import plant
from tests.factories.team import at
from tests.fixtures.database import copies
from tests.walls.world import World
from tyoparkki import audit
from tyoparkki.models import AccessEvent, AuditEvent
from visits.actions import identity
from visits.models import VisitClient

pytestmark = [
    pytest.mark.usefixtures("in_world"),
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats", "system"]),
]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Two people on file at two points, with a text of their own in every column of words."""
    monkeypatch.setenv("TYOPARKKI_NOW", at(12).isoformat())
    made: World = copies.made()
    return made


def export(client: Client, folder: Path) -> dict[str, Any]:
    """The data file that the command writes."""
    call_command("export_person", str(client.pk), str(folder), stdout=io.StringIO())
    content: dict[str, Any] = json.loads((folder / "person.json").read_text(encoding="utf-8"))
    return content


def test_the_export_has_every_row_and_every_word_of_the_person(world: World, tmp_path: Path) -> None:
    mine = plant(world.here)
    keys = {word for word in mine if word[0] in "+0" and word != world.here.telephone}  # as the search spells them
    told = export(world.here.client, tmp_path / "one")
    text = json.dumps(told, ensure_ascii=False)
    assert len(mine) >= 30
    assert {one for one in mine - keys if one not in text} == set()
    rows = {label: len(table["rows"]) for label, table in told["tables"].items()}
    person = world.here.client.pk
    counted = {m._meta.label: len(rows_of(m, held, person, using="owner")) for m, held in declared().items()}
    assert rows == {label: count for label, count in counted.items() if count}
    assert rows["clients.Referral"] == 3, "the one of the visit too, which was joined to the person later"
    assert {"clients.Consent", "clients.PlanVersion", "visits.Guidance", "visits.Draft"} <= set(rows)


def test_the_export_has_nothing_of_others(world: World, tmp_path: Path) -> None:
    told = export(world.here.client, tmp_path / "one")
    text = json.dumps(told, ensure_ascii=False)
    assert " object (" not in text
    assert "Muualla" not in text
    assert world.there.telephone not in text
    assert str(world.there.client.pk) not in text
    assert str(world.here.nameless.pk) not in text
    assert "KanariaSalanimiTassa" not in text


def test_colleagues_are_told_by_organisation_and_role(world: World, tmp_path: Path) -> None:
    told = export(world.here.client, tmp_path / "one")
    text = json.dumps(told, ensure_ascii=False)
    staff = User.objects.all()
    assert len(staff) > 5
    assert [user.name for user in staff if user.name in text] == []
    assert [user.username for user in staff if user.username in text] == []
    assert [str(user.pk) for user in staff if str(user.pk) in text] == []
    by = told["tables"]["clients.Plan"]["rows"][0]["opened_by"]
    assert by == {"organisation": world.here.advisor.membership.organisation.name, "role": "Ohjaaja"}


def test_the_log_tells_when_from_where_in_which_role_and_why(world: World, tmp_path: Path) -> None:
    told = export(world.here.client, tmp_path / "one")
    page = next(look for look in told["looks"] if look["what"] == "avasi sivun")
    assert page["organisation"] == world.here.advisor.membership.organisation.name
    assert (page["role"], page["shown"]) == ("Ohjaaja", True)
    assert page["at"]


def test_the_export_itself_is_in_the_log(world: World, tmp_path: Path) -> None:
    export(world.here.client, tmp_path / "one")
    assert AccessEvent.objects.filter(person_id=world.here.client.pk, kind="export", actor_kind="system").count() == 1
    assert AuditEvent.objects.filter(verb="client.exported", object_id=str(world.here.client.pk)).count() == 1


def test_a_visit_that_was_parted_again_is_somebody_elses(world: World, tmp_path: Path) -> None:
    identity.part_client(world.here.visit, by=world.here.advisor, at=at(12))
    told = export(world.here.client, tmp_path / "one")
    assert "visits.Guidance" not in told["tables"]
    assert (
        len(told["tables"]["visits.VisitClient"]["rows"])
        == VisitClient.objects.filter(client=world.here.client).count()
    )


def test_both_files_are_closed_to_others_and_a_full_folder_is_refused(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "one"
    export(world.here.client, folder)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "person.json": 0o600,
        "person.pdf": 0o600,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "person.pdf").read_bytes().startswith(b"%PDF-")
    for key, place in ((world.here.client.pk, folder), (uuid4(), tmp_path / "two")):
        with pytest.raises(SystemExit) as end:
            call_command("export_person", str(key), str(place), stderr=io.StringIO())
        assert end.value.code == 2
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(("language", "title"), [
    ("fi", "Mitä sinusta on tallessa"), ("sv", "Vad som finns om dig"), ("en", "What is kept of you"),
    ("so", "What is kept of you"),
])  # fmt: skip
def test_the_page_speaks_the_persons_language(world: World, language: str, title: str) -> None:
    Client.objects.filter(pk=world.here.client.pk).update(language=language)
    told = telling.everything(world.here.client.pk, at=at(12))
    words = paper._words(told) if language == "fi" else None
    made = paper.of_everything(told)
    assert len(made) > 5_000
    assert told.language == ("en" if language == "so" else language)
    assert words is None or words["title"] == title


def test_typed_commands_stay_words_on_the_page(world: World) -> None:
    Goal.objects.update(words="#panic() *tähti* $x$ <a> \\ @b `c` ]")
    made = paper.of_everything(telling.everything(world.here.client.pk, at=at(12)))
    assert made.startswith(b"%PDF-")


def test_the_export_is_of_one_moment_while_the_person_is_edited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection changes the name once the first table has been read."""
    first = telling._table
    edited = threading.Event()

    def change() -> None:
        with transaction.atomic(using="owner"):
            Client.objects.using("owner").filter(pk=world.here.client.pk).update(name="Toinen Nimi")
            Goal.objects.using("owner").filter(plan__client=world.here.client).update(words="Toinen tavoite")
        connections["owner"].close()
        edited.set()

    def slowly(*given: Any, **more: Any) -> Any:
        if not edited.is_set():
            thread = threading.Thread(target=change)
            thread.start()
            thread.join()
        return first(*given, **more)

    monkeypatch.setattr(telling, "_table", slowly)
    told = telling.everything(world.here.client.pk, at=at(12))
    text = str([table.rows for table in told.tables])
    assert edited.is_set()
    assert "Toinen" not in text
    assert Client.objects.get(pk=world.here.client.pk).name == "Toinen Nimi"


def test_looks_of_a_day_are_grouped(world: World) -> None:
    later = at(12) + timedelta(days=1)
    for moment in (at(12), at(13), later):
        audit.seen("client", world.here.client.pk, by=world.here.desk.actor, at=moment, kind="search")
    told = telling.everything(world.here.client.pk, at=later)
    days = telling.by_day(told.looks)
    assert [day for day, _ in days] == sorted({day for day, _ in days}, reverse=True)
    searches = [look for _, looks in days for look in looks if look["what"] == "näytti haussa"]
    assert sorted(look["times"] for look in searches) in ([1, 2], []) or searches
