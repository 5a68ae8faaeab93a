"""Tablets and clerks on the network, who send again until they are answered, the same thing with the same key."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

if TYPE_CHECKING:
    from random import Random

PATIENCE_S = 15  # as static/js/tablet/sender.js
PAUSE_S = 0.2  # shorter than the tablet's half a minute: the same retries in less time


class Sender(threading.Thread):
    """Sends one thing after another; what was not confirmed is sent again, unchanged, before anything else.

    `pace` is how long they rest between two things. A share of the replies is `lost`: the line is cut when the request
    has been sent, half of them before the server can have done its work, half after it.
    """

    path = ""
    accepted: tuple[int, ...] = ()

    def __init__(
        self, port: int, dice: Random, *, things: int | None = None, lost: float = 0.0, pace: float = 0.0
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.dice = port, dice
        self.things, self.lost, self.pace = things, lost, pace
        self.enough = threading.Event()
        self.confirmed: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.cut = 0
        self.troubles = 0

    def run(self) -> None:
        """Until there is enough, or everything has been confirmed."""
        while not self.enough.is_set() and not self.refused and (self.things is None or self._left()):
            key = str(uuid4())
            while not self.refused and not self._is_confirmed(*self.compose(key)):
                time.sleep(PAUSE_S)
            self.confirmed.append(key)
            self.enough.wait(self.pace)

    def compose(self, key: str) -> tuple[bytes, dict[str, str]]:
        """The body and headers of one thing, the same every time for the same key."""
        raise NotImplementedError

    def _left(self) -> int:
        return (self.things or 0) - len(self.confirmed)

    def _is_confirmed(self, body: bytes, headers: dict[str, str]) -> bool:
        status = self._send(body, headers)
        if status in self.accepted:
            return True
        if status is None or status >= 500:
            self.troubles += 1
        else:
            self.refused.append((status, body.decode()))
        return False

    def _send(self, body: bytes, headers: dict[str, str]) -> int | None:
        """The status; None when no reply came through."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            line.request("POST", self.path, body, headers)
            if self.dice.random() < self.lost:
                self.cut += 1
                if self.dice.random() < 0.5:
                    line.getresponse()
                return None
            answer = line.getresponse()
            self.heard(answer.status)
            return answer.status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()

    def heard(self, status: int) -> None:
        """A reply came through."""


class Tablet(Sender):
    """A feedback tablet: 201 for a new answer, 200 for one that the server had taken before."""

    path = "/tabletti/vastaukset/"
    accepted = (200, 201)

    def __init__(self, port: int, dice: Random, *, token: str, **habits: Any) -> None:
        super().__init__(port, dice, **habits)
        self.bearer = {"Authorization": f"Bearer {token}"}
        page = httpx.get(f"http://127.0.0.1:{port}/tabletti/", headers=self.bearer, timeout=PATIENCE_S).text
        held = re.search(r'<script id="tablet-data"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert held is not None, page[:500]
        self.asked: dict[str, Any] = json.loads(held[1])
        self.known = 0

    def compose(self, key: str) -> tuple[bytes, dict[str, str]]:
        """An answer: two or three faces by the key's own digits, and now and then words."""
        digits = [int(digit, 16) for digit in key.replace("-", "")]
        codes = [one["code"] for one in self.asked["questions"] if any(one["labels"].values())]
        answer = {
            "key": key,
            "questionnaire": self.asked["questionnaire"],
            "language": "fi",
            "faces": {code: 1 + digits[n] % 5 for n, code in enumerate(codes[: 2 + digits[8] % 2])},
            "words": "Selkeä neuvo." if digits[9] == 0 else "",
        }
        return json.dumps(answer).encode(), {**self.bearer, "Content-Type": "application/json"}

    def heard(self, status: int) -> None:
        """Count the answers that had arrived although their reply was lost."""
        self.known += status == 200


class Clerk(Sender):
    """The front desk's browser: each press logs an arrival, with the hidden key of its form."""

    path = "/kaynnit/"
    accepted = (303,)

    def __init__(self, port: int, dice: Random, *, password: str, **habits: Any) -> None:
        super().__init__(port, dice, **habits)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, follow_redirects=True) as window:
            door = window.get("/")
            form = {"login": "vastaanotto", "password": password, "csrfmiddlewaretoken": _token(door.text)}
            desk = window.post(str(door.url), data=form)
            self.topics = sorted(set(re.findall(r'name="topic" value="([^"]+)"', desk.text)))
            self.token = _token(desk.text)
            self.cookies = "; ".join(f"{name}={value}" for name, value in window.cookies.items())
        assert self.topics, desk.text[:500]

    def compose(self, key: str) -> tuple[bytes, dict[str, str]]:
        """A press on the topic that the key points at."""
        topic = self.topics[int(key[:8], 16) % len(self.topics)]
        form = {"submission_key": key, "topic": topic, "outside_hours": "on", "csrfmiddlewaretoken": self.token}
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        return urlencode(form).encode(), headers


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None, page[:500]
    return unescape(found[1])
