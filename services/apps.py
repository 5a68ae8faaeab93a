from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The partner services that a visitor may be guided to."""

    name = "services"
