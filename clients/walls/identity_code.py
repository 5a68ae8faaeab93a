"""Who handles a person's identity code: the team that keeps the file, and nobody to whom anything is told."""

from __future__ import annotations

from clients.walls.keys import kept
from tyoparkki.walls import MEMBERSHIP, Wall, all_of, any_of, may

_KEPT = kept("clients_identitycode.client_id")

WALLS = {
    "clients_identitycode": Wall(
        see=all_of(may("edit_clients"), _KEPT),
        add=all_of(may("edit_clients"), f"recorded_by_id = {MEMBERSHIP}", "ended_at IS NULL", _KEPT),
        change=all_of(may("edit_clients"), _KEPT),
        leave=all_of(may("edit_clients"), _KEPT, any_of("ended_at IS NULL", f"ended_by_id = {MEMBERSHIP}")),
        only=("ended_at", "ended_by_id"),
    ),
}
