"""The one LISTEN connection of a process, and the windows that hear through it."""

import asyncio
import json
import logging
import time
from collections import OrderedDict, defaultdict
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connections

from tyoparkki.live.announcing import CHANNEL
from tyoparkki.live.passes import LIFETIME, Pass

log = logging.getLogger(__name__)

PROBE_SECONDS = 10.0
DEAF_SECONDS = 10.0
RECENT_SECONDS = 10.0
MOST_RECENT = 2000
RESYNC = "resync"


class Window:
    """One open page: what it still has to be told, newest version per topic, so that it can never grow."""

    __slots__ = ("ended", "pass_", "pending", "revoked", "wake")

    def __init__(self, pass_: Pass) -> None:
        self.pass_ = pass_
        self.pending: dict[str, str] = {}
        self.wake = asyncio.Event()
        self.revoked = False
        self.ended = False

    def tell(self, topic: str, version: str) -> None:
        """Note a change; two different ones not yet delivered become a resync, so that neither can be mistaken
        for a change of the window's own."""
        self.pending[topic] = version if self.pending.get(topic, version) == version else RESYNC
        self.wake.set()

    def revoke(self) -> None:
        """The right has been taken back: the window closes at once."""
        self.revoked = True
        self.wake.set()

    def end(self) -> None:
        """Close without a word (the server stops, or cannot hear): the page connects again by itself."""
        self.ended = True
        self.wake.set()


class Hub:
    """Hears PostgreSQL's notifications once a process and passes them on to the windows of their topics."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.windows: set[Window] = set()
        self._by_topic: defaultdict[str, set[Window]] = defaultdict(set)
        self._recent: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._revoked: dict[str, float] = {}
        self._deaf_since: float | None = time.monotonic()
        self._listening = asyncio.Event()
        self._task = asyncio.create_task(self._listen_for_ever(), name="live-listen")

    # windows ----------------------------------------------------------------------------------------------------
    def join(self, window: Window) -> None:
        """A page has opened its channel; what happened in the seconds before is told to it at once."""
        self.windows.add(window)
        since = time.monotonic() - RECENT_SECONDS
        for topic in window.pass_.topics:
            self._by_topic[topic].add(window)
            version, heard = self._recent.get(topic, ("", 0.0))
            if version and heard > since:
                window.tell(topic, version)

    def leave(self, window: Window) -> None:
        """A page has gone."""
        self.windows.discard(window)
        for topic in window.pass_.topics:
            others = self._by_topic.get(topic)
            if others is not None:
                others.discard(window)
                if not others:
                    del self._by_topic[topic]

    def is_revoked(self, pass_: Pass) -> bool:
        """Whether the subject's right was taken back after this pass was issued."""
        return self._revoked.get(pass_.subject, 0.0) >= pass_.issued

    def is_deaf(self) -> bool:
        """Whether changes have not been heard for so long that pages had better ask by themselves."""
        return self._deaf_since is not None and time.monotonic() - self._deaf_since > DEAF_SECONDS

    async def listening(self, timeout: float) -> bool:
        """Wait until the database is heard."""
        try:
            await asyncio.wait_for(self._listening.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def end_all(self) -> None:
        """Let every window go; each connects again by itself, to whoever then answers."""
        for window in self.windows:
            window.end()

    async def close(self) -> None:
        """Stop hearing and let every window go."""
        self._task.cancel()
        self.end_all()
        await asyncio.gather(self._task, return_exceptions=True)

    # the database -----------------------------------------------------------------------------------------------
    async def _listen_for_ever(self) -> None:
        wait = 0.2
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                if self._listening.is_set():
                    self._listening.clear()
                    self._deaf_since, wait = time.monotonic(), 0.2
                if wait == 0.2:
                    log.warning("live: the database is not heard (%s); trying again", type(error).__name__)
                if self.is_deaf():
                    self.end_all()
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(**_connection_parameters(), autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._deaf_since = None
            self._listening.set()
            self._recent.clear()
            for window in self.windows:
                for topic in window.pass_.topics:
                    window.tell(topic, RESYNC)
            while True:
                async for notification in connection.notifies(timeout=PROBE_SECONDS):
                    self.hear(notification.payload)
                await asyncio.wait_for(connection.execute("SELECT 1"), PROBE_SECONDS)

    def hear(self, payload: str) -> None:
        """Pass one notification on."""
        message = json.loads(payload)
        if "revoked" in message:
            self._forget_old_revocations()
            subject = message["revoked"]
            self._revoked[subject] = message["at"]
            for window in self.windows:
                if window.pass_.subject == subject:
                    window.revoke()
            return
        for topic in message["topics"]:
            self._changed(topic, message["version"])

    def _changed(self, topic: str, version: str) -> None:
        self._recent[topic] = (version, time.monotonic())
        self._recent.move_to_end(topic)
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        for window in self._by_topic.get(topic, ()):
            window.tell(topic, version)

    def _forget_old_revocations(self) -> None:
        oldest = time.time() - LIFETIME
        self._revoked = {subject: at for subject, at in self._revoked.items() if at > oldest}


def _connection_parameters() -> dict[str, Any]:
    """How the app's own role reaches the database, without what only Django's cursors need."""
    parameters = dict(connections["default"].get_connection_params())
    for name in ("context", "cursor_factory", "prepare_threshold", "server_side_binding", "pool"):
        parameters.pop(name, None)
    parameters.update(
        connect_timeout=5,
        application_name="tyoparkki-live",
        keepalives=1,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    return parameters


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this process (of this event loop), made when first needed."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def close_hub() -> None:
    """End of the process."""
    if closing := _hubs.pop(asyncio.get_running_loop(), None):
        await closing.close()
