"""The indicators of the year's evaluation, as data: what each measures, from which figures, and how it becomes points out of 100.

The figures are those of the pages (docs/figures.md): an indicator has no way of counting of its own.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from visits.evaluation_workflow import CADRE, FIRST_WEIGHTS

CENT = Decimal("0.01")
FULL = Decimal(100)


class Rule(StrEnum):
    """How numerator and denominator become points."""

    SHARE = "share"  # the rate in percent
    INVERTED = "inverted"  # 100 less the rate: a good rate is a low one
    TARGET = "target"  # the share of a target, full once it is reached
    POINTS = "points"  # the numerator is points already


RULE_WORDS: dict[Rule, str] = {
    Rule.SHARE: "得分 = 比率 × 100",
    Rule.INVERTED: "得分 = 100 − 比率 × 100",
    Rule.TARGET: "得分 = 录入数 ÷ 满分线 × 100，最多 100",
    Rule.POINTS: "得分 = 评审平均分",
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `numerator` and `denominator` name the parts; `rows` are the measures of the page that lists them ("" without one)."""

    id: str
    name: str
    formula: str
    rule: Rule
    numerator: str
    denominator: str
    rows: tuple[str, str] = ("", "")
    of_cadre: str = ""  # where it reads otherwise for a cadre

    @property
    def rule_words(self) -> str:
        return RULE_WORDS[self.rule]

    def words(self, subject: str) -> str:
        """The definition as it holds for a cadre or a township."""
        return self.of_cadre if subject == CADRE and self.of_cadre else self.formula


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "quota",
        "走访完成率",
        "走访达标周次 ÷ 应走访周次，即“走访达标率”：本镇街在任驻联干部的每一周计一次，他们在别处的走访也算。",
        Rule.SHARE,
        "达标周次",
        "应走访周次",
        of_cadre="走访达标周次 ÷ 应走访周次，即“走访达标率”：只计在任的周。",
    ),
    Indicator(
        "coverage",
        "重点企业覆盖率",
        "本年走访过的在营重点企业 ÷ 在营重点企业，不论谁走访。",
        Rule.SHARE,
        "覆盖家数",
        "重点企业",
        ("key_covered", "key_total"),
        of_cadre="期末负责的在营重点企业中，本年有人走访过的家数 ÷ 负责的家数；期末已不负责企业的不计此项。",
    ),
    Indicator(
        "received",
        "诉求录入数",
        "本年收集录入的问题诉求件数，与满分线比；满分线 = 月数 × 参数“诉求录入数满分线”。",
        Rule.TARGET,
        "录入件数",
        "满分线",
        ("received", ""),
        of_cadre="本年登记的问题诉求件数，与满分线比；满分线 = 在任的月数 × 参数“诉求录入数满分线”。",
    ),
    Indicator(
        "resolution",
        "化解率",
        "已化解 ÷ 收集录入。",
        Rule.SHARE,
        "已化解",
        "收集录入",
        ("resolved", "received"),
        of_cadre="本人登记的诉求中，已化解 ÷ 收集录入。",
    ),
    Indicator(
        "overdue",
        "超期率",
        "有期限的办结中，最后一次反馈晚于办理期限的 ÷ 有期限的办结，即 100% 减按时办结率。",
        Rule.INVERTED,
        "逾期办结",
        "有期限的办结",
        ("closed_late", "closed_with_deadline"),
    ),
    Indicator(
        "satisfaction",
        "回访满意率",
        "（满意＋基本满意）÷ 有效评价，即“满意率”。",
        Rule.SHARE,
        "满意和基本满意",
        "有效评价",
        ("satisfied", "rated"),
    ),
    Indicator(
        "attendance", "月交流出勤", "到会次数 ÷ 应到的已结束的月交流，请假也算应到。", Rule.SHARE, "到会", "应到"
    ),
    Indicator(
        "journals",
        "周记提交率",
        "已提交周记的周次 ÷ 应走访周次：应走访的周，应交周记。",
        Rule.SHARE,
        "已提交周次",
        "应交周次",
    ),
    Indicator(
        "outcome",
        "成果分",
        "本年度受理的提名中，评审平均分最高的一件；没有提名的计 0 分。评分锁定并公布前不计。",
        Rule.POINTS,
        "最高平均分",
        "",
    ),
)
BY_ID: dict[str, Indicator] = {indicator.id: indicator for indicator in INDICATORS}
if set(BY_ID) != set(FIRST_WEIGHTS):
    raise RuntimeError("every indicator has a first weight, and no other has")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one indicator: the parts it is made of. A denominator of 0: nothing to judge by."""

    numerator: Decimal
    denominator: int

    def points(self, rule: Rule) -> Decimal | None:
        """Points out of 100, two decimals, rounded half up; None where there is nothing to divide by."""
        if self.denominator == 0:
            return None
        if rule == Rule.POINTS:
            return self.numerator.quantize(CENT, ROUND_HALF_UP)
        share = self.numerator * 100 / self.denominator
        exact = FULL - share if rule == Rule.INVERTED else min(share, FULL)
        return exact.quantize(CENT, ROUND_HALF_UP)
