"""Beat's scheduler: it keeps nothing on disk, and a machine's clock that is set back does not silence it."""

from __future__ import annotations

from typing import Any

from celery.beat import Scheduler


class SteadyScheduler(Scheduler):
    """Celery's own, without its file.

    What happened last is not remembered from one start to the next: work by the clock takes its slot in the database,
    and a file written while the clock was wrong (or by a process killed in the middle) would outlive its cause.
    """

    def __init__(self, app: Any, *args: Any, **kwargs: Any) -> None:
        self.seen = app.now()
        super().__init__(app, *args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Celery waits until the clock has come back to where it was, for hours if need be; here it counts anew."""
        now = self.app.now()
        if now < self.seen:
            for entry in self.schedule.values():
                entry.last_run_at = now
            self._heap = None
        self.seen = now
        return float(super().tick(*args, **kwargs))
