from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The people: consents, plans, responsibility, referrals, outcomes."""

    name = "clients"

    def ready(self) -> None:
        """Say which texts of consents the product ships."""
        from clients import merging
        from clients.actions import consent, merge
        from tyoparkki import reference

        merging.on_merge("clients_consent", merge.consents)
        merging.on_merge("clients_contactpoint", merge.contacts)
        merging.on_merge("clients_responsibility", merge.responsibilities)
        merging.on_merge("clients_responsibilityoffer", merge.offers)
        merging.on_merge("clients_plan", merge.plans)
        for table in ("clients_handoversession", "clients_mergerecord", "clients_recusal", "clients_referral"):
            merging.on_merge(table)
        reference.on_load("new texts of consents", lambda at: consent.load_consent_texts(at=at))
