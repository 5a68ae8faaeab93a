from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """The tablet at the door: questions, answers, what was done about them."""

    name = "feedback"
