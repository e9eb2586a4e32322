"""The rules of sensing as plain functions: what makes a finding, in which words, and that order and repetition make no difference."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardship.sensing.rules import Comparison, Finding, Rule, Seen, evaluate

DAY = date(2025, 1, 20)
LONG_ILL, DISABLED = "6", "1"
CARE = Rule(1, "medical", "at_least", 60, LONG_ILL, "self_paid", "20000")
VERY = Rule(2, "medical", "at_least", 20, LONG_ILL, "self_paid", "50000")
POOR = Rule(3, "minimum", "listed", 40, LONG_ILL)
UNFIT = Rule(4, "disabled", "is", 60, DISABLED, "level", "一级")


def medical(amount: str, *, weak: bool = False) -> Seen:
    return Seen("medical", {"self_paid": Decimal(amount)}, "大额医疗支出（2025年1月20日导入）", weak)


def found(rules: list[Rule], seen: list[Seen], on: date = DAY) -> list[Finding]:
    return evaluate(rules, seen, on=on, threshold=60)


def test_weights_of_a_cause_add_up_and_the_words_name_every_rule_that_spoke() -> None:
    [finding] = found([POOR, CARE, VERY], [medical("52000.00"), Seen("minimum", {}, "低保（2025年1月6日导入）")])
    assert (finding.cause, finding.score, finding.weak) == (LONG_ILL, 120, False)
    assert [reason.words for reason in finding.reasons] == [
        "大额医疗支出（2025年1月20日导入）：个人自负金额 52,000.00 元，达到 20,000.00 元。",
        "低保（2025年1月6日导入）：在名单中。",
        "大额医疗支出（2025年1月20日导入）：个人自负金额 52,000.00 元，达到 50,000.00 元。",
    ]


def test_below_the_threshold_there_is_nothing_to_say() -> None:
    assert found([CARE], [medical("19999.99")]) == []
    assert found([POOR], [Seen("minimum", {})]) == []


def test_causes_are_apart() -> None:
    findings = found([CARE, UNFIT], [medical("20000"), Seen("disabled", {"level": "一级"})])
    assert [finding.cause for finding in findings] == [DISABLED, LONG_ILL]
    assert found([UNFIT], [Seen("disabled", {"level": "二级"})]) == []


def test_a_rule_speaks_from_its_first_day_to_the_day_before_its_end() -> None:
    rule = Rule(1, "medical", "at_least", 60, LONG_ILL, "self_paid", "1", DAY, DAY + timedelta(days=2))
    spoken = [bool(found([rule], [medical("2")], DAY + timedelta(days=shift))) for shift in range(-1, 3)]
    assert spoken == [False, True, True, False]


def test_a_match_by_name_alone_is_marked_and_an_identified_row_goes_before_it() -> None:
    [weak] = found([CARE], [medical("30000", weak=True)])
    assert weak.weak
    assert "只按姓名和单位对上" in weak.reasons[0].words
    [sure] = found([CARE], [medical("90000", weak=True), medical("30000")])
    assert not sure.weak
    assert "30,000.00" in sure.reasons[0].words


def test_a_finding_that_stands_without_the_weak_rows_is_not_weak() -> None:
    [finding] = found([CARE, POOR], [medical("30000"), Seen("minimum", {}, weak=True)])
    assert not finding.weak


#: How fast a busy machine draws examples says nothing about the rules.
BUSY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
RULES = st.builds(
    Rule,
    pk=st.integers(1, 9),
    source=st.just("medical"),
    comparison=st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.LISTED]),
    weight=st.integers(1, 100),
    cause=st.integers(1, 10).map(str),
    fact=st.just("self_paid"),
    value=st.integers(0, 90_000).map(str),
)
ROWS = st.builds(
    lambda cents, weak: Seen("medical", {"self_paid": Decimal(cents) / 100}, "大额医疗支出", weak),
    st.integers(0, 10_000_000),
    st.booleans(),
)


@BUSY
@given(st.lists(RULES, max_size=6, unique_by=lambda rule: rule.pk), st.lists(ROWS, max_size=5), st.randoms())
def test_order_and_repetition_make_no_difference(rules: list[Rule], rows: list[Seen], random) -> None:
    once = found(rules, rows)
    random.shuffle(rules)
    assert found(rules, [*reversed(rows), *rows]) == once


@BUSY
@given(st.lists(RULES, max_size=6, unique_by=lambda rule: rule.pk), st.lists(ROWS, max_size=5), ROWS)
def test_another_row_never_takes_a_finding_away(rules: list[Rule], rows: list[Seen], more: Seen) -> None:
    scores = {finding.cause: finding.score for finding in found(rules, rows)}
    with_it = {finding.cause: finding.score for finding in found(rules, [*rows, more])}
    assert all(with_it.get(cause, 0) >= score for cause, score in scores.items())


@BUSY
@given(st.lists(RULES, max_size=6, unique_by=lambda rule: rule.pk), st.lists(ROWS, max_size=5))
def test_the_score_is_the_sum_of_what_is_told(rules: list[Rule], rows: list[Seen]) -> None:
    for finding in found(rules, rows):
        assert finding.score == sum(reason.rule.weight for reason in finding.reasons) >= 60
        assert all(reason.words.endswith("。") for reason in finding.reasons)
