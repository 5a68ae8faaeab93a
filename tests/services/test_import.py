"""The import of the catalogue: idempotent, faults one by one, local edits kept, what vanished retired."""

from __future__ import annotations

import copy
import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from services.models import Channel, ImportRun, Service, WordForm
from services.ptv import importer, v11
from services.ptv.items import Faulty
from team.models import Organisation
from tests.factories.team import OrganisationFactory, at
from tyoparkki.models import AuditEvent

pytestmark = pytest.mark.django_db


def key(kind: str, number: int) -> str:
    """An id of the interface."""
    return str(UUID(int=("org", "service", "channel").index(kind) * 1000 + number))


def organisation(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An organisation as the interface tells of it."""
    names = [{"language": "fi", "value": f"Kokeiluyhdistys {number}", "type": "Name"}]
    return {"id": key("org", number), "organizationType": "Organization", "organizationNames": names, **changes}


def service(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A service as the interface tells of it."""
    return {
        "id": key("service", number),
        "serviceNames": [
            {"language": "fi", "value": f"Työpaja {number}", "type": "Name"},
            {"language": "sv", "value": f"Verkstad {number}", "type": "Name"},
        ],
        "serviceDescriptions": [{"language": "fi", "value": "Tekemistä ja tukea.", "type": "Summary"}],
        "languages": ["fi", "sv"],
        "serviceClasses": [{"code": "P10.7"}],
        "targetGroups": [{"code": "KR1"}],
        "organizations": [{"organization": {"id": key("org", 1)}, "roleType": "Responsible"}],
        "publishingStatus": "Published",
        "modified": "2026-10-01T08:00:00",
        **changes,
    }


def channel(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A place as the interface tells of it."""
    return {
        "id": key("channel", number),
        "serviceChannelType": "ServiceLocation",
        "organizationId": key("org", 1),
        "serviceChannelNames": [{"language": "fi", "value": f"Talo {number}", "type": "Name"}],
        "services": [{"service": {"id": key("service", 1)}}],
        "publishingStatus": "Published",
        "modified": "2026-10-01T08:00:00",
        **changes,
    }


@pytest.fixture(autouse=True)
def small_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forms of words have tests of their own; here the big dictionary would only take time."""
    from services import actions

    monkeypatch.setattr(actions, "learn_words", lambda: None)


@pytest.fixture
def answer(tmp_path: Path) -> Any:
    """A file with a list answer."""

    def write(*items: Any, name: str = "answer.json", **page: int) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"pageNumber": 1, "pageCount": 1, **page, "itemList": list(items)}), "utf-8")
        return path

    return write


def counts(outcome: importer.Outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.changed, outcome.retired, len(outcome.faults)


def test_the_sample_is_imported_whole_and_only_once(samples: list[Path]) -> None:
    assert counts(importer.run(samples, at=at(8))) == (46 + 23 + 15, 0, 0, 0)
    assert (Service.objects.count(), Channel.objects.count()) == (46, 23)
    assert Organisation.objects.filter(source="ptv").count() == 15
    assert counts(importer.run(samples, at=at(9))) == (0, 0, 0, 0)
    assert Service.objects.get(names__fi="Palkkatuki työnantajalle").channels.count() == 3
    assert AuditEvent.objects.filter(verb="services.imported").count() == 2


def test_a_dry_run_changes_nothing(samples: list[Path]) -> None:
    assert counts(importer.run(samples, at=at(8), dry_run=True)) == (84, 0, 0, 0)
    assert not Service.objects.exists()
    assert not Channel.objects.exists()
    assert not Organisation.objects.filter(source="ptv").exists()
    assert not ImportRun.objects.exists()


def test_a_changed_item_is_changed_alone(answer: Any) -> None:
    importer.run([answer(organisation(), service(1), service(2))], at=at(8))
    second = service(2, languages=["fi", "sv", "en"])
    assert counts(importer.run([answer(organisation(), service(1), second)], at=at(9))) == (0, 1, 0, 0)
    assert Service.objects.get(source_id=key("service", 2)).languages == ["fi", "sv", "en"]
    assert Service.objects.get(source_id=key("service", 1)).updated_at == at(8)


def test_what_is_gone_is_retired_only_by_a_full_run(answer: Any) -> None:
    importer.run([answer(organisation(), service(1), service(2))], at=at(8))
    part = answer(organisation(), service(1))
    assert counts(importer.run([part], at=at(9), full=False)) == (0, 0, 0, 0)
    assert counts(importer.run([part], at=at(9))) == (0, 0, 1, 0)
    gone = Service.objects.get(source_id=key("service", 2))
    assert (gone.status, gone.retired_at) == (Service.Status.RETIRED, at(9))
    back = importer.run([answer(organisation(), service(1), service(2))], at=at(10))
    assert counts(back) == (0, 1, 0, 0)
    gone.refresh_from_db()
    assert (gone.status, gone.retired_at) == (Service.Status.PUBLISHED, None)


def test_a_list_of_which_a_page_is_missing_retires_nothing(answer: Any) -> None:
    houses = answer(organisation(), name="houses.json")
    importer.run([houses, answer(service(1), service(2))], at=at(8))
    first = answer(service(1), pageCount=2)
    assert counts(importer.run([houses, first], at=at(9))) == (0, 0, 0, 0)
    second = answer(service(3), name="second.json", pageNumber=2, pageCount=2)
    assert counts(importer.run([houses, first, second], at=at(9))) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (service(2, serviceNames=[]), "no name"),
        (service(2, organizations=[]), "no responsible organisation"),
        (service(2, publishingStatus="Maybe"), "publishing status"),
        (service(2, modified="yesterday"), "not a time"),
        (
            service(2, organizations=[{"organization": {"id": key("org", 9)}, "roleType": "Responsible"}]),
            "unknown organisation",
        ),
        (service(2, serviceNames=[{"value": "ilman kieltä"}]), "no name"),
        (service(2, serviceClasses=[5]), "not readable"),
        (service(2, id="s" * 80), "the id is not a UUID"),
        (service(2, id="{" + key("service", 2) + "}"), "the id is not a UUID"),
        (service(2, id=5), "the id is not a UUID"),
        (organisation(2, emails=[{"value": "a" * 300}]), "not fit"),
        ({"id": key("service", 2)}, "neither"),
        ("not an item", "neither"),
        (channel(2, serviceChannelType="Pigeon"), "unknown channel type"),
    ],
)
def test_one_faulty_item_is_named_and_the_rest_come_in(answer: Any, broken: Any, reason: str) -> None:
    outcome = importer.run([answer(organisation(), broken, service(1), channel(1))], at=at(8))
    assert counts(outcome) == (3, 0, 0, 1)
    assert reason in outcome.faults[0]["fault"]
    assert outcome.faults[0]["id"] == (str(broken["id"]) if isinstance(broken, dict) else "?")
    assert ImportRun.objects.get().faults == outcome.faults


def test_an_item_that_became_faulty_is_not_retired(answer: Any) -> None:
    importer.run([answer(organisation(), service(1), service(2))], at=at(8))
    outcome = importer.run([answer(organisation(), service(1), service(2, serviceNames=[]))], at=at(9))
    assert counts(outcome) == (0, 0, 0, 1)
    assert Service.objects.get(source_id=key("service", 2)).status == Service.Status.PUBLISHED


def test_what_was_edited_here_is_never_overwritten(answer: Any) -> None:
    importer.run([answer(organisation(), service(1))], at=at(8))
    row = Service.objects.get()
    row.summaries, row.local_fields = {"fi": "Omin sanoin."}, ["summaries"]
    row.save()
    importer.run([answer(organisation(), service(1, languages=["fi"]))], at=at(9))
    row.refresh_from_db()
    assert (row.summaries, row.languages) == ({"fi": "Omin sanoin."}, ["fi"])


def test_a_confirmation_by_a_person_outlives_the_import(answer: Any, member: Any) -> None:
    importer.run([answer(organisation(), service(1))], at=at(8))
    row = Service.objects.get()
    assert str(row.verified_on) == "2026-10-01"
    row.verified_on, row.verified_by = at(9).date(), member("manager")
    row.save()
    importer.run([answer(organisation(), service(1, languages=["fi"], modified="2026-10-05T08:00:00"))], at=at(10))
    row.refresh_from_db()
    assert row.verified_on == at(9).date()


def test_an_organisation_that_was_here_is_joined_by_its_business_id(answer: Any) -> None:
    known = OrganisationFactory(business_id="0146921-4", short_name="Kaupunki")
    importer.run([answer(organisation(1, businessCode="0146921-4"), service(1))], at=at(8))
    known.refresh_from_db()
    assert (known.source_id, known.short_name) == (key("org", 1), "Kaupunki")
    assert Service.objects.get().organisation == known


def test_hours_become_plain_values() -> None:
    week = {
        "serviceHourType": "DaysOfTheWeek",
        "openingHour": [
            {"dayFrom": "Monday", "dayTo": "Thursday", "from": "09:00:00", "to": "15:00:00"},
            {"dayFrom": "Saturday", "dayTo": "Monday", "from": "10:00:00", "to": "12:00:00"},
        ],
    }
    closed = {
        "serviceHourType": "Exceptional",
        "validFrom": "2026-12-24T00:00:00",
        "validTo": "2026-12-26T23:59:59",
        "isClosed": True,
        "additionalInformation": [{"language": "fi", "value": "Joulu"}],
    }
    read = v11.channel(channel(serviceHours=[week, closed, {"serviceHourType": "Exceptional"}]))
    assert read.hours == [
        {"days": [1, 2, 3, 4], "from": "09:00", "to": "15:00"},
        {"days": [6, 7, 1], "from": "10:00", "to": "12:00"},
        {"on": "2026-12-24", "until": "2026-12-26", "closed": True, "note": {"fi": "Joulu"}},
    ]


def test_a_name_in_another_language_stands_in_for_finnish() -> None:
    read = v11.service(service(serviceNames=[{"language": "sv", "value": "Verkstad", "type": "Name"}]))
    assert read.names == {"sv": "Verkstad", "fi": "Verkstad"}
    with pytest.raises(Faulty):
        v11.kind_of({})


def test_the_command_ends_with_the_count(answer: Any) -> None:
    out, err = StringIO(), StringIO()
    path = answer(organisation(), service(1), service(2, serviceNames=[]))
    with pytest.raises(CommandError, match="1 of the items") as told:
        call_command("import_ptv", str(path), "--dry-run", stdout=out, stderr=err)
    assert told.value.returncode == 1
    assert out.getvalue().splitlines()[-1] == "2 created, 0 changed, 0 retired, 1 faulty"
    assert f"{key('service', 2)}: no name in any language" in err.getvalue()
    assert not Service.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_ptv", str(path), stdout=out, stderr=err)
    assert Service.objects.count() == 1
    call_command("import_ptv", str(answer(organisation(), service(1))), stdout=out, stderr=err)


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_ptv", str(broken))
    with pytest.raises(CommandError, match="no file"):
        call_command("import_ptv", str(tmp_path / "missing.json"))
    with pytest.raises(CommandError, match="v99"):
        call_command("import_ptv", str(broken), "--interface", "v99")


def test_the_order_of_the_same_item_does_not_matter(answer: Any) -> None:
    importer.run([answer(organisation(), service(1))], at=at(8))
    turned = dict(reversed(list(copy.deepcopy(service(1)).items())))
    assert counts(importer.run([answer(turned, organisation())], at=at(9))) == (0, 0, 0, 0)
    assert not WordForm.objects.exists()
