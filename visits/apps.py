from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The desk: visits, encounters, guidance, queue and board."""

    name = "visits"

    def ready(self) -> None:
        """Say who may hear of changes, fill slots of the apps below, and hand back what a leaving colleague holds."""
        from clients import chain as chains
        from clients import joining as joins
        from clients import merging, package, slots
        from clients import rights as of_person
        from clients import touch as contacts
        from employers import slots as employer_slots
        from team import departure
        from visits import chain, channels, joining, past, rights, touch  # noqa: F401 - channels register themselves; all need the models
        from visits.actions import departing

        slots.fill("visits", past.of_person)
        package.on_guidance("visits", past.going_with)
        employer_slots.fill("here", past.here_now)
        employer_slots.fill("visits", past.of_employer)
        contacts.on_reading("visits", touch.of_people)
        of_person.declare(rights.HELD, nobodys=rights.NOBODYS, also=rights.ALSO)
        of_person.when_erased("visits", rights.before_erasure)
        joins.on_join(joining.to_visit)
        chains.on_reading("visits", chain.of_person)
        merging.on_merge("visits_visitclient")
        departure.on_departure("visits", departing.hand_back)
