"""The factual sentences of an analysis, written from its figures for staff to go on from."""

from collections.abc import Iterator, Sequence

from unionportal.reporting.analyses.judging import is_few, others_of, rising, slow_units
from unionportal.reporting.analyses.sheet import Sheet, UnitRow
from unionportal.reporting.reports.vocabulary import change
from unionportal.reporting.selectors.categories import rising_least
from unionportal.reporting.selectors.headline import small_denominator
from unionportal.reporting.selectors.place import Place

#: Names a sentence lists.
_NAMED = 3


def draft_text(place: Place, sheet: Sheet) -> str:
    """The paragraphs, one a line."""
    return "\n".join([_received(place, sheet), _pace(sheet), _categories(place, sheet), _repeats(sheet), _units(sheet)])


def _received(place: Place, sheet: Sheet) -> str:
    now, counts = sheet.now, sheet.now.counts
    words = f"{place.period.label}{'（未过完）' if place.running else ''}，{place.name}走访{now.visits}家次，"
    words += (
        f"收集录入问题诉求{counts['received']}件，已化解{counts['resolved']}件，化解率{now.rate('resolution').text}。"
    )
    parts = [
        f"{name}全季收集录入{then.counts['received']}件，化解率{then.rate('resolution').text}"
        if place.running
        else f"与{name}相比，收集录入{change(counts['received'], then.counts['received'])}，{name}化解率{then.rate('resolution').text}"
        for _, name, then in others_of(place, sheet)
    ]
    return words + ("；".join(parts) + "。" if parts else "")


def _pace(sheet: Sheet) -> str:
    now, counts = sheet.now, sheet.now.counts
    words = f"有期限的办结{counts['closed_with_deadline']}件，按时办结{counts['closed_on_time']}件，按时办结率{now.rate('closing').text}"
    if now.median_workdays is not None:
        words += f"；办结用时中位数{now.median_workdays}个工作日，九成在{now.p90_workdays}个工作日以内"
    words += f"。有效评价{counts['rated']}件，满意率{now.rate('satisfaction').text}；季末未办结{now.open_at_end}件。"
    return words


def _categories(place: Place, sheet: Sheet) -> str:
    if sheet.before is None:
        return "没有上季数据，不比较各类别的升降。"
    rows = sorted((row for row in rising(sheet.categories) if not is_few(row)), key=lambda row: -row.more)
    if not rows:
        return f"没有比{place.period.before}上升且达到{rising_least()}件的类别。"
    named = "、".join(f"{row.name}（{row.before}件增至{row.received}件）" for row in rows[:_NAMED])
    return f"比{place.period.before}上升的类别有{len(rows)}个，主要是{named}。"


def _repeats(sheet: Sheet) -> str:
    if not sheet.repeat_count:
        return "没有多次反映的企业。"
    named = "、".join(f"{row.name}（{row.received}件）" for row in sheet.repeats[:_NAMED])
    return f"多次反映的企业{sheet.repeat_count}家，较多的是{named}。"


def _units(sheet: Sheet) -> str:
    rows = slow_units(sheet)
    if not rows:
        return f"没有按时办结率低于平均的承办单位（有期限的办结不少于{small_denominator()}件）。"
    return f"按时办结率低于平均的承办单位有{'、'.join(_named(rows))}（有期限的办结不少于{small_denominator()}件）。"


def _named(rows: Sequence[UnitRow]) -> Iterator[str]:
    for row in rows[:_NAMED]:
        yield f"{row.name}（{row.with_deadline}件中逾期{row.late}件）"
