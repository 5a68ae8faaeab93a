"""Who sees a one-time link and what it opens: one referral, one receipt, or questions to one person; nothing else."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, of_team
from tyoparkki.walls import ASKED, KIND, LINK, MEMBERSHIP, TODAY, USER, Wall, all_of, any_of, may

# The views are the owner's: they hold what the actor's own link opens, and nobody else's.
VIEWS = {
    # What the person lets the organisation behind the actor's link know, just now; the view is the owner's.
    "clients_told": f"""
        SELECT sent.client_id, told.contents FROM clients_link link
        JOIN clients_referral sent ON sent.id = link.referral_id
        JOIN clients_consent told ON told.client_id = sent.client_id AND told.purpose = 'share'
            AND told.recipient_organisation_id = sent.organisation_id
        WHERE {KIND} = 'link' AND link.id = {LINK} AND link.ended_at IS NULL AND told.withdrawn_at IS NULL
        AND (told.expires_on IS NULL OR told.expires_on >= {TODAY})""",
    # What the actor's link asks of whom, while the person agrees to be recorded; nothing else of the person.
    "clients_asked": f"""
        SELECT link.id AS link_id, link.client_id, link.version_id, link.ask_id, maker.id AS maker_id, maker.point_id,
            link.finished_at IS NULL AS is_open
        FROM clients_link link JOIN team_membership maker ON maker.id = link.created_by_id
        WHERE {KIND} = 'link' AND link.id = {LINK} AND link.kind = 'assessment' AND link.ended_at IS NULL
        AND (link.expires_at AT TIME ZONE 'Europe/Helsinki')::date >= {TODAY}
        AND EXISTS (SELECT 1 FROM clients_consent agreed WHERE agreed.client_id = link.client_id
            AND agreed.purpose = 'record' AND agreed.recipient_point_id = maker.point_id
            AND agreed.withdrawn_at IS NULL AND (agreed.expires_on IS NULL OR agreed.expires_on >= {TODAY}))""",
}

# A consent of the person behind a link that holds today: a receipt rests on that of any point, what asks the person
# something on those given at the point of whoever made it.
_AGREED = """EXISTS (SELECT 1 FROM clients_consent agreed WHERE agreed.client_id = link.client_id
    AND agreed.purpose = '{purpose}' AND agreed.withdrawn_at IS NULL
    AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()){also})"""
_THERE = """ AND agreed.recipient_point_id =
        (SELECT maker.point_id FROM team_membership maker WHERE maker.id = link.created_by_id)"""
_RECORDED = _AGREED.format(purpose="record", also="")
_RECORDED_THERE = _AGREED.format(purpose="record", also=_THERE)
_REACHED = _AGREED.format(purpose="contact", also=_THERE)
_MOVES = ASKED.replace("LANGUAGE sql STABLE", "LANGUAGE plpgsql VOLATILE")

# A link to a named referral rests on the consent to tell the organisation, one of the person's own on the one to be
# recorded, and what was sent by e-mail on the one to be contacted too. Where the organisation was not told by consent
# when it was asked, it gets the code alone, and answers by it. A text message goes to whoever agreed to be contacted
# and chose that way, and the number is told to the night's work alone.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_link_of(token text, what text, moment timestamptz) RETURNS uuid {ASKED} AS $$
    SELECT link.id FROM clients_link link LEFT JOIN clients_referral sent ON sent.id = link.referral_id
    WHERE link.token_hash = token AND link.kind = what AND link.ended_at IS NULL AND link.expires_at > moment
    AND CASE WHEN what = 'receipt' THEN {_RECORDED}
        WHEN what = 'assessment' THEN {_RECORDED_THERE} AND (NOT link.is_mailed OR {_REACHED})
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

CREATE OR REPLACE FUNCTION clients_post(letter uuid, token text, moment timestamptz)
    RETURNS TABLE (mail_to text, mail_language text, mail_until timestamptz, mail_point uuid) {_MOVES} AS $$
BEGIN
    SELECT way.value, link.language, link.expires_at, maker.point_id
        INTO mail_to, mail_language, mail_until, mail_point
        FROM clients_link link JOIN clients_client whom ON whom.id = link.client_id
        JOIN clients_contactpoint way ON way.client_id = link.client_id AND way.ended_at IS NULL AND way.kind = 'email'
        JOIN team_membership maker ON maker.id = link.created_by_id
        WHERE link.id = letter AND tp_kind() = 'system' AND link.kind = 'assessment' AND link.is_mailed
        AND link.ended_at IS NULL AND link.expires_at > moment AND NOT whom.is_non_disclosure
        AND {_RECORDED_THERE} AND {_REACHED};
    IF mail_to IS NULL THEN
        RETURN;
    END IF;
    UPDATE clients_link SET token_hash = token WHERE id = letter;
    RETURN NEXT;
END
$$;

CREATE OR REPLACE FUNCTION clients_texted(client uuid, point uuid)
    RETURNS TABLE (number text, language text) {ASKED} AS $$
    SELECT way.value, person.language
    FROM clients_contactpoint way JOIN clients_client person ON person.id = way.client_id
    WHERE tp_kind() = 'system' AND way.client_id = client AND way.kind = 'sms' AND way.ended_at IS NULL
    AND NOT person.is_non_disclosure
    AND 2 = (SELECT count(DISTINCT agreed.purpose) FROM clients_consent agreed
        WHERE agreed.client_id = client AND agreed.purpose IN ('record', 'contact')
        AND agreed.recipient_point_id = point AND agreed.withdrawn_at IS NULL
        AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()))
$$;
"""


# What a link opens is asked as the owner too, and only of the few rows that its holder comes near.
FIRST = f"""
CREATE OR REPLACE FUNCTION clients_link_opens(referral uuid, client uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_link mine WHERE tp_kind() = 'link' AND mine.id = tp_link()
        AND (mine.referral_id = referral OR (mine.kind = 'receipt' AND mine.client_id = client))
        AND mine.ended_at IS NULL
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


def asks(condition: str) -> str:
    """The actor is the holder of a link that asks a person, so that a condition on `asked` holds."""
    return f"{KIND} = 'link' AND EXISTS (SELECT 1 FROM clients_asked asked WHERE {condition})"


def told_by_link(client: str, content: str = "") -> str:
    """The person of this key lets the organisation behind the actor's link know who they are, and of a content."""
    return f"{KIND} = 'link' AND clients_link_tells({client}, '{content}')"


_OWN = f"{KIND} = 'link' AND id = {LINK}"
_OF_OURS = f"EXISTS (SELECT 1 FROM clients_referral sent WHERE sent.id = referral_id AND sent.sender_id = {MEMBERSHIP})"
_BARRED = f"""SELECT 1 FROM clients_recusal barred JOIN clients_referral about ON about.client_id = barred.client_id
    WHERE about.id = referral_id AND barred.user_id = {USER} AND barred.ended_at IS NULL"""
_RECEIPT = all_of("kind = 'receipt'", may("see_clients"), of_team("clients_link.client_id"))
_QUESTIONS = all_of("kind = 'assessment'", may("guide"), kept("clients_link.client_id"))
_SEEN = any_of(_OWN, all_of(may("guide"), _OF_OURS), _RECEIPT, _QUESTIONS)

WALLS = {
    "clients_link": Wall(
        see=_SEEN,
        add=all_of(
            "ended_at IS NULL AND opened = 0",
            f"referral_id IS NULL OR NOT EXISTS ({_BARRED})",
            any_of(
                all_of(f"created_by_id = {MEMBERSHIP}", any_of(all_of(may("guide"), _OF_OURS), _RECEIPT, _QUESTIONS)),
                f"{KIND} = 'system' AND created_by_id IS NULL AND kind <> 'assessment'",
            ),
        ),
        change=_SEEN,
        only=("ended_at", "finished_at", "opened", "opened_at"),
    ),
}
