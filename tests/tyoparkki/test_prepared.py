"""Prepared statements answer what their querysets would, from the rows as they are now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from team.models import Topic
from tests.factories.team import PointFactory, TopicFactory
from tyoparkki.prepared import Prepared

pytestmark = pytest.mark.django_db


def _of_point(point: UUID) -> QuerySet[Topic]:
    return (
        Topic.objects.filter(point_id=point, is_active=True, code__startswith="aihe-")
        .select_related("point")
        .order_by("position", "pk")
    )


def test_the_rows_are_those_of_the_queryset_with_their_relations() -> None:
    ours, theirs = PointFactory.create(), PointFactory.create()
    topics = [TopicFactory.create(point=ours, position=n) for n in range(3)]
    TopicFactory.create(point=theirs)
    TopicFactory.create(point=ours, is_active=False)
    statement: Prepared[Topic] = Prepared(_of_point, point=UUID)
    with connection.execute_wrapper(_only(1)):
        rows = statement.rows(point=ours.pk)
        assert [(row.pk, row.names, row.point.name) for row in rows] == [
            (topic.pk, topic.names, ours.name) for topic in topics
        ]
    assert len(statement.rows(point=theirs.pk)) == 1


def test_nothing_that_was_read_is_kept() -> None:
    topic = TopicFactory.create()
    statement: Prepared[Topic] = Prepared(_of_point, point=UUID)
    assert [row.pk for row in statement.rows(point=topic.point_id)] == [topic.pk]
    Topic.objects.filter(pk=topic.pk).update(is_active=False)
    assert statement.rows(point=topic.point_id) == []


def test_the_statement_is_kept_as_a_plan_that_fits_every_value() -> None:
    topic = TopicFactory.create()
    statement: Prepared[Topic] = Prepared(_of_point, point=UUID)
    for _ in range(3):
        statement.rows(point=topic.point_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%team_topic%"],
        )
        assert cursor.fetchone() == (3, 0)


def test_lists_of_values_come_as_tuples() -> None:
    topic = TopicFactory.create(code="aihe-muu")
    statement: Prepared[tuple[str]] = Prepared(lambda point: _of_point(point).values_list("code"), point=UUID)
    assert statement.rows(point=topic.point_id) == [("aihe-muu",)]


def test_a_parameter_that_the_statement_does_not_ask_for_is_a_fault_of_the_program() -> None:
    statement: Prepared[Topic] = Prepared(lambda point, at: _of_point(point), point=UUID, at=datetime)
    with pytest.raises(LookupError, match="at"):
        statement.rows(point=UUID(int=1), at=datetime(2026, 11, 18))  # noqa: DTZ001 - never sent


def test_a_value_that_is_missing_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError, match="point"):
        Prepared(_of_point, point=UUID).rows()


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_the_statement_anew() -> None:
    topic = TopicFactory.create()
    statement: Prepared[Topic] = Prepared(_of_point, point=UUID)
    statement.rows(point=topic.point_id)
    connections["default"].close()
    assert [row.pk for row in statement.rows(point=topic.point_id)] == [topic.pk]


def _only(most: int) -> object:
    left = [most]

    def note(execute: object, *asked: object) -> object:
        left[0] -= 1
        assert left[0] >= 0, asked[0]
        return execute(*asked)  # type: ignore[operator]  # Django's own

    return note
