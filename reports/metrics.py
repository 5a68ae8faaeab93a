"""The metric dictionary: what each figure is, in plain words; every number on the dashboard links to its entry."""

# ruff: noqa: E501 - a definition on a line, as it is translated
from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A project default until the points set targets of their own.
TARGET_UNDER = 80


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry. `version` rises when the way of counting changes."""

    code: str
    name: Promise | str
    definition: Promise | str
    formula: Promise | str
    source: Promise | str
    unit: Promise | str
    version: int = 1


_DESK = _("What the desk logged as it happened. An undone press never happened.")
_VISITS = _("visits")
_SHARE = _("percent of visits")

METRICS = (
    Metric(
        "visits",
        _("Visits"),
        _("One party through the door on one service day, with or without a name. However many colleagues the visitor meets, the visit counts once."),
        _("Number of visits that were not undone"),
        _DESK,
        _VISITS,
    ),
    Metric(
        "service_days",
        _("Service days"),
        _("Days on which at least one visit was logged."),
        _("Number of days with visits"),
        _DESK,
        _("days"),
    ),
    Metric(
        "evening",
        _("In the evening, from 4 to 6 p.m."),
        _("Visits that began after office hours: the arrival was logged between 16.00 and 17.59."),
        _("Visits that arrived at 16–18 ÷ all visits"),
        _DESK,
        _SHARE,
    ),
    Metric(
        "wait",
        _("Waiting time"),
        _("From the arrival to the call that led to the first meeting. Pauses that the visitor took are not waiting. A call that nobody answered ends no wait. Visits that the system ended at night are left out. A further wait, after being handed over to a colleague, is counted apart."),
        _("Median: the minute within which half had been called; shown for at least 5 visits. Nine of ten: the minute within which 90 percent had been called; shown for at least 10 visits, as with fewer it would be one visitor's own wait."),
        _DESK,
        _("whole minutes"),
    ),
    Metric(
        "wait_under_target",
        _("Waited less than the target"),
        _("How many were called in less time than the service point's target. Those who left before being called waited in vain and count against it. The goal is 80 percent."),
        _("Visits with a shorter wait than the target ÷ visits that were called or left"),
        _DESK,
        _SHARE,
        version=2,
    ),
    Metric(
        "left_unserved",
        _("Left before being served"),
        _("The visitor went away, or did not come when called, before meeting anybody."),
        _("Visits that ended as left without a meeting ÷ all visits"),
        _DESK,
        _SHARE,
    ),
    Metric(
        "topics",
        _("Topics"),
        _("What the visit was about: asked at the door or spoken of with the advisor. A visit may have many topics, so the shares add up to more than 100 percent."),
        _("Visits with the topic ÷ all visits"),
        _("The service point's own list of topics."),
        _SHARE,
    ),
    Metric(
        "multi_professional",
        _("Multi-professional visits"),
        _("Colleagues of two or more professions, or of two or more organisations, met the visitor during the same visit, together or one after another."),
        _("Such visits ÷ all visits"),
        _("Who took part in the meetings of the visit."),
        _SHARE,
    ),
    Metric(
        "sources",
        _("How visitors heard of us"),
        _("What the visitor told of how he or she heard of the service point. Nobody has to tell, and it is not asked of everybody."),
        _("Visits with the source ÷ visits of which a source was told"),
        _("The service point's own list of sources."),
        _("percent of the visits of which it was told"),
    ),
    Metric(
        "money_advice",
        _("Advice on money"),
        _("On a first visit the advisor may offer advice on money to anybody, before there is any debt. Wanted means that the visitor said yes."),
        _("Offers that were wanted ÷ all offers"),
        _("What the advisor marked on the visit."),
        _("percent of the offers"),
    ),
    Metric(
        "joint",
        _("Joint meetings"),
        _("Meetings that two or more colleagues held together with the visitor. A joint meeting counts once for the visitor, and once for each colleague who took part. Visits that began with two or more professions are those whose first meeting colleagues of two or more professions held together."),
        _("Meetings with two or more colleagues; the sum of the colleagues in them; visits with such a meeting ÷ all visits; visits whose first meeting had two or more professions ÷ all visits"),
        _("Who took part in the meetings of the visit. Parts that were taken back are left out."),
        _("meetings, parts and percent of visits"),
    ),
    Metric(
        "reach",
        _("Who the service reached"),
        _("The situation and the age that visitors told, or that were told for them. What was not asked and what was not told is one group. Nobody has to tell."),
        _("Visits of the group ÷ all visits, told as a band: under 5, 5–10, 10–20, 20–30, 30–50, 50 percent or more. A group with fewer than 5 visits, and any that would reveal it, is not shown."),
        _("The service point's own lists of situations and ages."),
        _SHARE,
    ),
    Metric(
        "results",
        _("How visits ended"),
        _("The result that the advisor chose at the end. It tells where the visit led that day, not what became of the person."),
        _("Visits with the result ÷ visits that were called or left"),
        _("The service point's own list of results."),
        _("percent of visits that were called or left"),
        version=2,
    ),
    Metric(
        "referrals",
        _("Guided to services"),
        _("Referrals to partners' services made during the period, as they stand now. Withdrawn ones are left out. Answered means that the partner took the visitor or said that it cannot."),
        _("Answered referrals ÷ referrals made"),
        _("Referrals and the partners' answers."),
        _("referrals"),
    ),
    Metric(
        "feedback",
        _("Feedback"),
        _("The mean of the faces from 1 to 5 to one question. The mean of the page's tile is of the first question. Shown when at least 5 have answered."),
        _("Sum of the faces ÷ number of answers; the 95 percent interval by the t distribution"),
        _("The tablet's answers: service point, day and hour, nothing of the person."),
        _("1–5"),
    ),
    Metric(
        "response_rate",
        _("Response rate"),
        _("How many answered of those who visited on the same days. One visitor may answer more than once; the tablet cannot know."),
        _("Answers ÷ visits of the same period"),
        _("The tablet's answers and the desk's visits."),
        _SHARE,
    ),
    Metric(
        "interval",
        _("95 percent interval and chance"),
        _("Where the true value lies, as far as chance is concerned. When a target or the other period lies inside, the page says that the difference may be chance."),
        _("Shares by Wilson, means by t, counts by Poisson"),
        _("Computed from the numbers shown."),
        "–",
    ),
    Metric(
        "small_cells",
        _("Fewer than 5 people"),
        _("Numbers from 1 to 4 are not shown, nor any other number from which they could be worked out. Neighbouring groups are put together, or a second cell is hidden too. Today’s own figures are exact. Those of every longer or earlier period, ready-made or chosen, are rounded to the nearest 5, all but the visits themselves and the means of answers: the difference of two exact periods, such as this month without today, would tell the small numbers of the days between."),
        _("A cell is hidden when it is 1–4, and others until no sum reveals it"),
        _("Rule of this service."),
        "–",
    ),
    Metric(
        "freshness",
        _("Freshness"),
        _("When the figures of the period's days were last counted. A day is counted anew a moment after anything in it changes, and once more the following night."),
        _("The oldest and the newest time of counting"),
        _("The counting itself."),
        _("time"),
    ),
)  # fmt: skip
