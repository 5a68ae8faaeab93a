from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say what the product ships, what of a person is told or erased, and what a restored backup must end again."""
        from clients import rights
        from clients.actions import consent, erasure, instrument
        from clients.rights import own
        from tyoparkki import reference, tombstones

        tombstones.on_return("people on file", erasure.erase_again)
        rights.declare(own.HELD, nobodys=own.NOBODYS)
        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
        reference.on_load("new instruments of self-assessment", lambda at: instrument.load_shipped(at=at))
        reference.on_load("new kinds of outcome", lambda at: instrument.load_outcome_types(at=at))
