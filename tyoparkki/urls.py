"""The addresses of the product."""

from importlib.util import find_spec

from django.urls import include, path

from tyoparkki import health, live

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("live-pass/", live.live_pass, name="live_pass"),
    path("tili/", include("allauth.urls")),
]
for app in ("team", "services", "clients", "employers", "visits", "feedback", "reports"):
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))
