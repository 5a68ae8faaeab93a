"""The list of the product's screens. A page whose address is neither here nor among the parts fails a test."""

from __future__ import annotations

from tests.accessibility import (
    screens_background,
    screens_change,
    screens_desk,
    screens_doors,
    screens_files,
    screens_going_on,
    screens_joint,
    screens_people,
    screens_referrals,
    screens_rooms,
)
from tests.accessibility.screen import Screen

MODULES = (
    screens_desk,
    screens_files,
    screens_going_on,
    screens_referrals,
    screens_change,
    screens_background,
    screens_joint,
    screens_people,
    screens_rooms,
    screens_doors,
)
SCREENS: dict[str, Screen] = {screen.name: screen for module in MODULES for screen in module.SCREENS}

# Addresses that answer with a part of a screen, with no page, or by sending on; each with its reason.
PARTS = {
    "healthz": "plain values for a machine",
    "readyz": "plain values for a machine",
    "team:home": "sends on",
    "visits:home": "sends on",
    "visits:give_slip": "sends on to the slip",
    "team:session": "whether somebody is signed in, for the pages' own script",
    "visits:desk_part": "the live part of the desk",
    "visits:mine_part": "the live part of the advisor's screen",
    "visits:visit_part": "a panel of the visit",
    "visits:board_part": "the live part of the board",
    "employers:options": "the choices of a search field, looked at on the desk",
    "services:options": "the choices of a search field",
    "reports:export": "a table for a spreadsheet",
    "clients:handover_state": "the live part of the page with the digits",
    "clients:still_open": "no words: whether an open page may stay",
    "clients:options": "the choices of a search field, looked at on the desk",
    "team:palette": "the choices of the palette, looked at there",
    "mfa_download_recovery_codes": "a plain text file",
    "mfa_reauthenticate": "the same form as confirming the password",
    "mfa_edit_webauthn": "there is nothing to edit until a key is added",
    "mfa_remove_webauthn": "there is nothing to remove until a key is added",
    "mfa_reauthenticate_webauthn": "there is nothing to ask for until a key is added",
}
