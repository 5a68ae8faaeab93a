"""Where sessions are kept: in the database, as the framework does, read by a statement that stays prepared."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tyoparkki.prepared import Prepared

_LIVING = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime)


class SessionStore(db.SessionStore):
    """A signed-in browser's session: read at every request, so that one that was ended ends at the next press."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(_LIVING.rows(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found
