"""`make bench`: a table, bench/latest.json, and `bench: N of M budgets held`; exits 1 when one is missed."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.house import House
    from bench.measures import Row

ROOT = Path(__file__).resolve().parent.parent


def prepare() -> None:
    """A data folder of the benchmark's own, and the demonstration's settings."""
    os.environ["DATA_DIR"] = os.environ.get("BENCH_DATA_DIR", str(ROOT / ".data-bench"))
    os.environ["DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
    sys.path.insert(0, str(ROOT))
    import django

    from tyoparkki import embedded

    embedded.ensure()
    django.setup()


def main() -> int:
    """Measure everything at the scale of BENCH_SCALE (full, or small within a minute).

    BENCH_ONLY names some of the measures, for whoever works on one of them: `BENCH_ONLY=arrival,weights`.
    """
    scale = os.environ.get("BENCH_SCALE", "full")
    only = set(os.environ.get("BENCH_ONLY", "").replace(",", " ").split())
    small = scale == "small"
    prepare()
    from bench import background, measures, reading
    from bench import house as built

    known: dict[str, Callable[[House], list[Row]]] = {
        "arrival": lambda house: measures.arrival(house, 10 if small else 40),
        "visit": lambda house: measures.visit(house, 3 if small else 12),
        "eight_call": lambda house: measures.eight_call(house, 1 if small else 5),
        "eight_clerks": lambda house: measures.eight_clerks(house, 8 if small else 60),
        "pages": lambda house: reading.pages(house, 2 if small else 10),
        "walls": lambda house: reading.walls(house, 2 if small else 10),
        "rollups": lambda house: reading.rollups(house, 1, judged=not small),
        "statements": reading.statement_counts,
        "weights": reading.weights,
        "push": lambda house: background.push(house, (50,) if small else (50, 500)),
        "memory": background.memory,
        "counting": lambda house: background.counting(house, 1_900 if small else 19_000),
    }
    if not small:
        known["starting"] = lambda house: background.starting()
    if unknown := only - known.keys():
        print(f"BENCH_ONLY: {', '.join(sorted(unknown))} is none of {', '.join(known)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    with built.built("small" if small else "full") as house:
        for name, measure in known.items():
            if not only or name in only:
                began = time.perf_counter()
                rows += measure(house)
                print(f"  {name}: {time.perf_counter() - began:.0f} s", flush=True)
    return report(rows, scale, kept=not only)


def report(rows: Sequence[Row], scale: str, *, kept: bool) -> int:
    """Print, write what was measured whole, count."""
    print(f"\n{'':<42}{'p50':>9}{'p95':>9}{'raw p50':>9}{'raw p95':>9}  {'measured':>11}  budget")
    for row in rows:
        times = "".join(
            f"{one:>9.1f}" if one is not None else " " * 9 for one in (row.p50, row.p95, row.raw50, row.raw95)
        )
        mark = {True: "held", False: "MISSED", None: ""}[row.held]
        print(f"{row.name:<42}{times}  {row.value:>8.1f} {row.unit:<3} {row.budget:<11}{mark}")
    judged = [row.held for row in rows if row.held is not None]
    if kept:
        found = {"scale": scale, "rows": [vars(row) for row in rows]}
        (ROOT / "bench" / "latest.json").write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
    print(f"bench: {sum(judged)} of {len(judged)} budgets held")
    return 0 if all(judged) else 1


if __name__ == "__main__":
    sys.exit(main())
