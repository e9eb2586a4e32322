"""钟管: a township whose 34 hardship households were 15 two years later, each by its own plan. Everything happens through the services, day by day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from hardship.codes import DISQUALIFIERS
from hardship.models import HardshipFile, Measure, MeasureKind
from hardship.services import FileInput, MemberInput, category_decide, file_open, grounds_answer, line_add, member_save
from hardship.services.moves import Given, file_move
from hardship.services.papers import paper_add
from hardship.services.plans import MeasureInput, measure_finish, measure_set
from hardship.services.publicity import publicity_start, settle_publicity
from hardship.services.surveys import Seen, survey_record
from hardship.services.worksheets import recommendation_for
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.services import silence
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import add_workdays
from unionportal.core.workcal.demo_clock import start_demo_clock
from unionportal.reporting.demo.moments import on
from unionportal.reporting.demo.scenarios.ground import Ground, Person, Place, lay_ground
from unionportal.reporting.demo.scenarios.zhongguan_households import Household, households

CITY = Place("3305", "湖州市总工会（演示）", "市总")
DISTRICT = Place("330521", "德清县总工会（演示）", "县总")
TOWNSHIP = Place("330521104", "钟管镇总工会（演示）", "钟管镇")
PEOPLE = (
    Person("sysadmin", "系统管理（演示）", Role.SYSADMIN, DISTRICT.code),
    Person("security", "安全管理（演示）", Role.SECURITY, DISTRICT.code),
    Person("auditor", "审计（演示）", Role.AUDITOR, DISTRICT.code),
    Person("leader", "俞示例（演示）", Role.LEADER, DISTRICT.code),
    Person("staff", "施示例（演示）", Role.STAFF, DISTRICT.code),
    Person("aid", "章示例（演示）", Role.AID, DISTRICT.code),
    Person("aid01", "夏示例（演示）", Role.AID, TOWNSHIP.code),
    Person("aid02", "徐示例（演示）", Role.AID, TOWNSHIP.code),
    Person("township01", "姚示例（演示）", Role.TOWNSHIP, TOWNSHIP.code),
)
SET_UP_ON = date(2017, 1, 9)
STARTS_AT = datetime(2019, 7, 1, 9, 0, tzinfo=clock.SHANGHAI)
#: When the measures of the households still in hardship were drawn up, at the beginning of the last year.
PLANNED_ON = date(2019, 1, 16)
RENEWED_ON = (date(2018, 5, 16), date(2019, 4, 24))
NAMESPACE = UUID("0e7a1f40-1b7e-5c2f-9f6d-6d1f0f9a2a11")


def is_loaded() -> bool:
    """Whether the scenario is here. It came in one transaction, so its township tells for all."""
    return Unit.objects.filter(code=TOWNSHIP.code).exists() and HardshipFile.objects.exists()


@transaction.atomic
def load(*, password: str, say: Callable[[str], None]) -> None:
    """Build the township and let two years and a half happen. Raises FieldErrors for a password that is refused."""
    say("建立单位与账号…")
    with silence(), on(SET_UP_ON):
        ground = lay_ground(city=CITY, district=DISTRICT, townships=[TOWNSHIP], people=PEOPLE, password=password)
    player = _Player(ground)
    say("34 户申请、调查、评议、公示、复核、核查、审批…")
    everybody = households()
    with silence():
        for day in sorted({household.applied_on for household in everybody}):
            player.take_in([household for household in everybody if household.applied_on == day], day)
        say("一户一策、年度复核、脱困…")
        player.help(everybody)
    start_demo_clock(at=STARTS_AT)


class _Player:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.township = ground.units[TOWNSHIP.code]
        self.kinds = {kind.code: kind for kind in MeasureKind.objects.all()}
        self.codes: dict[int, str] = {}

    def actor(self, username: str) -> Scope:
        return self.ground.actor(username, on=clock.today())

    # the way in

    def take_in(self, batch: list[Household], day: date) -> None:
        """A batch from the application to the approval; each step on its workday."""
        with on(day):
            for household in batch:
                self._open(household)
                self._move(household, "apply", "aid01", opinion="家庭困难，申请建档帮扶。")
        with on(add_workdays(day, 3).day):
            for household in batch:
                self._survey(household)
        with on(add_workdays(day, 6).day):
            for household in batch:
                self._move(household, "appraise", "aid01", present=7, agreed=7, opinion="情况属实，同意申报。")
        start = add_workdays(day, 8).day
        with on(start):
            listed = publicity_start(
                township=self.township,
                proposed={self.codes[household.number]: "several" for household in batch},
                starts_on=start,
                actor=self.actor("aid01"),
            )
        reviewed = add_workdays(listed.ends_on, 2).day
        with on(listed.ends_on + timedelta(days=1)):
            settle_publicity()
        for after, action, who, given in (
            (0, "review", "aid02", {"opinion": "经镇总工会复核，符合条件。"}),
            (4, "check", "aid", {"check_result": "consistent"}),
            (6, "approve", "leader", {"opinion": "同意建档。"}),
        ):
            with on(add_workdays(reviewed, after).day):
                for household in batch:
                    self._move(household, action, who, **given)

    def _open(self, household: Household) -> None:
        cause, burden, _ = household.cause
        actor = self.actor("aid01")
        file = file_open(
            uuid=_uuid("file", household),
            township=self.township,
            facts=FileInput(
                main_cause=cause,
                unit_name=household.unit_name,
                housing="self_built",
                address=f"钟管镇示例村 {household.number + 1} 号",
            ),
            holder=MemberInput(
                name=f"{household.surname}示例",
                id_number=household.id_number(spouse=False),
                phone=f"1380000{household.number:04d}",
                health="30" if cause == "6" else "10",
                work="employed" if household.unit_name else "unemployed",
            ),
            actor=actor,
        )
        self.codes[household.number] = file.code
        spouse = member_save(
            code=file.code,
            version=file.version,
            uuid=_uuid("spouse", household),
            facts=MemberInput(
                name=f"{household.surname}示例妻", relation="1", id_number=household.id_number(spouse=True)
            ),
            actor=actor,
        )
        self._papers(household, [file.holder.pk, spouse.pk], actor)
        year = clock.today().year - 1
        for kind, amount, source in (("wages", household.wages, "wage_slip"), (burden, household.burden, "declared")):
            line_add(
                code=file.code,
                version=self._version(file.code),
                uuid=_uuid(kind, household),
                year=year,
                kind=kind,
                amount=amount,
                source=source,
                actor=actor,
            )
        answers = {ground: "no" for ground, _ in DISQUALIFIERS}
        grounds_answer(code=file.code, version=self._version(file.code), answers=answers, actor=actor)
        self._decide(file.code, actor)

    def _papers(self, household: Household, members: list[int], actor: Scope) -> None:
        code = self.codes[household.number]
        for kind, member in (("application", None), ("authorisation", None), *(("consent", pk) for pk in members)):
            paper_add(
                code=code,
                version=self._version(code),
                uuid=_uuid(f"{kind}-{member is None or members.index(member)}", household),
                kind=kind,
                member_id=member,
                signed_on=clock.today(),
                actor=actor,
            )

    def _decide(self, code: str, actor: Scope) -> None:
        """As recommended; where nothing is, a person decides and says why."""
        file = HardshipFile.objects.prefetch_related("income_lines", "disqualifier_answers").get(code=code)
        found = recommendation_for(file, clock.today())
        advised = found[0].category if found else ""
        category_decide(
            code=code,
            version=file.version,
            category=advised or "relative",
            reason="" if advised else "家中支出大，镇总工会评估后认定。",
            actor=actor,
        )

    def _survey(self, household: Household) -> None:
        code = self.codes[household.number]
        survey_record(
            uuid=_uuid("survey", household),
            code=code,
            seen=Seen(
                surveyed_on=clock.today(),
                second_surveyor="嵇示例",
                living="here",
                people_home=2,
                income_match="same",
                housing_match="same",
                findings="入户查看，与申报一致。",
            ),
            actor=self.actor("aid01"),
        )

    # the way out

    def help(self, everybody: list[Household]) -> None:
        """Plans and their results, yearly reviews, and the way out of hardship, in the order of the days."""
        happenings: list[tuple[date, int, Callable[[Household], None], Household]] = []
        for household in everybody:
            happenings.append((date(2017, 6, 7), 0, self._plan, household))
            happenings += [
                (day, 1, self._renew, household)
                for day in RENEWED_ON
                if household.lifted_on is None or day < household.lifted_on
            ]
            if household.lifted_on is None:
                happenings.append((PLANNED_ON, 2, self._plan_anew, household))
            else:
                happenings.append((household.lifted_on, 3, self._lift, household))
        for day, _, happen, household in sorted(happenings, key=lambda each: (each[0], each[1], each[3].number)):
            with on(day):
                happen(household)

    def _plan(self, household: Household) -> None:
        due = household.lifted_on or date(2018, 12, 28)
        for kind in household.cause[2]:
            self._measure(household, kind, "", due)

    def _plan_anew(self, household: Household) -> None:
        """The plan of the last year: what went before had helped in part; the loan for every third, the rest by the cause."""
        self._finish_open(household, "partly", "有所缓解，仍需帮扶。")
        self._measure(household, "loans" if household.number % 3 == 0 else "employment", "-2019", date(2019, 6, 28))
        self._measure(household, household.cause[2][0], "-2019", date(2019, 12, 27))

    def _measure(self, household: Household, kind: str, mark: str, due: date) -> None:
        measure_set(
            uuid=_uuid(f"{kind}{mark}", household),
            code=self.codes[household.number],
            measure=MeasureInput(self.kinds[kind], self.ground.users["aid01"], due),
            actor=self.actor("aid01"),
        )

    def _renew(self, household: Household) -> None:
        self._move(household, "renew", "aid01", renewal="yearly", opinion="仍有困难，继续帮扶。")

    def _lift(self, household: Household) -> None:
        self._finish_open(household, "helped", "收入稳定，困难缓解。")
        self._move(household, "lift", "aid", opinion="家庭人均收入连续六个月高于低保标准。")

    def _finish_open(self, household: Household, outcome: str, result: str) -> None:
        code = self.codes[household.number]
        for measure in Measure.objects.filter(file__code=code, state=Measure.State.OPEN):
            measure_finish(
                uuid=measure.pk, outcome=outcome, result=result, ended_on=clock.today(), actor=self.actor("aid01")
            )

    def _move(self, household: Household, action: str, who: str, **given: Any) -> None:
        facts = Given(**{"day": clock.today(), **given})
        file_move(code=self.codes[household.number], action=action, given=facts, actor=self.actor(who))

    def _version(self, code: str) -> int:
        return HardshipFile.objects.values_list("version", flat=True).get(code=code)


def _uuid(what: str, household: Household) -> UUID:
    return uuid5(NAMESPACE, f"{household.number}/{what}")
