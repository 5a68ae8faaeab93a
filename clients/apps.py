from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say which texts of consents, instruments and words for outcomes the product ships."""
        from clients.actions import consent, instrument
        from tyoparkki import reference

        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
        reference.on_load("new instruments of self-assessment", lambda at: instrument.load_shipped(at=at))
        reference.on_load("new kinds of outcome", lambda at: instrument.load_outcome_types(at=at))
