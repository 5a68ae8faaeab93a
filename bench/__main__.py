"""`make bench`: a table, bench/latest.json, and `bench: N of M budgets held`; exits 1 when one is missed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

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
    """Measure everything at the scale of BENCH_SCALE (full, or small within a minute)."""
    scale = os.environ.get("BENCH_SCALE", "full")
    small = scale == "small"
    prepare()
    from bench import house as built
    from bench import measures

    rows: list[measures.Row] = []
    with built.built("small" if small else "full") as house:
        rows += measures.arrival(house, 12 if small else 60)
        rows += measures.calling(house, 15 if small else 60)
        rows += measures.pages(house, 15 if small else 60)
        rows += measures.eight_clerks(house, 6 if small else 30)
        rows += measures.push(house, small=small)
        rows += measures.weight(house)
    return report(rows, scale)


def report(rows: list[object], scale: str) -> int:
    """Print, write, count."""
    print(f"\n{'what':<34}{'measured':>12}{'raw':>10}  budget")
    kept = []
    for row in rows:
        values = vars(row)
        mark = {True: "held", False: "MISSED", None: ""}[values["held"]]
        floor = f"{values['floor']:.1f}" if values["floor"] is not None else ""
        print(
            f"{values['name']:<34}{values['value']:>9.1f} {values['unit']:<3}{floor:>9}  {values['budget']:<14}{mark}"
        )
        kept.append(values)
    judged = [values["held"] for values in kept if values["held"] is not None]
    (ROOT / "bench" / "latest.json").write_text(
        json.dumps({"scale": scale, "rows": kept}, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    print(f"bench: {sum(judged)} of {len(judged)} budgets held")
    return 0 if all(judged) else 1


if __name__ == "__main__":
    sys.exit(main())
