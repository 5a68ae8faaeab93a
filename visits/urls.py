"""The desk's addresses."""

from django.urls import path

from visits.views import arrival, board, day, desk, guidance, memo, mine, public, queue, slip, team_up, turn

app_name = "visits"

urlpatterns = [
    path("", desk.home, name="home"),
    # the front desk
    path("tanaan/", desk.show, name="desk"),
    path("tanaan/osa/", desk.part, name="desk_part"),
    path("tanaan/tapahtumat/", desk.events, name="events"),
    path("paiva/<slug:word>/", day.move, name="day"),
    path("kaynnit/", arrival.arrive, name="arrive"),
    path("kaynnit/<uuid:pk>/tiedot/", arrival.details, name="details"),
    path("kaynnit/<uuid:pk>/kutsu/", queue.call, name="call"),
    path("kaynnit/<uuid:pk>/jono/<slug:word>/", queue.press, name="press"),
    path("tapahtumat/<int:pk>/kumoa/", queue.take_back, name="undo"),
    path("oma-tauko/", queue.own_break, name="own_break"),
    path("apua/", queue.call_help, name="call_help"),
    path("apua/<uuid:pk>/tulen/", queue.answer_help, name="answer_help"),
    # an advisor's own visit
    path("oma-kaynti/", mine.show, name="mine"),
    path("oma-kaynti/osa/", mine.part, name="mine_part"),
    path("oma-kaynti/kutsu-seuraava/", mine.call_next, name="call_next"),
    path("oma-kaynti/tauko/", mine.own_break, name="mine_break"),
    path("oma-kaynti/apua/", mine.call_help, name="mine_help"),
    path("oma-kaynti/apua/<uuid:pk>/loppu/", mine.end_help, name="mine_help_end"),
    path("oma-kaynti/kumoa/<int:pk>/", mine.take_back, name="mine_undo"),
    path("kaynnit/<uuid:pk>/", mine.visit, name="visit"),
    path("kaynnit/<uuid:pk>/kutsu-minulle/", mine.call, name="call_to_me"),
    path("kaynnit/<uuid:pk>/aloita/", mine.start, name="start"),
    path("kaynnit/<uuid:pk>/oma/<slug:word>/", mine.move, name="move"),
    path("kaynnit/<uuid:pk>/paata/", mine.finish, name="finish"),
    path("kaynnit/<uuid:pk>/tulos/", mine.tell_result, name="tell_result"),
    path("kaynnit/<uuid:pk>/jatka/", mine.go_on, name="go_on"),
    path("kaynnit/<uuid:pk>/osa/<slug:word>/", guidance.part, name="visit_part"),
    path("kaynnit/<uuid:pk>/ohjaus/", guidance.save, name="save"),
    path("kaynnit/<uuid:pk>/aihe/", guidance.topic, name="topic"),
    path("kaynnit/<uuid:pk>/tilanne/", guidance.describe, name="describe"),
    path("kaynnit/<uuid:pk>/arvio/", guidance.rate, name="rate"),
    path("kaynnit/<uuid:pk>/askeleet/", guidance.agree, name="step_add"),
    path("askeleet/<uuid:pk>/poista/", guidance.remove_step, name="step_remove"),
    path("askeleet/<uuid:pk>/palauta/", guidance.restore_step, name="step_restore"),
    path("kaynnit/<uuid:pk>/asiakas/", guidance.join, name="join_client"),
    path("kaynnit/<uuid:pk>/asiakas/irrota/", guidance.part_client, name="part_client"),
    path("kaynnit/<uuid:pk>/muistilista/", memo.show, name="memo"),
    path("kaynnit/<uuid:pk>/mukaan/<uuid:whom>/", team_up.ask, name="ask"),
    path("kaynnit/<uuid:pk>/mukaan/", team_up.invite, name="invite"),
    path("kutsut/<uuid:pk>/peru/", team_up.end_invitation, name="invitation_end"),
    path("kutsut/<uuid:pk>/tulen/", team_up.come, name="come"),
    path("kutsut/<uuid:pk>/en-paase/", team_up.decline, name="decline"),
    path("kaynnit/<uuid:pk>/eteenpain/", team_up.onwards, name="onwards"),
    path("kaynnit/<uuid:pk>/siirra/", team_up.hand_over, name="hand_over"),
    path("kaynnit/<uuid:pk>/palvelut/", team_up.find_service, name="find_service"),
    path("kaynnit/<uuid:pk>/ohjaa/", team_up.refer, name="refer"),
    path("kaynnit/<uuid:pk>/ohjaa/<uuid:referral>/peru/", team_up.withdraw, name="refer_undo"),
    path("kaynnit/<uuid:pk>/jaa/", team_up.share, name="share"),
    path("jaot/<int:pk>/peru/", team_up.end_share, name="share_end"),
    # the waiting room, the street, the phone, the paper
    path("taulu/", board.show, name="board"),
    path("taulu/osa/", board.part, name="board_part"),
    path("vuoro/<str:secret>/", turn.turn, name="turn"),
    path("kaynnit/<uuid:pk>/lappu/", slip.slip, name="slip"),
    path("tanaan/<slug:slug>/", public.today, name="public"),
]
