from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """The tablet at the door: questions, answers, what was done about them."""

    name = "feedback"

    def ready(self) -> None:
        """A new service point asks the three questions of the house."""
        from feedback import actions
        from team import new_point

        new_point.on_new_point(
            "questionnaire", lambda point, by, at: actions.create_default_questionnaire(point, at=at, by=by)
        )
