"""The employers' addresses."""

from django.urls import path

from employers import views

app_name = "employers"

urlpatterns = [
    path("tyonantajat/", views.register, name="register"),
    path("tyonantajat/haku/", views.options, name="options"),
    path("tyonantajat/uusi/", views.add, name="add"),
    path("tyonantajat/<uuid:pk>/", views.employer_page, name="employer"),
    path("tyonantajat/<uuid:pk>/muuta/", views.change, name="change"),
    path("tyonantajat/<uuid:pk>/yhteys/", views.contact, name="contact"),
    path("tyonantajat/<uuid:pk>/paikat/", views.position_add, name="position_add"),
    path("yhteydet/<uuid:pk>/kumoa/", views.contact_undo, name="contact_undo"),
    path("paikat/<uuid:pk>/<slug:word>/", views.position_move, name="position_move"),
]
