"""The chapter of the annual report on the year's evaluation: what was published of it, and nothing before that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unionportal.core.common.formats import zh_day
from visits.evaluation_results import results
from visits.evaluation_workflow import KINDS
from visits.models import Award, EvaluationRound

_COLUMNS = ("等次", "类别", "题目", "作者", "镇街", "平均分")


@dataclass(frozen=True, slots=True)
class Winner:
    """An award that stands, as it is printed."""

    level: str
    kind: str
    title: str
    authors: str
    township: str
    average: str

    @property
    def row(self) -> dict[str, str]:
        """By the names of the columns."""
        cells = (self.level, self.kind, self.title, self.authors, self.township, self.average)
        return dict(zip(_COLUMNS, cells, strict=True))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was published of a year's evaluation: when, how many were judged of each kind, and the awards."""

    year: int
    published_at: datetime
    judged: dict[str, int]
    winners: list[Winner]


def evaluation_of(year: int) -> Evaluation | None:
    """The published evaluation of a year; None where there is none yet."""
    found = EvaluationRound.objects.filter(year=year, published_at__isnull=False).first()
    if found is None or found.published_at is None:
        return None
    lines = results(found)
    standing = [
        (award.level, line)
        for kind in KINDS
        for line in lines.get(kind, ())
        if (award := getattr(line.nomination, "award", None)) and award.revoked_at is None
    ]
    return Evaluation(
        year=year,
        published_at=found.published_at,
        judged={label: len(lines.get(kind, ())) for kind, label in KINDS.items()},
        winners=[
            Winner(
                Award.Level(level).label,
                line.nomination.get_kind_display(),
                line.nomination.title,
                "、".join(str(author) for author in line.nomination.authors.all()),
                line.nomination.unit.short_name if line.nomination.unit else "—",
                str(line.average),
            )
            for level, line in sorted(standing, key=lambda pair: (list(KINDS).index(pair[1].nomination.kind), pair[0]))
        ],
    )


def evaluation_words(evaluation: Evaluation | None, year: int) -> str:
    """The chapter's sentence."""
    if evaluation is None:
        return f"{year}年度评议的结果尚未公布。"
    judged = "、".join(f"{label}{number}件" for label, number in evaluation.judged.items())
    return f"{year}年度评议于{zh_day(evaluation.published_at)}公布，共评审{judged}，评出获奖成果{len(evaluation.winners)}件。"


def evaluation_rows(evaluation: Evaluation | None) -> list[dict[str, Any]]:
    """The table's rows; one of dashes where there is nothing."""
    rows = [winner.row for winner in evaluation.winners] if evaluation else []
    return rows or [dict.fromkeys(_COLUMNS, "—")]
