"""Who knows what came of it for a person, and who asks afterwards."""

from __future__ import annotations

from clients.walls.keys import of_team, told
from tyoparkki.walls import MEMBERSHIP, POINT, Wall, all_of, any_of, may

WALLS = {
    # A person's working life is part of their situation: the team's to know for those who guide, and told as agreed.
    "clients_outcome": Wall(
        see=all_of(
            may("guide"),
            any_of(of_team("clients_outcome.client_id"), told("clients_outcome.client_id", "situation")),
        ),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"recorded_by_id = {MEMBERSHIP}",
            "undone_at IS NULL",
            of_team("clients_outcome.client_id"),
        ),
        change=all_of(may("guide"), of_team("clients_outcome.client_id")),
        only=("ended_on", "undone_at"),
    ),
    # That somebody is to be asked is the team's to know: whoever withdraws the consent to be contacted ends it.
    "clients_followup": Wall(
        see=of_team("clients_followup.client_id"),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            "answered_at IS NULL AND ended_at IS NULL",
            of_team("clients_followup.client_id"),
        ),
        change=all_of(may("edit_clients"), of_team("clients_followup.client_id")),
        only=("answer", "answered_at", "answered_by_id", "new_outcome_id", "ended_at", "end_reason"),
    ),
}
