"""What the demo's cadres answered to the checklists of their visits, from a random source of its own: visits, issues and figures stay as planned."""

from collections.abc import Sequence
from random import Random

from unionportal.core.common.scope import Scope
from unionportal.reporting.demo.records import PlannedVisit
from visits.models import ChecklistItem, ChecklistVersion, Visit
from visits.services import ChecklistInput, day_log_save
from visits.services.sheets import daily_version

Answer = ChecklistItem.Answer
#: Of ten visits that could have a checklist, this many do.
FILLED = 0.85
WORK = ("跟装配线早班，装端盖", "在包装岗位打包贴标", "跟叉车班组转运原料", "在食堂后厨帮厨两小时", "跟仓库盘点半成品")
HEARD = (
    "夜班补贴好几年没有变过",
    "希望暑假能办托管班",
    "宿舍热水晚上不够用",
    "想学数控编程，没有时间去上课",
    "对班组长的排班有意见",
)
TYPED = {
    "situation": ("爱人住院，收入减少", "独自带两个上学的孩子", "在外地务工的家人春节不能回来", "工伤后正在康复"),
    "goods": ("大米一袋、食用油一桶", "棉被一床、牛奶两箱", "防暑药品和毛巾", "学习用品一套"),
    "money": ("未发慰问金", "工会经费慰问金，已当面签收", "企业工会配套慰问金"),
    "wishes": ("希望了解医疗互助的报销", "想换到离家近的岗位", "没有提出要求", "想给孩子申请助学"),
}


class SheetFiller:
    """Answers for the visits of the demo, in the order in which they are logged."""

    def __init__(self) -> None:
        self.rng = Random("demo:checklists")
        self.items: dict[int, Sequence[ChecklistItem]] = {}

    def checklist(self, visit: PlannedVisit) -> ChecklistInput | None:
        """The checklist of a visit's kind, where it has one and the cadre filled it in."""
        rows = ChecklistVersion.objects.in_force(visit.day).filter(checklist__kind=visit.kind, checklist__daily=False)
        offered = list(rows) if visit.kind not in (Visit.Kind.ROUTINE, Visit.Kind.FOLLOW_UP) else []
        if not offered or self.rng.random() > FILLED:
            return None
        version = self.rng.choice(offered)
        answers = {item.code: self._answer(item, visit) for item in self._items(version)}
        return ChecklistInput(version.pk, answers)

    def day_log(self, visit: Visit, actor: Scope) -> None:
        """The log of the day of a stay."""
        if visit.kind != Visit.Kind.STAY or daily_version(visit.visited_on) is None:
            return
        said = {
            "work": self.rng.choice(WORK),
            "heard": self.rng.choice(HEARD),
            "talked_to": str(self.rng.randint(2, 9)),
        }
        day_log_save(visit_id=visit.pk, day=visit.visited_on, answers=said, version=0, actor=actor)

    def _items(self, version: ChecklistVersion) -> Sequence[ChecklistItem]:
        if version.pk not in self.items:
            self.items[version.pk] = list(version.items.select_related("category"))
        return self.items[version.pk]

    def _answer(self, item: ChecklistItem, visit: PlannedVisit) -> str:
        if item.answer == Answer.YES_NO:
            raised = {issue.category for issue in visit.issues}
            bad = 0.3 if item.category is not None and item.category.code in raised else 0.03
            return self.rng.choices(("yes", "no", "na"), weights=(0.92 - bad, bad, 0.08))[0]
        if item.answer == Answer.DONE:
            return "done" if self.rng.random() < 0.4 else "not_done"
        if item.answer == Answer.NUMBER:
            return str(self.rng.randint(0, 4))
        if item.answer == Answer.TEXT:
            return self.rng.choice(TYPED.get(item.code, ("",)))
        return ""
