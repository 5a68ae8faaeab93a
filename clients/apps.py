from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say which texts of consents the product ships."""
        from clients.actions import consent
        from tyoparkki import reference

        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
