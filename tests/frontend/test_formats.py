"""How figures and dates are written on screen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from unionportal.core.common import formats


def draw(source: str, **context: object) -> str:
    """Render a snippet as a page would."""
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"numerator": 876, "denominator": 925}, "94.70%"),
        ({"numerator": 47, "denominator": 52}, "90.38%"),
        ({"numerator": 1, "denominator": 1}, "100.00%"),
        ({"numerator": 0, "denominator": 3}, "0.00%"),
        ({"numerator": 0, "denominator": 0}, "—"),
        ({"numerator": None, "denominator": None}, "—"),
        (SimpleNamespace(numerator=5, denominator=6), "83.33%"),
        (Decimal("0.90385"), "90.39%"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_a_rate_has_two_decimals_and_a_rate_over_nothing_is_a_dash(value: object, words: str) -> None:
    assert formats.rate(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(12000, "12,000.00"), (Decimal("0.005"), "0.01"), ("-3.5", "-3.50"), (None, "—"), ("十二万", "—")],
)
def test_money_is_written_to_the_cent(value: object, words: str) -> None:
    assert formats.money(value) == words


def test_days_and_moments_are_those_of_shanghai() -> None:
    late_evening_utc = datetime(2024, 9, 12, 17, 30, tzinfo=UTC)
    assert formats.zh_date(late_evening_utc) == "2024年9月13日 周五"
    assert formats.zh_time(late_evening_utc) == "9月13日 01:30"
    assert formats.zh_moment(late_evening_utc) == "2024年9月13日 01:30"
    assert formats.zh_date(date(2024, 9, 12)) == "2024年9月12日 周四"
    assert formats.zh_month(date(2024, 9, 1)) == "2024年9月"
    assert formats.zh_short(None) == "—"


def test_the_week_is_the_iso_week() -> None:
    assert formats.zh_week(date(2024, 9, 12)) == "第37周"
    assert formats.zh_week(date(2024, 12, 30)) == "第1周"


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (-2, "逾期 2 个工作日", "late"),
        (0, "今天到期", "warn"),
        (1, "剩 1 个工作日", "warn"),
        (Decimal("3.0"), "剩 3 个工作日", "idle"),
        (None, "未设期限", "idle"),
    ],
)
def test_a_deadline_says_what_it_means_now(left: object, words: str, tone: str) -> None:
    assert formats.due_words(left) == words
    assert formats.due_tone(left) == tone


def test_large_counts_are_grouped() -> None:
    assert [formats.count(n) for n in (0, 925, 12345, None)] == ["0", "925", "12,345", "—"]


def test_a_chip_says_its_state_by_icon_and_word_and_escapes_what_it_is_given() -> None:
    html = draw('{% chip label "late" %}', label="<b>逾期</b>")
    assert "chip-late" in html
    assert "<svg" in html
    assert "&lt;b&gt;逾期&lt;/b&gt;" in html


def test_an_icon_nobody_drew_is_an_error() -> None:
    with pytest.raises(KeyError):
        draw('{% icon "no-such-icon" %}')


def test_a_link_keeps_the_filters_and_changes_one() -> None:
    request = RequestFactory().get("/issues/", {"township": "稽山", "page": "3"})
    html = draw('{% query_with sort="-due" page=None %}', request=request)
    assert html == "?township=%E7%A8%BD%E5%B1%B1&amp;sort=-due"


def test_the_ring_draws_the_share_and_says_it_in_words() -> None:
    html = draw('{% ring 3 4 "本周走访" %}')
    assert 'stroke-dasharray="75 100"' in html
    assert 'aria-label="本周走访 3/4"' in html
    assert "full" in draw("{% ring 5 4 %}")
    assert "full" not in html
