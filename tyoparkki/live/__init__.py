"""The live channel: every other window hears "changed" within a moment of the commit, and fetches its part itself.

Written by an action: `announce(topic)`. Given by a page: `grant(response, subject=…, topics=…)`, or
`hears(request, by=…, topics=…)` before there is an answer. Taken back: `revoke(subject)`. Heard at `GET /live/`
(`application`, plain ASGI), renewed at `POST /live-pass/` (`live_pass`). A message is a topic and a version and
nothing else.
"""

from tyoparkki.live.announcing import VersionMiddleware, announce, let_own_window_hear, point_topic, revoke, visit_topic
from tyoparkki.live.passes import Pass, authoriser, grant, hears, subject_of
from tyoparkki.live.stream import application
from tyoparkki.live.views import live_pass

__all__ = [
    "Pass",
    "VersionMiddleware",
    "announce",
    "application",
    "authoriser",
    "grant",
    "hears",
    "let_own_window_hear",
    "live_pass",
    "point_topic",
    "revoke",
    "subject_of",
    "visit_topic",
]
