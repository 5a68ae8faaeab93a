from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say which texts of consents the product ships."""
        from clients import rights
        from clients.actions import consent, erasure
        from clients.rights import own
        from tyoparkki import reference, tombstones

        tombstones.on_return("people on file", erasure.erase_again)
        rights.declare(own.HELD, nobodys=own.NOBODYS)
        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
