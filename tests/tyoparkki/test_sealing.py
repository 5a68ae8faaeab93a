"""Single values stand sealed: unreadable in the table, opened by any of the keys, found by their like alone."""

from __future__ import annotations

from typing import Any

import pytest

from tyoparkki import sealing

OLD, NEW = "vanha-avain-" + "x" * 32, "uusi-avain-" + "y" * 32


def test_what_is_sealed_is_opened_again_and_shows_nothing(settings: Any) -> None:
    settings.SEALING_KEYS = [NEW]
    one, other = sealing.seal("salainen"), sealing.seal("salainen")
    assert one != other
    assert "salainen" not in one
    assert sealing.unseal(one) == sealing.unseal(other) == "salainen"


def test_an_earlier_key_opens_and_the_first_one_seals(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    before = sealing.seal("salainen")
    settings.SEALING_KEYS = [NEW, OLD]
    after = sealing.seal("salainen")
    assert sealing.unseal(before) == "salainen"
    settings.SEALING_KEYS = [NEW]
    assert sealing.unseal(after) == "salainen"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(before)


def test_what_was_tampered_with_is_refused(settings: Any) -> None:
    settings.SEALING_KEYS = [NEW]
    sealed = sealing.seal("salainen")
    for wrong in ("", "x", sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(wrong)


def test_the_like_is_found_by_any_key_and_only_among_its_own_kind(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    (before,) = sealing.like("salainen", of="trial")
    settings.SEALING_KEYS = [NEW, OLD]
    found = sealing.like("salainen", of="trial")
    assert found[1] == before
    assert len(set(found)) == 2
    assert not set(found) & set(sealing.like("toinen", of="trial"))
    assert not set(found) & set(sealing.like("salainen", of="another trial"))
    assert all(len(mark) == 64 for mark in found)
