"""A file on its way: who takes which step, day by day, through the services."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from hardship.models import HardshipFile, HomeSurvey, PublicityList
from hardship.services.moves import Given, file_move
from hardship.services.papers import paper_add
from hardship.services.publicity import publicity_start, settle_publicity
from hardship.services.surveys import Seen, survey_record
from tests.hardship.cast import Cast
from tests.people import scope_of
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Role, Scope
from unionportal.core.workcal.days import add_workdays

SEEN = {
    "second_surveyor": "孙同行",
    "living": "here",
    "people_home": 3,
    "income_match": "same",
    "housing_match": "same",
    "findings": "两间平房，妻子长期透析，只有一人上班。",
}
#: What each step is given, and who takes it.
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "apply": ("aid_jishan", {"opinion": "支出大，生活困难。"}),
    "appraise": ("aid_jishan", {"present": 5, "agreed": 4, "opinion": "情况属实，同意申报。"}),
    "review": ("reviewer", {"opinion": "经复核，情况属实。"}),
    "check": ("aid", {"check_result": "consistent"}),
    "approve": ("leader", {"opinion": "同意建档。"}),
    "lift": ("leader", {"opinion": "连续六个月高于低保标准。"}),
    "clear": ("leader", {"ground": "moved", "opinion": "已迁出本区。"}),
    "reject": ("aid", {"ground": "not_eligible", "opinion": "收入高于标准。"}),
    "renew": ("aid_jishan", {"renewal": "yearly", "opinion": "仍需帮扶。"}),
    "change": ("aid_jishan", {"opinion": "儿子已毕业上班。"}),
    "relapse": ("aid_jishan", {"opinion": "又遭遇事故。"}),
    "reapply": ("aid_jishan", {"opinion": "补充了材料。"}),
    "send_back": ("aid", {"to": "applied", "opinion": "收入材料不全，请补充。"}),
}


@dataclass
class Going:
    """Moves files of the cast's 稽山街道. `reviewer` is the township's second aid officer, who reviews what the first prepared."""

    cast: Cast

    def __post_init__(self) -> None:
        if "reviewer" not in self.cast.users:
            place = self.cast.district
            self.cast.users["reviewer"] = place.person(Role.AID, unit=self.cast.jishan, username="reviewer")

    def moment(self, day: date | None = None) -> datetime:
        return datetime.combine(day or self.cast.now.date(), time(10), SHANGHAI)

    def scope(self, name: str, day: date | None = None) -> Scope:
        return scope_of(self.cast.users[name], on=day or self.cast.now.date())

    def move(
        self, file: HardshipFile, action: str, who: str = "", day: date | None = None, **given: Any
    ) -> HardshipFile:
        """One move, by whoever takes it and with what it needs unless told."""
        usual, facts = STEPS[action]
        on = day or self.cast.now.date()
        return file_move(
            code=file.code,
            action=action,
            given=Given(**{"day": on, **facts, **given}),
            actor=self.scope(who or usual, on),
            now=self.moment(on),
        )

    def papers(self, file: HardshipFile, day: date | None = None) -> HardshipFile:
        """Everybody's consent and the household's authorisation, signed."""
        on = day or self.cast.now.date()
        signer = self.scope("aid_jishan", on)
        for kind, member in [("authorisation", None), *(("consent", m.pk) for m in file.members.all())]:
            file.refresh_from_db()
            with clock.at(self.moment(on)):
                paper_add(
                    code=file.code,
                    version=file.version,
                    uuid=uuid4(),
                    kind=kind,
                    member_id=member,
                    signed_on=on,
                    actor=signer,
                )
        file.refresh_from_db()
        return file

    def draft(self, **changes: Any) -> HardshipFile:
        """A draft that may be sent in."""
        return self.papers(self.cast.file(**{"who": "aid_jishan", **changes}))

    def survey(self, file: HardshipFile, who: str = "aid_jishan", day: date | None = None, **seen: Any) -> HomeSurvey:
        on = day or self.cast.now.date()
        given = Seen(**{"surveyed_on": on, **SEEN, **seen})
        return survey_record(uuid=uuid4(), code=file.code, seen=given, actor=self.scope(who, on), now=self.moment(on))

    def publicise(self, *files: HardshipFile, day: date | None = None) -> PublicityList:
        on = day or self.cast.now.date()
        return publicity_start(
            township=self.cast.jishan,
            proposed=dict.fromkeys((file.code for file in files), "living"),
            starts_on=on,
            actor=self.scope("aid_jishan", on),
            now=self.moment(on),
        )

    def bring(self, state: str, file: HardshipFile | None = None, day: date | None = None) -> tuple[HardshipFile, date]:
        """A file brought to a state by the way in force; with the day it got there."""
        on = day or self.cast.now.date()
        file = file or self.draft()
        HardshipFile.objects.filter(pk=file.pk).update(category="deep")
        steps = iter(("apply", "survey", "appraise", "publicise", "review", "check", "approve"))
        file.refresh_from_db()
        while file.state != state:
            step = next(steps)
            if step == "survey":
                self.survey(file, day=on)
            elif step == "publicise":
                on = add_workdays(self.publicise(file, day=on).ends_on, 1).day
                settle_publicity(now=self.moment(on))
            else:
                self.move(file, step, day=on)
            file.refresh_from_db()
        return file, on
