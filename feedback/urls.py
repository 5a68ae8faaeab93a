"""The tablet's and the feedback page's addresses."""

from django.urls import path

from feedback.views import staff, tablet

app_name = "feedback"

urlpatterns = [
    path("tabletti/", tablet.tablet, name="tablet"),
    path("tabletti/kiitos/", tablet.thanks, name="thanks"),
    path("tabletti/vastaukset/", tablet.take, name="take"),
    path("palaute/", staff.feedback, name="feedback"),
    path("palaute/uusi/", staff.tell, name="tell"),
    path("palaute/<uuid:pk>/", staff.correct, name="correct"),
]
