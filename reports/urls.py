"""Addresses of the figures."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("raportit/", views.dashboard, name="dashboard"),
    path("raportit/luvut.csv", views.export, name="export"),
    path("raportit/ohjaukset/", views.referrals, name="referrals"),
    path("raportit/lupaukset/", views.kept_promises, name="promises"),
    path("raportit/esteet/", views.in_the_way, name="obstacles"),
    path("raportit/lupaukset/<uuid:key>/syy/", views.tell_cause, name="tell_cause"),
    path("raportit/ohjaustyo/", views.guidance, name="guidance"),
    path("raportit/maaritelmat/", views.definitions, name="definitions"),
]
