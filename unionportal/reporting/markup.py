"""Tiles, ranking and lists of the dashboard as markup: dozens of small parts a page, written here because templates take longer for them than
for the rest of the page. docs/decisions/0007-hot-markup-in-python.md.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from unionportal.core.common.templatetags.portal import chip, icon
from unionportal.reporting.measures import BY_ID, edition
from unionportal.reporting.selectors.attention import Line
from unionportal.reporting.selectors.dashboard import Rank
from unionportal.reporting.selectors.definitions import Said
from unionportal.reporting.selectors.place import Figure, Part


@lru_cache(maxsize=256)
def _tip(label: str, hint: str) -> str:
    """A definition on tap: the component, drawn once for each of the few definitions there are."""
    return render_to_string("components/help_tip.html", {"text": hint, "title": f"{label}的口径"})


def tiles(figures: Iterable[Figure]) -> SafeString:
    """Each figure as a tile: its definition, its value, its parts and how it stands."""
    return mark_safe("".join(_tile(figure) for figure in figures))


def _tile(figure: Figure) -> str:
    label, value, hint = escape(figure.label), escape(figure.value), escape(figure.hint)
    fraction = "/".join(
        f'<a href="{escape(p.url)}" data-figure="{p.count}">{escape(p.words)}</a>' for p in figure.fraction
    )
    unit = f'<span class="tile-unit">{escape(figure.unit)}</span>' if figure.unit else ""
    few = '<span class="chip">基数小</span>' if figure.few and figure.count else ""
    return (
        f'<div class="card tile figure{" quiet" if figure.few else ""}">'
        f'<div class="tile-label">{label}{_tip(figure.label, figure.hint)}</div>'
        f'<div><a class="tile-value" href="{escape(figure.url)}" title="{hint}" data-figure="{figure.count}" '
        f'aria-label="{label} {value}，看明细">{value}</a> {unit}</div>'
        f'<div class="figure-parts">{f"""<span class="fraction">{fraction}</span>""" if fraction else ""}'
        f"{''.join(_part(part) for part in figure.parts)}{few}</div>"
        f'<div class="figure-standings">{"".join(_part(part) for part in figure.standings)}'
        f"{f'<span>{escape(figure.remark)}</span>' if figure.remark else ''}</div></div>\n"
    )


def _part(part: Part) -> str:
    title = f' title="{escape(part.title)}"' if part.title else ""
    tone = part.tone or "idle"
    return f'<a class="chip chip-{tone}" href="{escape(part.url)}" data-figure="{part.count}"{title}>{escape(part.words)}</a>'


@lru_cache(maxsize=256)  # the same on every page until a definition changes
def definitions(versions: tuple[tuple[str, int], ...]) -> SafeString:
    """Measures in the versions the page counts by: name, formula, numerator and denominator, version and the day it took effect."""
    found = [Said(BY_ID[measure], edition(BY_ID[measure], version)) for measure, version in versions]
    return mark_safe(render_to_string("reporting/_definitions.html", {"definitions": found}))


def ranks(rows: Iterable[Rank]) -> SafeString:
    """The lines of a ranking: the township's page, its bar, its rate and fraction; few issues greyed and said to be few."""
    return mark_safe("".join(_rank(row) for row in rows))


@lru_cache(maxsize=4096)
def _rank(row: Rank) -> str:
    label, value = escape(row.label), escape(row.value)
    few = ' class="few" title="件数较少，仅供参考"' if row.few else ""
    return (
        f'<li{few}><a class="rank-name" href="{escape(row.page_url)}" title="看{label}的驾驶舱">{label}</a>'
        f'<progress class="bar{" bar-quiet" if row.few else ""}" max="100" value="{row.share}" aria-label="{label} {value}"></progress>'
        f'<span class="end"><a class="num" href="{escape(row.url)}" data-figure="{row.count}">{value}</a> <small data-plain="beside">{row.parts}</small>'
        f"{'<span class=vh>（件数较少）</span>' if row.few else ''}</span></li>\n"
    )


def attention_lines(lines: Iterable[Line]) -> SafeString:
    """What calls for a leader today: the queue it stands in, what it is, how long it has waited."""
    return mark_safe("".join(_attention_line(each) for each in lines))


def _attention_line(each: Line) -> str:
    line = each.line
    return (
        f'<li><a href="{escape(line.url)}">{chip(each.mark, line.tone, "")}<span class="grow">{escape(line.title)}<br>'
        f'<span class="small muted">{escape(line.chip)} · {escape(line.words)}</span></span>{icon("chevron-right")}</a></li>'
    )


def total_lines(figures: Iterable[Figure]) -> SafeString:
    """What has come together since the beginning, each number with its rows."""
    return mark_safe("".join(_total_line(figure) for figure in figures))


def _total_line(figure: Figure) -> str:
    return (
        f'<li><a href="{escape(figure.url)}" title="{escape(figure.hint)}" data-figure="{figure.count}">'
        f'<span class="grow">{escape(figure.label)}</span><b>{escape(figure.value)}</b>{icon("chevron-right")}</a></li>'
    )
