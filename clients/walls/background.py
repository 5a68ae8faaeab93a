"""Who knows what a person has told of a background that is sensitive: nobody once the consent to record it is over."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from tyoparkki.walls import ASKED, MEMBERSHIP, POINT, Wall, all_of, any_of, may

_AGREED = "clients_background_agreed(client_id, point_id)"
_OURS = all_of(f"point_id = {POINT}", kept("clients_background.client_id"))

_SEEN = all_of(may("guide"), any_of(_OURS, told("clients_background.client_id", "background")), _AGREED)

# Whether the actor may see one row: a reminder of a need is told to nobody else. The same condition as the wall below,
# asked as the owner, since a wall behind a wall would be planned with every list of reminders.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_background_seen(need uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_background WHERE clients_background.id = need AND {_SEEN})
$$;
"""

WALLS = {
    # To be recorded is not enough: the person has agreed to this by itself. The team of that point writes and reads;
    # whoever is told of it reads, as long as that consent holds too.
    "clients_background": Wall(
        see=_SEEN,
        add=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", "ended_at IS NULL", _OURS, _AGREED),
        change=all_of(may("guide"), _OURS, _AGREED),
        leave=all_of(may("guide"), _OURS, _AGREED, any_of("ended_at IS NULL", f"ended_by_id = {MEMBERSHIP}")),
        only=("ended_at", "ended_by_id", "status", "status_at", "status_by_id", "referred_at"),
    ),
}
