"""帮扶计划表: what is done for a household and for each of its members, with what came of it."""

from hardship.models import HardshipFile, Measure
from hardship.personal import whom
from hardship.word_parts import BLANK_DAY, pairs, paper, person
from unionportal.core.common.formats import zh_day

HEADER = ("对象", "举措", "具体做法", "责任人", "完成期限", "结果")
WIDTHS = (19, 20, 32, 22, 36, 27)


def plan_word(file: HardshipFile) -> bytes:
    """The household's measures (一户一策), then those for its members one by one (一人一策), to be signed by the household."""
    word = paper(file, "困难职工帮扶计划表")
    word.heading("帮扶家庭")
    pairs(
        word,
        "基本情况",
        [
            *person(file.holder)[:4],
            ("单位", file.unit_name),
            ("家庭人口", f"{file.people} 人"),
            ("困难类别", file.get_category_display() or "待认定"),
            ("主要原因", file.get_main_cause_display()),
        ],
    )
    measures = list(file.measures.select_related("kind", "owner", "member").order_by("member", "due_on", "created_at"))
    for title, rows in (
        ("一户一策", [row for row in measures if row.member is None]),
        ("一人一策", [row for row in measures if row.member is not None]),
    ):
        if rows:
            word.heading(title)
            word.table("帮扶措施", HEADER, [_row(row) for row in rows], widths=WIDTHS, words=True)
    word.place("帮扶责任人（签名）", BLANK_DAY)
    word.place("困难职工（签名）", BLANK_DAY)
    return word.content()


def _row(measure: Measure) -> tuple[str, ...]:
    helpers = f"{measure.owner}、{measure.partner}" if measure.partner else str(measure.owner)
    result = measure.get_outcome_display() or measure.get_state_display()
    return (
        whom(measure.member, personal=True),
        str(measure.kind),
        measure.what or "—",
        helpers,
        zh_day(measure.due_on),
        f"{result}：{measure.result}" if measure.result else result,
    )
