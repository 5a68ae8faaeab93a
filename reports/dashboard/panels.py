"""The panels below: visits by day, waits, results, referrals, topics, feedback."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts, metrics
from reports.dashboard import numbers
from reports.dashboard.numbers import Days, Evening
from reports.dashboard.shape import Panel
from reports.reading import Reading
from reports.statistics import differs, hidden_in, hidden_of, is_small, merged, shows_share
from reports.tables import HIDDEN, Cell, Table, cell
from reports.wording import decimal, percent, short_day, whole

MOST_COLUMNS = 27
SHOWN_TOPICS = 8


def visits(reading: Reading, days: list[Days], told: list[Evening] | None) -> Panel:
    """Service day by service day, the evening apart; by month when the period is long."""
    is_long = len(days) > MOST_COLUMNS
    rows = numbers.by_month(days) if is_long else days
    evenings = numbers.evenings(rows) if is_long else told
    names = [_name(row, is_month=is_long) for row in rows]
    columns = [charts.Column(name, row.total, None) for name, row in zip(names, rows, strict=True)]
    table = Table(_("Visits by service day"), (_("Day"), _("Visits"), _("Of which at 4–6 p.m.")))
    table.rows = [(name, row.total, HIDDEN) for name, row in zip(names, rows, strict=True)]
    for group in evenings or []:
        for place in range(group.first, group.last + 1):
            columns[place] = charts.Column(names[place], rows[place].total, group.a_day, is_exact=group.is_alone)
            told_as: Cell = group.n
            if not group.is_alone:
                days_said = f"{names[group.first]}–{names[group.last]}"
                told_as = _("%(n)s together on %(days)s") % {"n": group.n, "days": days_said}
            table.rows[place] = (names[place], rows[place].total, told_as)
    chart = charts.columns(columns, said=_range_of(rows))
    chart.narrow = charts.columns(columns, said=_range_of(rows), width=360)
    return Panel(
        "visits",
        _course(days),
        _("Visits by month") if is_long else _("Visits by service day"),
        "s8",
        table,
        chart,
        (("c2", _("at other hours")), ("c1", _("at 4–6 p.m."))),
        small=_("The dark part is the mean of several days where one day's number is under 5.")
        if any(not group.is_alone for group in evenings or [])
        else "",
    )


def _range_of(rows: list[Days]) -> str:
    words = _("Visits by service day, the fewest %(low)s, the most %(high)s. The table is below the drawing.")
    totals = [row.total for row in rows]
    return words % {"low": min(totals, default=0), "high": max(totals, default=0)}


def _name(row: Days, *, is_month: bool) -> str:
    if is_month:
        return f"{row.first.month}/{row.first.year % 100:02d}"
    if row.first == row.last:
        return short_day(row.first)
    return f"{short_day(row.first)}–{short_day(row.last)}"


def _course(days: list[Days]) -> str:
    half = len(days) // 2
    if half < 2:
        return _("Visits on the service days")
    first, second = sum(row.total for row in days[:half]), sum(row.total for row in days[-half:])
    if not differs(first, half, second, half):
        return _("The number of visits stayed even")
    return _("Visits became more towards the end") if second > first else _("Visits became fewer towards the end")


def waits(reading: Reading, *, target: int, alarm: int) -> Panel:
    """How long visitors waited, in ranges of minutes, and how many left."""
    waiting = numbers.waiting(reading.totals, target=target)
    bins, table = [], Table(_("Waiting time"), (_("Minutes"), _("Visits")))
    for row in waiting.groups:
        told = cell(row.n, is_hidden=is_small(row.n))
        label = _minutes_of(row)
        table.rows.append((label, told))
        if told is not HIDDEN and (row.n or row.begins is not None):
            bins.append(charts.Bin(label, row.n, _look(row, target=target, alarm=alarm), row.begins))
    found = waiting.share
    goal = metrics.TARGET_UNDER / 100
    if found is None:
        title = _("Waiting time")
    elif found.value >= goal:
        title = _("Waiting stayed within the goal")
    elif found.holds(goal):
        title = _("Waiting is close to the goal")
    else:
        title = _("Waiting is longer than the goal")
    if bins:
        numbers_said = ", ".join(f"{row.label}: {row.n}" for row in bins)
        said = _("How long visitors waited in minutes: %(numbers)s visits.") % {"numbers": numbers_said}
        line = _("Goal under %(minutes)s min") % {"minutes": target}
        chart = charts.histogram(bins, target=target, target_text=line, said=said)
    else:
        chart = None
    caption = ngettext(
        "Waiting before guidance in minutes, %(n)s visit", "Waiting before guidance in minutes, %(n)s visits", waiting.n
    ) % {"n": whole(waiting.n)}
    return Panel("wait", title, caption, "s4", table, chart)


def _minutes_of(row: numbers.Waits) -> str:
    if row.begins is None:
        return _("left")
    if row.has_left:
        return _("%(minutes)s+ or left") % {"minutes": row.begins}
    return f"{row.begins}+" if row.ends is None else f"{row.begins}–{row.ends}"


def _look(row: numbers.Waits, *, target: int, alarm: int) -> str:
    if row.begins is None:
        return "c-left"
    return "c-act" if row.begins < target else "c-wait" if row.begins < alarm else "c-over"


def results(reading: Reading, *, target: int) -> Panel:
    """What the visits led to; those that led to nothing yet are a row too, for their number follows from the rest."""
    found = sorted(reading.totals.of("result").items(), key=lambda row: (-row[1], row[0]))
    counts = [number for _code, number in found]
    n = max(sum(counts), numbers.waiting(reading.totals, target=target).n)
    without = n - sum(counts)
    hidden = hidden_of([*counts, without])
    table = Table(_("How visits ended"), (_("Result"), _("Visits"), _("Share")))
    rows, steps = [], []
    for place, (code, number) in enumerate(found):
        name = reading.name("result", code)
        is_hidden = place in hidden
        table.rows.append((name, cell(number, is_hidden=is_hidden), "–" if is_hidden else percent(number / n)))
        if not is_hidden:
            shade = _SHADES[place % 3]
            rows.append(charts.Lying(name, number, f"{whole(number)} · {percent(number / n)}", shade))
            steps.append(charts.Lying(name, number, whole(number), shade, percent(number / n)))
    if without:
        is_hidden = len(counts) in hidden
        share = "–" if is_hidden else percent(without / n)
        table.rows.append((_("No result: left, or still going on"), cell(without, is_hidden=is_hidden), share))
    said = _("How visits ended: %(numbers)s.") % {"numbers": ", ".join(f"{row.label} {row.text}" for row in rows)}
    title = _("How visits ended")
    if rows:
        title = _("Most often: %(result)s") % {"result": rows[0].label}
    caption = _("Result of the visits that were called or left, n = %(n)s")
    chart = charts.lying(rows, said=said, width=780, left=230, row_height=40) if rows else None
    if chart:
        chart.narrow = charts.steps(steps, said=said)
    return Panel("results", title, caption % {"n": whole(n)}, "s7", table, chart)


_SHADES = ("c1", "c-act", "c2")


def referrals(reading: Reading) -> Panel:
    """From the desk to a partner: sent, answered, received."""
    totals = reading.totals
    sent, accepted, declined = (totals.n("referral", part) for part in ("sent", "received", "declined"))
    waiting = max(0, sent - accepted - declined)
    hidden = hidden_of([accepted, declined, waiting])
    table = Table(_("Referrals"), (_("Stage"), _("Referrals"), _("Share")))
    stages = [
        (_("Guided to a service"), sent, is_small(sent)),
        (_("The partner answered"), accepted + declined, 2 in hidden or is_small(sent)),
        (_("The partner received the visitor"), accepted, 0 in hidden or is_small(sent)),
    ]
    steps = []
    for name, n, is_hidden in stages:
        share = "–" if is_hidden or not sent else percent(n / sent)
        table.rows.append((name, cell(n, is_hidden=is_hidden), share))
        if not is_hidden:
            steps.append(charts.Lying(name, n, whole(n), more=share))
    title = _("Guided to partners' services")
    if sent and not stages[1][2]:
        title = _("%(share)s of referrals have been answered") % {"share": percent((accepted + declined) / sent)}
    said = _("Referrals: %(numbers)s.") % {"numbers": ", ".join(f"{row.label} {row.text}" for row in steps)}
    caption = _("Referrals to partners' services as they stand now; on the right, the share of all referrals")
    chart = charts.steps(steps, said=said) if sent and steps else None
    return Panel("referrals", title, caption, "s5", table, chart, second=_by_recipient(reading))


def _by_recipient(reading: Reading) -> Table | None:
    to, answered = reading.totals.of("referral_to"), reading.totals.of("referral_answered")
    large = sorted((code for code, n in to.items() if not is_small(n)), key=lambda code: (-to[code], code))
    small = [code for code in to if is_small(to[code])]
    rows = [(reading.name("organisation", code), to[code], answered.get(code, 0)) for code in large]
    if small:
        others = (sum(to[code] for code in small), sum(answered.get(code, 0) for code in small))
        if is_small(others[0]) and rows:
            name, n, got = rows.pop()
            rows.append((_("Others together"), others[0] + n, others[1] + got))
        else:
            rows.append((_("Others together"), *others))
    if not rows or sum(n for _name, n, _got in rows) < 5:
        return None
    hidden = hidden_in([[got, max(0, n - got)] for _name, n, got in rows])
    table = Table(_("Referrals by recipient"), (_("Recipient"), _("Referrals"), _("Answered")))
    for place, (name, n, got) in enumerate(rows):
        table.rows.append((name, n, cell(got, is_hidden=(place, 0) in hidden or (place, 1) in hidden)))
    return table


def topics(reading: Reading) -> Panel:
    """What visitors came for."""
    n = reading.totals.n("visits")
    found = sorted(reading.totals.of("topic_any").items(), key=lambda row: (-row[1], row[0]))
    told = [(reading.name("topic", code), number) for code, number in found if shows_share(number, n)]
    untold = [(reading.name("topic", code), number) for code, number in found if not shows_share(number, n)]
    table = Table(_("Topics"), (_("Topic"), _("Visits"), _("Share of visits")))
    table.rows += [(name, number, percent(number / n)) for name, number in told]
    table.rows += [(name, HIDDEN, "–") for name, _number in untold]
    rows = [charts.Lying(name, number, percent(number / n)) for name, number in told[:SHOWN_TOPICS]]
    said = _("Topics of the visits: %(numbers)s.") % {"numbers": ", ".join(f"{row.label} {row.text}" for row in rows)}
    title = _("Topics of the visits")
    if len(rows) > 1:
        title = _("Most common topics: %(first)s and %(second)s") % {"first": rows[0].label, "second": rows[1].label}
    return Panel(
        "topics",
        title,
        _("Share of visits; a visit may have many topics"),
        "s4",
        table,
        charts.lying(rows, said=said) if rows else None,
        note=", ".join(name for name, _number in untold),
    )


def feedback(reading: Reading) -> Panel:
    """The answers to each question from 1 to 5, and the first question by language."""
    totals, n = reading.totals, numbers.answers(reading.totals)
    splits: list[charts.Split] = []
    table = Table(_("Feedback by question"), (_("Question"), _("Face"), _("Answers"), _("Mean")))
    best: tuple[float, str] = (0.0, "")
    for question in reading.questions:
        counts = numbers.faces(totals, question)
        found = numbers.mean_of(counts)
        if found is None:
            continue
        name = reading.name("question", question)
        best = max(best, (found.value, name))
        parts = _grades([totals.rounded(n) for n in counts.values()])
        splits.append(charts.Split(name, decimal(found.value), parts))
        table.rows += [(name, face, number, decimal(found.value)) for face, number, _look in parts]
    title = _("Feedback by question")
    if splits:
        title = _("The best answers: %(question)s") % {"question": best[1]}
    said = _("Feedback by question, means from 1 to 5: %(numbers)s.") % {
        "numbers": ", ".join(f"{row.label} {row.value}" for row in splits)
    }
    caption = _("Answers from 1 to 5 and their mean, n = %(n)s") % {"n": cell(n, is_hidden=is_small(n))}
    chart = charts.splits(splits, said=said) if splits else None
    panel = Panel("feedback", title, caption, "s4", table, chart)
    if splits:
        panel.second = _by_language(reading, reading.questions[0])
    return panel


_FACES = ("f1", "f2", "f3", "c2", "c1")


def _grades(cells: Sequence[int]) -> Sequence[tuple[str, int, str]]:
    """The five faces, neighbours put together where few answered."""
    return [
        (str(a + 1) if a == b else f"{a + 1}–{b + 1}", sum(cells[a : b + 1]), _FACES[b if b < 4 else min(a + 1, 4)])
        for a, b in merged(cells)
    ]


def _by_language(reading: Reading, question: str) -> Table | None:
    totals = reading.totals
    languages = sorted({part.split(":")[0] for part in totals.each("response")})
    by = {code: numbers.faces(totals, question, {code}) for code in languages}
    sizes = {code: sum(counts.values()) for code, counts in by.items()}
    large = sorted((code for code in languages if sizes[code] >= 5), key=lambda code: (-sizes[code], code))
    small = [code for code in languages if 0 < sizes[code] < 5]
    if small and sum(sizes[code] for code in small) < 5 and large:
        small.append(large.pop())
    table = Table(_("Feedback by language"), (_("Language"), _("Answers"), _("Mean")))
    groups = [(reading.name("language", code), [code]) for code in large]
    if small:
        groups.append((_("others together"), small))
        table.note = _("Languages with fewer than 5 answers are put together.")
    for name, codes in groups:
        found = numbers.mean_of(numbers.faces(totals, question, codes))
        if found is not None:
            table.rows.append((name, totals.rounded(found.n), decimal(found.value)))
    return table if len(table.rows) > 1 else None
