"""Instruments are data: loaded from files, in versions that stay as they were answered."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from clients.actions import assessment as assessments
from clients.actions import instrument as instruments
from clients.models import Client, Instrument, InstrumentVersion, OutcomeType
from clients.models.consent import ConsentText
from team.access import Member
from tests.clients.change.conftest import NOW
from tyoparkki.environment import BASE_DIR

pytestmark = pytest.mark.django_db
Shipped = dict[str, InstrumentVersion]


def own(**told: Any) -> dict[str, Any]:
    """A small instrument of the house's own."""
    version = {"number": 1, "areas": [{"key": "uni", "texts": {"fi": "Nukun hyvin."}}]}
    return {
        "key": "yo",
        "names": {"fi": "Yö"},
        "licence": "Oma",
        "least": 1,
        "most": 5,
        "version": {**version, **told.pop("version", {})},
        **told,
    }


def load(*rows: Any) -> int:
    return instruments.load_instruments({"instruments": list(rows)}, at=NOW)


def test_what_the_product_ships_is_loaded_once(shipped: Shipped) -> None:
    assert set(shipped) == {"tilanne", "palvelun-jalkeen", "digi", "toimintakyky", "3x10d-18", "kykyviisari"}
    assert instruments.load_shipped(at=NOW) == 0
    assert instruments.load_outcome_types(at=NOW) == OutcomeType.objects.count() == 10
    assert instruments.load_outcome_types(at=NOW) == 0


def test_own_words_are_complete_in_every_language_and_only_one_instrument_is_asked_after_a_service(
    shipped: Shipped,
) -> None:
    for key in ("tilanne", "palvelun-jalkeen", "digi", "toimintakyky"):
        assert shipped[key].languages == list(ConsentText.LANGUAGES)
    assert [row.key for row in Instrument.objects.asked_after_service()] == ["palvelun-jalkeen"]


def test_3x10d_is_there_unaltered_with_its_credit_in_finnish_only_and_sensitive(shipped: Shipped) -> None:
    row = shipped["3x10d-18"]
    assert row.languages == ["fi"]
    assert row.instrument.is_sensitive
    assert (row.instrument.least, row.instrument.most) == (0, 10)
    assert "®" in row.instrument.names["fi"]
    assert "Diakonia-ammattikorkeakoulu" in row.instrument.licence
    assert len(row.items) == 10
    assert row.items[0].texts == {"fi": "terveydentilaasi"}
    assert row.items[7].texts == {"fi": "omien vahvuuksiesi kehittämiseen (esim. harrastamalla mieluisia asioita)"}
    assert row.stems == {"fi": "Kun ajattelet nykyhetkeä, kuinka tyytyväinen olet"}


def test_kykyviisari_has_areas_and_a_link_and_no_item(shipped: Shipped) -> None:
    row = shipped["kykyviisari"]
    assert row.instrument.is_external
    assert row.instrument.link == "https://www.kykyviisari.fi/"
    assert all(len(area.texts["fi"].split()) == 1 for area in row.items)  # a name, not a question


def test_the_house_adds_an_instrument_from_a_file_without_code(tmp_path: Path, db: None) -> None:
    file = tmp_path / "oma.json"
    file.write_text(json.dumps({"instruments": [own()]}), encoding="utf-8")
    call_command("load_instruments", str(file), stdout=StringIO())
    assert InstrumentVersion.objects.on_offer().get().keys == ["uni"]


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, db: None) -> None:
    file = tmp_path / "rikki.json"
    file.write_text("ei", encoding="utf-8")
    with pytest.raises(CommandError, match="JSON"):
        call_command("load_instruments", str(file))
    file.write_text(json.dumps({"instruments": [own(least=5)]}), encoding="utf-8")
    with pytest.raises(CommandError, match="yo"):
        call_command("load_instruments", str(file))


@pytest.mark.parametrize(
    "fault",
    [
        {"key": ""},
        {"names": {"sv": "Natt"}},
        {"licence": ""},
        {"least": 5, "most": 5},
        {"least": -1},
        {"most": 20},
        {"most": "5"},
        {"sensitivity": "salainen"},
        {"version": {"number": 0}},
        {"version": {"areas": []}},
        {"version": {"areas": [{"key": "a", "texts": {"fi": "A"}}, {"key": "a", "texts": {"fi": "B"}}]}},
        {"version": {"areas": [{"key": "a", "texts": {"en": "A"}}]}},
        {"version": {"answers": {"1": {"fi": "Yksi"}}}},
    ],
    ids=lambda fault: json.dumps(fault)[:40],
)
def test_a_faulty_instrument_is_refused_and_so_is_the_rest_of_its_file(fault: dict[str, Any]) -> None:
    with pytest.raises(instruments.BadInstrument):
        load(own(key="ehja"), own(**fault))
    assert not Instrument.objects.exists()


def test_a_new_version_stands_beside_the_old_one_and_names_may_be_mended() -> None:
    assert load(own()) == 1
    assert load(own(names={"fi": "Yöuni"}, version={"number": 2, "areas": [{"key": "uni", "texts": {"fi": "Uni?"}}]}))
    assert Instrument.objects.get().names == {"fi": "Yöuni"}
    assert InstrumentVersion.objects.on_offer().get().number == 2
    assert InstrumentVersion.objects.get(number=1).items[0].texts["fi"] == "Nukun hyvin."


def test_the_words_of_a_version_and_the_scale_of_an_instrument_are_never_rewritten() -> None:
    load(own())
    with pytest.raises(instruments.VersionChanged):
        load(own(version={"areas": [{"key": "uni", "texts": {"fi": "Muu"}}]}))
    with pytest.raises(instruments.ScaleChanged):
        load(own(most=7))
    with pytest.raises(instruments.ScaleChanged):
        load(own(sensitivity="sensitive"))


def test_the_database_keeps_answered_words_and_scales_as_they_were(
    shipped: Shipped, anna: Member, person: Client
) -> None:
    version = shipped["tilanne"]
    assessments.record_assessment(person, version, {"suunta": 3}, by=anna, at=NOW)
    for rows, change in (
        (InstrumentVersion.objects.filter(pk=version.pk), {"areas": []}),
        (Instrument.objects.filter(pk=version.instrument_id), {"most": 9}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    Instrument.objects.filter(pk=version.instrument_id).update(is_active=False)  # what hides no answer may change


def test_the_shipped_file_says_where_each_text_comes_from() -> None:
    data = json.loads((BASE_DIR / "clients/data/instruments.json").read_text(encoding="utf-8"))
    assert {one["key"] for one in data["instruments"]} <= {
        key.strip() for line in data["sources"] for key in line.split(":")[0].split(",")
    }
