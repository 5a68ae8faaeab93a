"""The wall around what visitors wrote: an answer is read where it was given, and comes from a tablet."""

from __future__ import annotations

from tyoparkki.walls import KIND, POINT, Wall

VIEWS: dict[str, str] = {}
FUNCTIONS = ""
ALSO_SEEN: dict[str, str] = {}

WALLS = {
    "feedback_response": Wall(
        see=f"point_id = {POINT}",
        add=f"{KIND} = 'device' AND point_id = {POINT}",
    ),
}
