"""The dashboard's pages: who sees them, in how many statements, and what they never tell."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from feedback.actions import create_default_questionnaire
from reports import metrics
from reports.actions import count_day
from reports.models import DailyFigure
from reports.tables import Table, as_csv
from tests.factories.team import ServiceDayFactory, at

if TYPE_CHECKING:
    from team.models import Membership

pytestmark = pytest.mark.django_db

NOW = at(18)


@pytest.fixture
def manager(member: Any, monkeypatch: pytest.MonkeyPatch) -> Membership:
    monkeypatch.setenv("TYOPARKKI_NOW", NOW.isoformat())
    found: Membership = member("manager")
    return found


def fill(who: Membership, *, weeks: int = 8, **more: int) -> None:
    """Rollups of some weeks: 30 visits a day."""
    figures = {
        "visits:all": 30, "served:all": 28, "hour:11": 22, "hour:16": 8, "multi_professional:all": 9,
        "topic_any:cv": 20, "topic_any:raha": 6, "result:riitti": 18, "result:ohjattu": 10, "wait_minutes:4": 20,
        "wait_minutes:17": 8, "left_unserved:all": 1, "referral:sent": 12, "referral:received": 7,
        "referral:declined": 2, "referral:answered": 9, "response:fi:tablet": 12,
    } | more  # fmt: skip
    for week in range(weeks):
        day = ServiceDayFactory(point=who.point, on=NOW.date() - timedelta(weeks=week))
        count_day(who.point_id, day.on, at=NOW, using="default")
        DailyFigure.objects.bulk_create(
            [
                DailyFigure(point=who.point, on=day.on, figure=name.split(":", 1)[0], part=name.split(":", 1)[1], n=n)
                for name, n in figures.items()
            ]
        )


def page(client: Any, **asked: str) -> str:
    answer = client.get(reverse("reports:dashboard"), asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_manager_reads_the_figures(manager: Membership, client_for: Any) -> None:
    fill(manager)
    told = page(client_for(manager))
    assert 'data-testid="tile-visits"' in told
    assert ">240<" in told
    assert ">27 <small>%</small>" in told  # 8 of 30 in the evening


def test_the_front_desk_does_not(member: Any, client_for: Any) -> None:
    client = client_for(member("front_desk"))
    for name in ("dashboard", "export", "definitions"):
        assert client.get(reverse(f"reports:{name}")).status_code == 404


@pytest.mark.parametrize("weeks", [2, 100])
def test_any_period_is_read_in_ten_statements(
    manager: Membership, client_for: Any, assert_budget: Any, weeks: int
) -> None:
    fill(manager, weeks=weeks)
    client = client_for(manager)
    page(client)
    with assert_budget(10):
        page(client, jakso="oma", alkaen="2024-01-01", saakka="2026-11-18", vertaa="vuosi")


def test_only_rollups_are_read(manager: Membership, client_for: Any, assert_budget: Any) -> None:
    fill(manager)
    client = client_for(manager)
    with assert_budget(10) as statements:
        page(client)
    assert not [one for one in statements if "visits_" in one or "clients_" in one or "feedback_response" in one]


def test_an_empty_period_says_so(manager: Membership, client_for: Any) -> None:
    assert 'data-testid="reports-empty"' in page(client_for(manager))


def test_a_period_with_few_visitors_tells_nothing(manager: Membership, client_for: Any) -> None:
    day = ServiceDayFactory(point=manager.point, on=NOW.date())
    DailyFigure.objects.create(point=manager.point, on=day.on, figure="visits", part="all", n=3)
    told = page(client_for(manager))
    assert 'data-testid="reports-few"' in told
    assert "tile-visits" not in told


def test_small_cells_are_nowhere(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=5)
    first = DailyFigure.objects.filter(point=manager.point, on=NOW.date())
    first.filter(figure="hour", part="16").update(n=3)
    first.filter(figure="hour", part="11").update(n=27)
    for figure, part, n in (("topic_any", "irtisanottu", 3), ("wait_minutes", "33", 2), ("result", "kesken", 1)):
        DailyFigure.objects.create(point=manager.point, on=NOW.date(), figure=figure, part=part, n=n)
    client = client_for(manager)
    told = page(client)
    csv = client.get(reverse("reports:export")).content.decode("utf-8-sig")
    for text in (told, csv):
        assert not re.search(r"(>|;)\s*[1-4]\s*(<|;|\r)", re.sub(r'<svg class="i.*?</svg>', "", text))
    today = sections(client.get(reverse("reports:export"), {"jakso": "paiva"}).content.decode("utf-8-sig"))
    assert [row[0] for row in today["Aiheet"].values()].count("ei näytetä") == 1
    assert [row[0] for row in today["Miten käynnit päättyivät"].values()].count("ei näytetä") == 2


def sections(csv: str) -> dict[str, dict[str, list[str]]]:
    """The CSV as it is read: by caption, each row by its name."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in csv.split("\r\n\r\n")[1:]:
        lines = [line.split(";") for line in block.strip().split("\r\n")]
        found[lines[0][1]] = {row[0]: row[1:] for row in lines[2:]}
    return found


def told_in(csv: str, caption: str) -> tuple[int, int]:
    """The sum of a table's told numbers, and how many rows are not told."""
    rows = [row[0] for row in sections(csv)[caption].values() if row]
    return sum(int(n) for n in rows if n.isdigit()), rows.count("ei näytetä")


def test_those_who_left_cannot_be_worked_out_from_the_results(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=1, **{"left_unserved:all": 2, "result:riitti": 18, "result:ohjattu": 10})
    csv = client_for(manager).get(reverse("reports:export"), {"jakso": "paiva"}).content.decode("utf-8-sig")
    told, hidden = told_in(csv, "Miten käynnit päättyivät")
    assert (told, hidden) == (18, 2)  # 30 were called or left: the others are in two rows, and nobody knows how
    assert "2 kävijää lähti" not in csv
    assert "Pieni lukumäärä" not in csv


def test_those_who_left_are_told_beside_the_waits(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=6)
    told = page(client_for(manager))
    assert "5 kävijää lähti ennen palvelua." in told  # 6, to the nearest 5
    csv = client_for(manager).get(reverse("reports:export")).content.decode("utf-8-sig")
    assert sections(csv)["Odotusaika"]["lähti"] == ["5"]


def test_a_range_of_waits_cannot_be_worked_out_from_the_share(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=1, **{"wait_minutes:4": 10, "wait_minutes:12": 3, "wait_minutes:17": 15})
    csv = client_for(manager).get(reverse("reports:export"), {"jakso": "paiva"}).content.decode("utf-8-sig")
    waits = sections(csv)["Odotusaika"]
    assert waits["0–15"] == ["13"]
    assert not any("10" in name.split("–") for name in waits)


def test_a_day_cannot_be_worked_out_from_two_periods_that_differ_by_it(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=4)
    last = DailyFigure.objects.filter(point=manager.point, on=NOW.date())
    for figure, part, n in (
        ("topic_any", "raha", 2), ("result", "ohjattu", 1), ("multi_professional", "all", 3), ("hour", "16", 2),
        ("wait_minutes", "17", 3), ("left_unserved", "all", 2), ("referral", "received", 3),
    ):  # fmt: skip
        last.filter(figure=figure, part=part).update(n=n)
    client = client_for(manager)
    told = []
    for until in ("2026-11-18", "2026-11-17"):
        asked = {"jakso": "oma", "alkaen": "2026-10-01", "saakka": until, "vertaa": "ei"}
        told.append(sections(client.get(reverse("reports:export"), asked).content.decode("utf-8-sig")))
    for caption in told[0]:
        if caption in {"Käynnit", "Käynnit palvelupäivittäin"}:
            continue
        for name, row in told[0][caption].items():
            for one, other in zip(row, told[1][caption].get(name, row), strict=True):
                if one.isdigit() and other.isdigit() and caption != "Palaute":
                    assert abs(int(one) - int(other)) not in {1, 2, 3, 4}, (caption, name, one, other)
    assert [row[0] for row in told[0]["Aiheet"].values()] == ["80", "20"]  # 3 × 6 + 2
    assert told[0]["Käynnit"]["Tämä jakso"][0] == "120"


READY = ("paiva", "4vk", "12vk", "26vk", "kk", "ekk", "vuosi", "evuosi")
EXACT = {"Käynnit", "Käynnit palvelupäivittäin", "Käynnit kuukausittain"}


def told_of(client: Any, **asked: str) -> dict[tuple[str, str, int], int]:
    """Every told number of a period, by caption, row and column; the visits of a day themselves left out."""
    found = sections(client.get(reverse("reports:export"), asked).content.decode("utf-8-sig"))
    rows = [(caption, name, row) for caption, table in found.items() for name, row in table.items()]
    return {
        (caption, name, place): int(text)
        for caption, name, row in rows
        for place, text in enumerate(row)
        if text.isdigit() and caption not in EXACT
    }


def test_no_small_number_is_the_difference_of_two_periods_on_offer(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=9)
    before = DailyFigure.objects.filter(point=manager.point, on=NOW.date() - timedelta(weeks=1))
    for figure, part, n in (
        ("topic_any", "raha", 2), ("result", "ohjattu", 1), ("multi_professional", "all", 3), ("hour", "16", 2),
        ("wait_minutes", "17", 3), ("referral", "received", 3),
    ):  # fmt: skip
        before.filter(figure=figure, part=part).update(n=n)
    client = client_for(manager)
    told = {code: told_of(client, jakso=code, vertaa="ei") for code in READY}
    topics = {
        code: sorted(n for (caption, _, place), n in told[code].items() if (caption, place) == ("Aiheet", 0))
        for code in READY
    }
    assert topics["paiva"] == [6, 20]  # today's own, exactly
    assert topics["kk"] == [15, 60]  # 6 + 2 + 6 = 14
    for longer in READY[1:]:
        assert {n % 5 for n in told[longer].values() if n} <= {0}, longer
        for cell in told[longer].keys() & told["kk"].keys():
            assert abs(told[longer][cell] - told["kk"][cell]) not in {1, 2, 3, 4}, (longer, cell)


def test_a_small_number_of_a_longer_period_is_told_as_five_and_never_as_nothing(
    manager: Membership, client_for: Any
) -> None:
    fill(manager, weeks=1, **{"topic_any:irtisanottu": 1, "topic_any:raha": 7})
    topics = sections(client_for(manager).get(reverse("reports:export")).content.decode("utf-8-sig"))["Aiheet"]
    assert [row[0] for row in topics.values()] == ["20", "5", "5"]


def test_a_mean_is_that_of_the_answers_and_their_number_is_told_in_fives(manager: Membership, client_for: Any) -> None:
    create_default_questionnaire(manager.point, at=NOW)
    fill(manager, weeks=1, **{f"face:saitko-apua:fi:tablet:{face}": n for face, n in ((5, 12), (4, 4), (1, 1))})
    client = client_for(manager)
    for code, n in (("12vk", "15"), ("paiva", "17")):
        told = sections(client.get(reverse("reports:export"), {"jakso": code}).content.decode("utf-8-sig"))["Palaute"]
        assert told["Saitko apua asiaasi?"][:2] == [n, "4,5"]  # 77 / 17 = 4.53


def test_a_language_in_which_one_answered_is_never_told_by_itself(manager: Membership, client_for: Any) -> None:
    create_default_questionnaire(manager.point, at=NOW)
    given = {f"face:saitko-apua:{part}": n for part, n in (("fi:tablet:5", 9), ("sv:tablet:4", 9), ("ar:tablet:1", 1))}
    fill(manager, weeks=1, **given, **{"response:fi:tablet": 9, "response:sv:tablet": 9, "response:ar:tablet": 1})
    for code in ("12vk", "paiva"):
        told = sections(client_for(manager).get(reverse("reports:export"), {"jakso": code}).content.decode("utf-8-sig"))
        rows = [name for name, row in told["Palaute kielittäin"].items() if row]
        assert rows == ["fi", "muut, yhdistetty"]


def test_every_period_but_today_says_that_it_is_rounded(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=4)
    client = client_for(manager)
    asked = {"jakso": "oma", "alkaen": "2026-11-18", "saakka": "2026-11-18"}
    assert "pyöristetty" in page(client, **asked)
    assert "pyöristetty" in client.get(reverse("reports:export"), asked).content.decode("utf-8-sig")
    assert 'data-testid="reports-rounded"' in page(client, jakso="4vk")
    assert 'data-testid="reports-rounded"' not in page(client, jakso="paiva")
    assert "pyöristetty" not in client.get(reverse("reports:export"), {"jakso": "paiva"}).content.decode("utf-8-sig")


def test_today_has_figures_of_its_own(manager: Membership, client_for: Any) -> None:
    fill(manager, weeks=3)
    told = page(client_for(manager), jakso="paiva")
    assert "Tämän päivän tulokset" in told
    assert "18.11.2026" in told
    assert "11.11.2026" in told  # compared with the same weekday
    assert ">30<" in told


def test_every_figure_leads_to_its_definition(manager: Membership, client_for: Any) -> None:
    fill(manager)
    client = client_for(manager)
    linked = set(re.findall(r"/raportit/maaritelmat/#(\w+)", page(client)))
    known = {metric.code for metric in metrics.METRICS}
    assert linked <= known
    assert {"visits", "evening", "wait_under_target", "multi_professional", "feedback", "topics"} <= linked
    definitions = client.get(reverse("reports:definitions")).content.decode()
    assert all(f'id="{code}"' in definitions for code in known)


def test_a_wrong_period_is_said_in_words(manager: Membership, client_for: Any) -> None:
    asked = {"jakso": "oma", "alkaen": "2026-11-18", "saakka": "2026-11-01"}
    answer = client_for(manager).get(reverse("reports:dashboard"), asked)
    assert answer.status_code == 422
    assert 'value="2026-11-18"' in answer.content.decode()
    assert "id_saakka_error" in answer.content.decode()


def test_the_csv_is_for_a_finnish_spreadsheet(manager: Membership, client_for: Any) -> None:
    fill(manager)
    answer = client_for(manager).get(reverse("reports:export"), {"jakso": "4vk"})
    assert answer["Content-Disposition"] == 'attachment; filename="tyoparkki-2026-10-22-2026-11-18.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b";" in answer.content


def test_a_spreadsheet_runs_nothing() -> None:
    written = as_csv([("=1+1", Table("@a", ("+b",), [("-c", 5)]))], about=[]).decode("utf-8-sig")
    assert "'=1+1;'@a" in written
    assert "'+b" in written
    assert "'-c;5" in written


def test_another_point_is_not_in_the_figures(manager: Membership, member: Any, client_for: Any) -> None:
    fill(member("manager"))
    assert 'data-testid="reports-empty"' in page(client_for(manager))
