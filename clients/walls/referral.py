"""Who sees and moves a referral: those who sent it and those who received it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from tyoparkki.walls import MEMBERSHIP, ORGANISATION, POINT, Wall, all_of, any_of, may

_SENT_OR_RECEIVED = any_of(f"organisation_id = {ORGANISATION}", f"sender_id = {MEMBERSHIP}")

WALLS = {
    "clients_referral": Wall(
        see=all_of(may("guide"), _SENT_OR_RECEIVED),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"sender_id = {MEMBERSHIP}",
            f"sender_organisation_id = {ORGANISATION}",
            "client_id IS NULL OR EXISTS (SELECT 1 FROM clients_client named WHERE named.id = client_id)",
        ),
        change=all_of(may("guide"), _SENT_OR_RECEIVED),
    ),
    "clients_referralevent": Wall(
        see="EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)",
        add=all_of(
            f"by_id = {MEMBERSHIP}", "EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)"
        ),
        change=f"""EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id
            AND (moved.organisation_id = {ORGANISATION} OR moved.sender_id = {MEMBERSHIP}))""",
        only=("undone_at",),
    ),
}
