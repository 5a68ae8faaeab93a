from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say which texts of consents the product ships, and what becomes of what a leaving colleague holds."""
        from clients.actions import companion, consent, departing
        from team import departure
        from tyoparkki import reference

        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
        departure.on_handing("clients", asks=departing.held_by, moves=departing.hand_on)
        departure.on_departure("clients", companion.part)
