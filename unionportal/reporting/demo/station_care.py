"""How the demo district's stations are built and cared for: plans and projects, self-checks and a quarter's spot checks, repairs, supplies, stars.

A source of random numbers of its own. Everything goes through the services, each at its day; pictures are drawn, and say so by their looks.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from stations.models import Keepership, Repair, SpotTask, Station
from stations.services.accepting import acceptance_version, project_accept
from stations.services.building import ProjectFacts, build_plan_save, project_move, project_propose
from stations.services.building_records import project_money_add, project_photos_add
from stations.services.check_inputs import CheckInput
from stations.services.checks import check_file, check_review
from stations.services.repairs import repair_move
from stations.services.spot_checks import spot_draw
from stations.services.stars import stars_decide
from stations.services.supplies import supply_add
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo.places import DISTRICT, MARK
from visits.models import ChecklistVersion
from visits.quarters import quarter_of

#: A person by name at a moment -> their scope.
ActorAt = Callable[[str, datetime], Scope]
CHECKED = 12  # so many stations check themselves
MONTHS = (date(2024, 11, 6), date(2024, 12, 5), date(2025, 1, 7))
DRAWN = (datetime(2024, 10, 9, 10, tzinfo=clock.SHANGHAI), datetime(2025, 1, 8, 10, tzinfo=clock.SHANGHAI))
#: Station's number and month of its self-check -> what was found, and what is wrong.
FOUND = {
    (1, 0): ("water", "不出热水"),
    (4, 0): ("microwave", "不加热"),
    (2, 1): ("sign", "灯箱不亮"),
    (7, 2): ("climate", "空调外机有异响"),
    (9, 2): ("first_aid", "创可贴用完了"),
}
MEDICINES = (("藿香正气水", "盒", -11), ("创可贴", "盒", 18), ("碘伏", "瓶", 240), ("退热贴", "盒", 500))
DISTRICT_PLANS = {
    2024: {"new": 0, "renovated": 3, "benchmark": 1, "open_all_day": 0},
    2025: {"new": 2, "renovated": 4, "benchmark": 2, "open_all_day": 1},
}
#: Station's number, year, level, how far the project has come (`building_workflow.MOVES`, then "accept").
PROJECTS = (
    (0, 2024, "basic", ("approve", "start", "finish", "accept")),
    (5, 2024, "basic", ("approve", "start", "finish", "accept")),
    (8, 2024, "basic", ("approve", "start")),
    (11, 2025, "benchmark", ("approve",)),
    (14, 2025, "basic", ()),
)
FINE = ("open_hours", "sign", "clean", "water", "power", "microwave", "climate", "seats", "first_aid", "fire", "wiring")


@dataclass(slots=True)
class CarePlayer:
    """Plays the care of the stations that are there."""

    units: Mapping[str, Unit]
    users: Mapping[str, User]
    actor: ActorAt

    def play(self) -> None:
        source = Random("station-care")
        stations = list(Station.objects.serving().select_related("township").order_by("code"))
        self._spot_checks(stations, DRAWN[0], source, done=3)
        for month, day in enumerate(MONTHS):
            for number, station in enumerate(stations[:CHECKED]):
                self._self_check(number, month, station, datetime.combine(day, time(9), clock.SHANGHAI), source)
        self._spot_checks(stations, DRAWN[1], source, done=1)
        self._repairs()
        self._supplies(stations[0], source)
        self._buildings(stations, source)
        self._stars()

    def _self_check(self, number: int, month: int, station: Station, at: datetime, source: Random) -> None:
        keeping = Keepership.objects.in_force(at.date()).filter(station=station).select_related("user").first()
        if keeping is None or (number + month) % 9 == 8:  # one forgets
            return
        item, remark = FOUND.get((number, month), ("", ""))
        answers = {code: "no" if code == item else "yes" for code in FINE}
        with clock.at(at):
            given = CheckInput(
                _uuid(source),
                station.code,
                "self",
                _version("station_self", at.date()),
                at.date(),
                answers,
                {item: remark} if item else {},
            )
            check, _ = check_file(check=given, actor=self.actor(keeping.user.username, at))
            if month < len(MONTHS) - 1:
                check_review(check_id=check.pk, version=None, actor=self.actor("staff", at))

    def _spot_checks(self, stations: list[Station], at: datetime, source: Random, *, done: int) -> None:
        """The quarter's draw, and the first of its checks."""
        inspectors = [self.users[name] for name in ("cadre01", "cadre02", "cadre03")]
        with clock.at(at):
            spot_draw(
                quarter=quarter_of(at.date()),
                seed=f"{at.date().isoformat()} 演示",
                inspectors=inspectors,
                actor=self.actor("staff", at),
            )
        later = at + timedelta(days=5)
        tasks = (
            SpotTask.objects.open().filter(draw__quarter=quarter_of(at.date())).select_related("station", "inspector")
        )
        for task in list(tasks.order_by("pk")[:done]):
            answers = dict.fromkeys(("map", "open_hours", "sign", "water", "first_aid", "fire", "keeper"), "yes")
            with clock.at(later):
                version = _version("station_spot", later.date())
                given = CheckInput(_uuid(source), task.station.code, "spot", version, later.date(), answers)
                check_file(check=given, actor=self.actor(task.inspector.username, later))

    def _repairs(self) -> None:
        """The first is mended and verified, the second waits to be verified, the third is late, the rest are new."""
        at = datetime(2025, 1, 10, 15, tzinfo=clock.SHANGHAI)
        repairs = list(Repair.objects.select_related("station__township").order_by("opened_on", "pk"))[:3]
        for number, repair in enumerate(repairs):
            keeper = repair.station.keeperships.select_related("user").get().user
            staff = self.actor("staff", at)
            with clock.at(at):
                repair_move(
                    repair_id=repair.pk,
                    action="assign",
                    version=None,
                    assignee=keeper,
                    due_on=at.date() + timedelta(days=2 if number == 2 else 10),
                    actor=staff,
                )
                if number < 2:
                    repair_move(
                        repair_id=repair.pk,
                        action="mend",
                        version=None,
                        actor=self.actor(keeper.username, at),
                        photos=[drawing()],
                        note="已更换配件",
                    )
                if number == 0:
                    repair_move(repair_id=repair.pk, action="verify", version=None, actor=staff)

    def _supplies(self, station: Station, source: Random) -> None:
        """One medicine has expired, one soon will."""
        at = datetime(2025, 1, 9, 9, tzinfo=clock.SHANGHAI)
        for name, unit, days in MEDICINES:
            with clock.at(at):
                supply_add(
                    uuid=_uuid(source),
                    station=station.code,
                    kind="medicine",
                    name=name,
                    unit=unit,
                    quantity=6,
                    least=2,
                    expires_on=date(2025, 1, 20) + timedelta(days=days),
                    actor=self.actor("staff", at),
                )

    def _buildings(self, stations: list[Station], source: Random) -> None:
        for year, numbers in DISTRICT_PLANS.items():
            at = datetime(year, 1, 8, 9, tzinfo=clock.SHANGHAI)
            staff = self.actor("staff", at)
            build_plan_save(
                year=year, unit=self.units[DISTRICT[0]], numbers=numbers, note=f"{year}年工作要点{MARK}", actor=staff
            )
        for number, year, level, steps in PROJECTS:
            at = datetime(year, 12 if year == 2024 else 1, 10, 9, tzinfo=clock.SHANGHAI)
            with clock.at(at):
                self._project(stations[number], year, level, steps, at, source)

    def _project(
        self, station: Station, year: int, level: str, steps: tuple[str, ...], at: datetime, source: Random
    ) -> None:
        staff = self.actor("staff", at)
        facts = ProjectFacts(
            year=year,
            township=station.township,
            kind="renovation",
            name=f"{station.name.removesuffix(MARK)}改造{MARK}",
            budget=Decimal(20_000 + source.randrange(5) * 5_000),
            planned_on=date(year, 12, 20),
            station=station,
            level=level,
        )
        project = project_propose(uuid=_uuid(source), facts=facts, actor=staff)
        for step in steps:
            if step != "accept":
                project = project_move(project_id=project.pk, action=step, version=None, actor=staff)
                continue
            project_photos_add(project_id=project.pk, stage="after", photos=[drawing()], actor=staff)
            version = acceptance_version(project, at.date())
            project_accept(
                uuid=_uuid(source),
                project_id=project.pk,
                version=None,
                checklist=version.pk,
                accepted_on=at.date(),
                answers={item.code: "yes" for item in version.items.all()},
                actor=staff,
            )
        if "start" in steps:
            for kind, part in (("granted", Decimal(1)), ("spent", Decimal("0.6"))):
                project_money_add(
                    uuid=_uuid(source),
                    project_id=project.pk,
                    kind=kind,
                    source="district",
                    amount=(facts.budget * part).quantize(Decimal("0.01")),
                    on=at.date(),
                    actor=staff,
                )

    def _stars(self) -> None:
        """Those of 2024: every other station in December, a few of the rest in January; some are still to be rated."""
        standing = list(Station.objects.standing().order_by("code"))
        december = datetime(2024, 12, 20, 9, tzinfo=clock.SHANGHAI)
        for number, station in enumerate(standing[::2]):
            self._rate(station, 3 + number % 3, "系统自查下半年才启用，按年底实地评分评定", december)
        january = datetime(2025, 1, 14, 9, tzinfo=clock.SHANGHAI)
        for station in [station for station in standing[1::2] if station.state == Station.State.OPEN][:4]:
            self._rate(station, 4, "自查按时，设施完好", january)

    def _rate(self, station: Station, stars: int, reason: str, at: datetime) -> None:
        with clock.at(at):
            stars_decide(
                code=station.code, version=None, year=2024, stars=stars, reason=reason, actor=self.actor("staff", at)
            )


def drawing() -> SimpleUploadedFile:
    """A drawn house, which nobody takes for a photo."""
    image = Image.new("RGB", (320, 240), (223, 236, 247))
    pen = ImageDraw.Draw(image)
    pen.polygon([(60, 120), (160, 50), (260, 120)], fill=(178, 34, 34))
    pen.rectangle([80, 120, 240, 210], fill=(250, 246, 235), outline=(120, 110, 100))
    pen.rectangle([140, 150, 180, 210], fill=(120, 85, 60))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return SimpleUploadedFile("示意图.jpg", out.getvalue(), content_type="image/jpeg")


def _version(code: str, on: date) -> int:
    return ChecklistVersion.objects.in_force(on).get(checklist__code=code).pk


def _uuid(source: Random) -> UUID:
    return UUID(int=source.getrandbits(128), version=4)
