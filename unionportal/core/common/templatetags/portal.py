"""Template tags of the portal's look: `{% load portal %}`. What each writes is shown on /styleguide/."""

from functools import lru_cache
from html import escape
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from unionportal.core.common import formats
from unionportal.core.common.filtering import kept_markup
from unionportal.core.common.icons import ICONS
from unionportal.core.common.search import spans

register = template.Library()

for _name in (
    "zh_date",
    "zh_day",
    "zh_short",
    "zh_month",
    "zh_time",
    "zh_moment",
    "zh_week",
    "rate",
    "money",
    "count",
    "due_words",
    "due_tone",
):
    register.filter(_name, getattr(formats, _name))

TONE_ICONS = {"ok": "check", "warn": "clock", "late": "warn", "brand": "flag", "link": "info", "idle": ""}


@register.simple_tag
def icon(name: str, css: str = "", title: str = "") -> SafeString:
    """An inline line drawing; decorative unless `title` says what it means. An unknown name is an error at once."""
    return _drawn(name, css, title)


@lru_cache(maxsize=512)
def _drawn(name: str, css: str, title: str) -> SafeString:
    body = mark_safe(ICONS[name])
    classes = f"ic {css}".strip()
    if title:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', classes, title, body
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', classes, body
    )


@register.simple_tag
def chip(label: Any, tone: str = "idle", icon_name: str | None = None) -> SafeString:
    """A state as colour, icon and word. tone: ok, warn, late, brand, link, idle; icon_name "" for none, left out for the tone's own."""
    return _chip(str(label), tone, TONE_ICONS.get(tone, "") if icon_name is None else icon_name)


@lru_cache(maxsize=1024, typed=True)  # by type: text that is safe as it stands must not stand in for text that is not
def _chip(label: str, tone: str, name: str) -> SafeString:
    """A page of fifty rows shows the same handful of chips."""
    return format_html('<span class="chip chip-{}">{}{}</span>', tone, icon(name) if name else "", label)


@register.simple_tag
def due_chip(workdays_left: Any) -> SafeString:
    """The chip of a deadline, from the workdays left (negative: overdue)."""
    return chip(formats.due_words(workdays_left), formats.due_tone(workdays_left), "clock")


@register.inclusion_tag("components/ring.html")
def ring(done: int, quota: int, label: str = "") -> dict[str, Any]:
    """The quota ring: done of quota, with words for those who cannot see it."""
    share = min(100, round(100 * done / quota)) if quota else 100
    return {"done": done, "quota": quota, "share": share, "full": done >= quota, "label": label}


@register.simple_tag
def remembered(template_name: str, **values: Any) -> SafeString:
    """A part of the page that depends on nothing but `values` (plain and hashable): drawn once in each process for each of them.

    For the frame every page repeats. Never for anything of a person or a row. docs/decisions/0007-hot-markup-in-python.md.
    """
    return (_draw if settings.DEBUG else _draw_once)(template_name, **values)


def _draw(template_name: str, **values: Any) -> SafeString:
    return render_to_string(template_name, values)


_draw_once = lru_cache(maxsize=512, typed=True)(_draw)


@register.simple_tag
def filter_field(field: BoundField, wide: str, is_open: bool = False) -> SafeString:
    """One filter of a bar with its label; `wide` is the name of the one that gets the room."""
    many = len(field.form.fields) > 3
    values = {"field": field, "wide": wide, "many": many, "filters_open": bool(is_open)}
    return kept_markup(field, (wide, many, bool(is_open)), lambda: _draw("components/filter_field.html", **values))


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The present query string with some keys set, or dropped where the value is None or "": `?{% query_with page=2 %}` without writing the ?."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def hidden_query(context: template.Context, *names_left_out: str) -> SafeString:
    """Hidden inputs that carry the present query string through a GET form, but the named keys."""
    pairs = [
        (key, value) for key, values in context["request"].GET.lists() if key not in names_left_out for value in values
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


WIDGET_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.ClearableFileInput, "file"),
    (forms.FileInput, "file"),
    (forms.DateInput, "date"),
]


@register.filter
def widget_kind(field: BoundField) -> str:
    """hidden, checkboxes, radios, checkbox, select, textarea, file, date or text: how components/field.html draws the field."""
    widget = field.field.widget
    return next((kind for cls, kind in WIDGET_KINDS if isinstance(widget, cls)), "text")


@register.filter
def max_chars(field: BoundField) -> int | None:
    """The longest text a field takes, for its counter."""
    return getattr(field.field, "max_length", None)


@register.simple_tag
def chart_rows(chart: dict[str, Any]) -> SafeString:
    """The rows of the table behind a chart: per label its link (or none), how many rows it opens, and one formatted cell a series.

    A series with `links` of its own opens them from its cells, by the numbers they show; the others' rows are those of the label.
    """
    decimals, links, counts = chart.get("decimals", 0), chart.get("links") or [], chart.get("counts") or []
    series = chart.get("series", [])
    rows = []
    for index, label in enumerate(chart.get("labels", [])):
        words, url = escape(label), links[index] if index < len(links) else None
        number = counts[index] if index < len(counts) else None
        if url:
            words = f'<a href="{escape(url)}"{"" if number is None else f" data-figure={chr(34)}{number}{chr(34)}"}>{words}</a>'
        cells = "".join(_chart_cell(one, index, decimals, is_opened=bool(url)) for one in series)
        rows.append(f'<tr><th scope="row">{words}</th>{cells}</tr>')
    return mark_safe("".join(rows))


def _chart_cell(series: dict[str, Any], index: int, decimals: int, *, is_opened: bool) -> str:
    value, links = series["values"][index], series.get("links")
    words = formats.NOTHING if value is None else f"{value:,.{decimals}f}"
    if links:
        return f'<td class="n"><a href="{escape(links[index])}" data-figure="{value}">{words}</a></td>'
    plain = ' data-plain="row"' if is_opened else ""
    return f'<td class="n"{plain}>{words}</td>'


@register.simple_tag
def module_preloads() -> SafeString:
    """Asks at once for all modules of every page: else a browser learns of each only from the one that imports it, a round trip a generation."""
    return _preloads()


#: What main.js fetches only where a page needs it.
RARE_MODULES = {"chart.js", "exif.js", "locate.js", "mention.js", "plan-board.js", "wall.js"}


@lru_cache(maxsize=1)
def _preloads() -> SafeString:
    found = (settings.BASE_DIR / "static" / "js" / "modules").glob("*.js")
    names = sorted({path.name for path in found} - RARE_MODULES)
    return format_html_join(
        "", '<link rel="modulepreload" href="{}">\n', ((static(f"js/modules/{name}"),) for name in names)
    )


@register.filter
def initial_of(person: Any) -> str:
    """The first character of a name, for an avatar."""
    return (str(person) or "用")[:1]


@register.filter
def marked(text: Any, query: str) -> SafeString:
    """The text with the query's words in <mark>; everything in it is escaped."""
    plain, pieces, end = str(text), [], 0
    for start, stop in spans(plain, query or ""):
        pieces += [escape(plain[end:start]), "<mark>", escape(plain[start:stop]), "</mark>"]
        end = stop
    pieces.append(escape(plain[end:]))
    return mark_safe("".join(pieces))


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """mapping[key], or None: for tables built from dicts."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return None
