"""Who sees a one-time link and what it opens: one referral, or one person's own receipt, and nothing else."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import of_team
from tyoparkki.walls import ASKED, KIND, LINK, MEMBERSHIP, TODAY, USER, Wall, all_of, any_of, may

VIEWS = {
    # What the person lets the organisation behind the actor's link know, just now; the view is the owner's.
    "clients_told": f"""
        SELECT sent.client_id, told.contents FROM clients_link link
        JOIN clients_referral sent ON sent.id = link.referral_id
        JOIN clients_consent told ON told.client_id = sent.client_id AND told.purpose = 'share'
            AND told.recipient_organisation_id = sent.organisation_id
        WHERE {KIND} = 'link' AND link.id = {LINK} AND link.ended_at IS NULL AND told.withdrawn_at IS NULL
        AND (told.expires_on IS NULL OR told.expires_on >= {TODAY})""",
}

# A link to a named referral rests on the consent to tell the organisation, a receipt on the one to be recorded. Where
# the organisation was not told by consent when it was asked, it gets the code alone, and answers by it. A text message
# goes to whoever agreed to be contacted and chose that way, and the number is told to the night's work alone.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_link_of(token text, what text, moment timestamptz) RETURNS uuid {ASKED} AS $$
    SELECT link.id FROM clients_link link LEFT JOIN clients_referral sent ON sent.id = link.referral_id
    WHERE link.token_hash = token AND link.kind = what AND link.ended_at IS NULL AND link.expires_at > moment
    AND CASE WHEN what = 'receipt' THEN EXISTS (
            SELECT 1 FROM clients_consent kept WHERE kept.client_id = link.client_id AND kept.purpose = 'record'
            AND kept.withdrawn_at IS NULL AND (kept.expires_on IS NULL OR kept.expires_on >= tp_today()))
        ELSE NOT EXISTS (
            SELECT 1 FROM clients_consent ended WHERE ended.client_id = sent.client_id AND ended.purpose = 'share'
            AND ended.recipient_organisation_id = sent.organisation_id
            AND (ended.withdrawn_at >= sent.sent_at
                OR (ended.withdrawn_at IS NULL AND ended.expires_on < tp_today()
                    AND ended.expires_on >= (sent.sent_at AT TIME ZONE 'Europe/Helsinki')::date)))
        OR EXISTS (
            SELECT 1 FROM clients_consent told WHERE told.client_id = sent.client_id AND told.purpose = 'share'
            AND told.recipient_organisation_id = sent.organisation_id AND told.withdrawn_at IS NULL
            AND (told.expires_on IS NULL OR told.expires_on >= tp_today()))
        END
$$;

CREATE OR REPLACE FUNCTION clients_texted(client uuid) RETURNS TABLE (number text, language text) {ASKED} AS $$
    SELECT way.value, person.language
    FROM clients_contactpoint way JOIN clients_client person ON person.id = way.client_id
    WHERE tp_kind() = 'system' AND way.client_id = client AND way.kind = 'sms' AND way.ended_at IS NULL
    AND NOT person.is_non_disclosure
    AND 2 = (SELECT count(DISTINCT agreed.purpose) FROM clients_consent agreed
        WHERE agreed.client_id = client AND agreed.purpose IN ('record', 'contact') AND agreed.withdrawn_at IS NULL
        AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()))
$$;
"""


# What a link opens is asked as the owner too, and only of the few rows that its holder comes near.
FIRST = f"""
CREATE OR REPLACE FUNCTION clients_link_opens(referral uuid, client uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_link mine WHERE tp_kind() = 'link' AND mine.id = tp_link()
        AND (mine.referral_id = referral OR mine.client_id = client) AND mine.ended_at IS NULL
        AND (mine.expires_at AT TIME ZONE 'Europe/Helsinki')::date >= tp_today())
$$;

CREATE OR REPLACE FUNCTION clients_link_tells(client uuid, content text) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_link link
        JOIN clients_referral sent ON sent.id = link.referral_id AND sent.client_id = client
        JOIN clients_consent told ON told.client_id = client AND told.purpose = 'share'
            AND told.recipient_organisation_id = sent.organisation_id
        WHERE tp_kind() = 'link' AND link.id = tp_link() AND link.ended_at IS NULL AND told.withdrawn_at IS NULL
        AND (told.expires_on IS NULL OR told.expires_on >= tp_today())
        AND (content = '' OR content = ANY (told.contents)))
$$;
"""


def opens_referral(referral: str) -> str:
    """The actor is the holder of a link to the referral of this key."""
    return f"{KIND} = 'link' AND clients_link_opens({referral}, NULL)"


def opens_receipt(client: str) -> str:
    """The actor is the holder of the receipt of the person of this key."""
    return f"{KIND} = 'link' AND clients_link_opens(NULL, {client})"


def told_by_link(client: str, content: str = "") -> str:
    """The person of this key lets the organisation behind the actor's link know who they are, and of a content."""
    return f"{KIND} = 'link' AND clients_link_tells({client}, '{content}')"


_OWN = f"{KIND} = 'link' AND id = {LINK}"
_OF_OURS = f"EXISTS (SELECT 1 FROM clients_referral sent WHERE sent.id = referral_id AND sent.sender_id = {MEMBERSHIP})"
_BARRED = f"""SELECT 1 FROM clients_recusal barred JOIN clients_referral about ON about.client_id = barred.client_id
    WHERE about.id = referral_id AND barred.user_id = {USER} AND barred.ended_at IS NULL"""
_RECEIPT = all_of(may("see_clients"), of_team("clients_link.client_id"))

WALLS = {
    "clients_link": Wall(
        see=any_of(_OWN, all_of(may("guide"), _OF_OURS), _RECEIPT),
        add=all_of(
            "ended_at IS NULL AND opened = 0",
            f"referral_id IS NULL OR NOT EXISTS ({_BARRED})",
            any_of(
                all_of(f"created_by_id = {MEMBERSHIP}", any_of(all_of(may("guide"), _OF_OURS), _RECEIPT)),
                f"{KIND} = 'system' AND created_by_id IS NULL",
            ),
        ),
        change=any_of(_OWN, all_of(may("guide"), _OF_OURS), _RECEIPT),
        only=("ended_at", "opened", "opened_at"),
    ),
}
