"""Who knows what came of it for a person, and who asks afterwards."""

from __future__ import annotations

from clients.walls.keys import kept, of_team, told
from clients.walls.link import opens_receipt
from tyoparkki.walls import MEMBERSHIP, POINT, Wall, all_of, any_of, may

WALLS = {
    # A person's working life: known to those who guide where the file is kept, who also write, and told as situation.
    "clients_outcome": Wall(
        see=all_of(
            may("guide"),
            any_of(kept("clients_outcome.client_id"), told("clients_outcome.client_id", "situation")),
        ),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"recorded_by_id = {MEMBERSHIP}",
            "undone_at IS NULL",
            kept("clients_outcome.client_id"),
        ),
        change=all_of(may("guide"), kept("clients_outcome.client_id")),
        only=("ended_on", "undone_at"),
    ),
    # That somebody is to be asked is the team's to know: whoever withdraws the consent to be contacted ends it.
    "clients_followup": Wall(
        see=any_of(of_team("clients_followup.client_id"), opens_receipt("clients_followup.client_id")),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            "answered_at IS NULL AND ended_at IS NULL",
            kept("clients_followup.client_id"),
        ),
        change=any_of(
            all_of(may("edit_clients"), of_team("clients_followup.client_id")),
            opens_receipt("clients_followup.client_id"),
        ),
        only=("answer", "answered_at", "answered_by_id", "new_outcome_id", "ended_at", "end_reason"),
    ),
}
