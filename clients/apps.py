from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say what the product ships, and what of a person is told, erased, merged, handed on, or ends again."""
        from clients import merging, rights
        from clients.actions import companion, consent, departing, erasure, instrument, merge
        from clients.rights import own, plans, together
        from team import departure
        from tyoparkki import reference, tombstones

        tombstones.on_return("people on file", erasure.erase_again)
        rights.declare(own.HELD, nobodys=own.NOBODYS)
        rights.declare(plans.HELD)
        rights.declare(together.HELD)
        merging.on_merge("clients_consent", merge.consents)
        merging.on_merge("clients_contactpoint", merge.contacts)
        merging.on_merge("clients_responsibility", merge.responsibilities)
        merging.on_merge("clients_responsibilityoffer", merge.offers)
        merging.on_merge("clients_recusal", merge.recusals)
        merging.on_merge("clients_plan", merge.plans)
        merging.on_merge("clients_jointassessment", merge.joint_assessments)
        merging.on_merge("clients_companion", merge.companions)
        merging.on_merge("clients_reminder", merge.reminders)
        merging.on_merge("clients_identitycode", merge.identity_codes)
        merging.on_merge("clients_notsame", merge.not_same)
        for table in merge.ALL_MOVE:
            merging.on_merge(table)
        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
        reference.on_load("new instruments of self-assessment", lambda at: instrument.load_shipped(at=at))
        reference.on_load("new kinds of outcome", lambda at: instrument.load_outcome_types(at=at))
        departure.on_handing("clients", asks=departing.held_by, moves=departing.hand_on)
        departure.on_departure("clients", companion.part)
