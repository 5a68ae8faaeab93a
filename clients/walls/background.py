"""Who knows what a person has told of a background that is sensitive: nobody once the consent to record it is over."""

from __future__ import annotations

from clients.walls.keys import kept, told
from tyoparkki.walls import MEMBERSHIP, POINT, Wall, all_of, any_of, may

_AGREED = "clients_background_agreed(client_id, point_id)"
_OURS = all_of(f"point_id = {POINT}", kept("clients_background.client_id"))

WALLS = {
    # To be recorded is not enough: the person has agreed to this by itself. The team of that point writes and reads;
    # whoever is told of it reads, as long as that consent holds too.
    "clients_background": Wall(
        see=all_of(may("guide"), any_of(_OURS, told("clients_background.client_id", "background")), _AGREED),
        add=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", "ended_at IS NULL", _OURS, _AGREED),
        change=all_of(may("guide"), _OURS, _AGREED),
        leave=all_of(may("guide"), _OURS, _AGREED, any_of("ended_at IS NULL", f"ended_by_id = {MEMBERSHIP}")),
        only=("ended_at", "ended_by_id"),
    ),
}
