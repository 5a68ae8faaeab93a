"""Addresses of the service catalogue: the staff's and everybody's."""

from django.urls import path

from services import views

app_name = "services"
urlpatterns = [
    path("palvelut/", views.catalogue, name="catalogue"),
    path("palvelut/ehdotukset/", views.options, name="options"),
    path("palvelut/<uuid:pk>/", views.service, name="service"),
    path("palvelut/<uuid:pk>/tuloste/", views.printed, name="print"),
    path("palvelut/<uuid:pk>/vahvista/", views.verify, name="verify"),
    path("palvelut/<uuid:pk>/vahvistus/kumoa/", views.undo_verify, name="undo_verify"),
    path("palvelut/<uuid:pk>/ammattilaisille/", views.note, name="note"),
    path("julkiset-palvelut/", views.public_catalogue, name="public_catalogue"),
    path("julkiset-palvelut/<uuid:pk>/", views.public_service, name="public_service"),
]
