"""The addresses of the product."""

from importlib.util import find_spec

from django.urls import include, path

from tyoparkki import health, language, live, styleguide

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("kieli/", language.choose, name="language"),
    path("live-pass/", live.live_pass, name="live_pass"),
    path("tili/", include("team.account_urls")),
    path("tyylit/", styleguide.page, name="styleguide"),
    path("tyylit/kasvot/", styleguide.faces, name="styleguide_faces"),
    path("tyylit/vika/", styleguide.fault, name="styleguide_fault"),
    path("tyylit/koe/<slug:what>/", styleguide.press, name="styleguide_press"),
]
APPS = ("team", "services", "clients", "employers", "visits", "feedback", "reports")
urlpatterns += [path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")]
handler500 = "tyoparkki.failure.server_error"
