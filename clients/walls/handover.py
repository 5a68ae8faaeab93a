"""Whose turn it is at a tablet."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import known
from tyoparkki.walls import DEVICE, KIND, MEMBERSHIP, POINT, Wall, all_of, any_of, may

_AT_TABLET = f"""{KIND} = 'device' AND point_id = {POINT} AND (device_id IS NULL OR device_id = {DEVICE})
    AND (SELECT tablet.kind FROM team_device tablet WHERE tablet.id = {DEVICE}) = 'handover'"""

WALLS = {
    # A turn at a tablet belongs to whoever opened it and, once its digits are typed, to that tablet alone.
    "clients_handoversession": Wall(
        see=any_of(f"opened_by_id = {MEMBERSHIP}", _AT_TABLET),
        add=all_of(
            may("edit_clients"),
            f"opened_by_id = {MEMBERSHIP}",
            f"point_id = {POINT}",
            # Who is asked first whether they may be recorded is not on file yet.
            any_of("client_id IS NULL", known("clients_handoversession.client_id")),
        ),
        change=any_of(f"opened_by_id = {MEMBERSHIP}", _AT_TABLET),
        only=("client_id", "device_id", "taken_at", "expires_at", "answers", "assessment_id", "ended_at", "outcome"),
    ),
}
