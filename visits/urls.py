"""The desk's addresses."""

from django.urls import path

from visits.views import arrival, day, desk, queue

app_name = "visits"

urlpatterns = [
    path("", desk.home, name="home"),
    # the front desk
    path("tanaan/", desk.show, name="desk"),
    path("tanaan/osa/", desk.part, name="desk_part"),
    path("paiva/<slug:word>/", day.move, name="day"),
    path("kaynnit/", arrival.arrive, name="arrive"),
    path("kaynnit/<uuid:pk>/tiedot/", arrival.details, name="details"),
    path("kaynnit/<uuid:pk>/kutsu/", queue.call, name="call"),
    path("kaynnit/<uuid:pk>/jono/<slug:word>/", queue.press, name="press"),
    path("tapahtumat/<int:pk>/kumoa/", queue.take_back, name="undo"),
    path("oma-tauko/", queue.own_break, name="own_break"),
    path("apua/", queue.call_help, name="call_help"),
    path("apua/<uuid:pk>/tulen/", queue.answer_help, name="answer_help"),
]
