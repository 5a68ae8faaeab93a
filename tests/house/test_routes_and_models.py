"""Every address says who may open it; every table says what it holds and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.test_shape import APPS
from tyoparkki.access import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"public", "member", "device", "link", "signed_in"}


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def test_every_route_declares_its_access() -> None:
    undeclared = [path for path, route in routes() if not isinstance(getattr(route.callback, "access", None), Access)]
    assert undeclared == []


def test_every_declaration_is_one_that_the_matrix_knows() -> None:
    for path, route in routes():
        access = route.callback.access
        assert access.kind in KINDS, path
        assert access.permissions if access.kind in {"member", "device", "link"} else access.why, path


def test_a_view_that_needs_a_sign_in_is_not_open_by_mistake() -> None:
    for path, route in routes():
        if route.callback.access.kind in {"member", "signed_in"}:
            assert getattr(route.callback, "login_required", True), path


def test_every_route_has_a_name() -> None:
    assert [path for path, route in routes() if not route.name and not path.startswith("tili/")] == []


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m._meta.app_label in APPS], ids=lambda m: m._meta.label
)
def test_every_table_declares_its_retention(model: Any) -> None:
    assert getattr(model, "retention", None) is not None
    assert (model.__doc__ or "").strip()
    assert "(" not in (model.__doc__ or "").split(".")[0] or not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m._meta.app_label in APPS], ids=lambda m: m._meta.label
)
def test_no_table_has_an_order_of_its_own(model: Any) -> None:
    assert not model._meta.ordering


def test_no_key_points_upward() -> None:
    order = {app: place for place, app in enumerate(APPS)}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in order
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if order.get(field.related_model._meta.app_label, -1) > order[model._meta.app_label]
    ]
    assert upward == []
