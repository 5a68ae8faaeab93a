"""The employers' addresses."""

from django.urls import path

from employers import views

app_name = "employers"

urlpatterns = [
    path("tyonantajat/", views.register, name="register"),
    path("tyonantajat/haku/", views.options, name="options"),
    path("tyonantajat/paikat/", views.places, name="places"),
    path("tyonantajat/uusi/", views.add, name="add"),
    path("tyonantajat/<uuid:pk>/", views.employer_page, name="employer"),
    path("tyonantajat/<uuid:pk>/muuta/", views.change, name="change"),
    path("tyonantajat/<uuid:pk>/yhteys/", views.contact, name="contact"),
    path("tyonantajat/<uuid:pk>/yhteyshenkilo/", views.person_add, name="person_add"),
    path("tyonantajat/<uuid:pk>/paikat/", views.position_add, name="position_add"),
    path("yhteydet/<uuid:pk>/kumoa/", views.contact_undo, name="contact_undo"),
    path("yhteyshenkilot/<int:pk>/", views.person_change, name="person_change"),
    path("yhteyshenkilot/<int:pk>/poista/", views.person_end, name="person_end"),
    path("yhteyshenkilot/<int:pk>/palauta/", views.person_restore, name="person_restore"),
    path("paikat/<uuid:pk>/", views.position_change, name="position_change"),
    path("paikat/<uuid:pk>/<slug:word>/", views.position_move, name="position_move"),
]
