"""海曙: 75 hardship workers with 1000 yuan of services a year each, eighteen services by telephone; 56 of them lifted out of hardship by the year's end.

The files are of the schemes before the present one. Everything goes through the services, day by day: the way of each file from application to approval
(the four streets have no aid officer of their own, so one of the district reviews for them), fund, orders and allowances, the lifting.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from stdnum.cn import ric

from hardship import codes
from hardship.models import Fund, HardshipFile, Provider, ServiceKind, ServiceOrder
from hardship.services import FileInput, MemberInput, file_open
from hardship.services.catalogue import price_set, provider_save
from hardship.services.funds import fund_allot, fund_create
from hardship.services.moves import Given, file_move
from hardship.services.orders import order_confirm, order_dispatch, order_settle, order_take
from hardship.services.papers import paper_add
from hardship.services.publicity import publicity_start, settle_publicity
from hardship.services.surveys import Seen, survey_record
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.services import silence
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import add_workdays
from unionportal.core.workcal.demo_clock import start_demo_clock
from unionportal.reporting.demo.moments import on
from unionportal.reporting.demo.scenarios.ground import Ground, Person, Place, lay_ground
from unionportal.reporting.demo.session import long_session

CITY = Place("3302", "宁波市总工会（演示）", "市总")
DISTRICT = Place("330203", "宁波市海曙区总工会（演示）", "区总")
TOWNSHIPS = (
    Place("330203001", "南门街道总工会（演示）", "南门街道"),
    Place("330203002", "江厦街道总工会（演示）", "江厦街道"),
    Place("330203003", "西门街道总工会（演示）", "西门街道"),
    Place("330203004", "月湖街道总工会（演示）", "月湖街道"),
)
PEOPLE = (
    Person("sysadmin", "系统管理（演示）", Role.SYSADMIN, DISTRICT.code),
    Person("security", "安全管理（演示）", Role.SECURITY, DISTRICT.code),
    Person("auditor", "审计（演示）", Role.AUDITOR, DISTRICT.code),
    Person("leader", "徐示例（演示）", Role.LEADER, DISTRICT.code),
    Person("staff", "史示例（演示）", Role.STAFF, DISTRICT.code),
    Person("aid", "闻示例（演示）", Role.AID, DISTRICT.code),
    Person("aid01", "任示例（演示）", Role.AID, DISTRICT.code),
)
FILES, LIFTED = 75, 56
SET_UP_ON, LIFTED_ON = date(2018, 1, 2), date(2018, 12, 20)
STARTS_AT = datetime(2018, 12, 24, 9, 0, tzinfo=clock.SHANGHAI)
#: What each provider takes for what it does, in yuan.
PRICES: dict[str, dict[str, int]] = {
    "甬江家电维修部（演示）": {
        "plumbing": 120,
        "appliances": 180,
        "drains": 150,
        "locks": 160,
        "windows": 200,
        "furniture": 150,
        "computers": 120,
    },
    "月湖家政服务社（演示）": {"cleaning": 160, "hood": 180, "aircon": 120, "moving": 300, "haircut": 20, "care": 240},
    "南门社区卫生站（演示）": {"health": 200, "escort": 150, "counselling": 260},
    "鄞江法律与助学服务站（演示）": {"legal": 300, "tutoring": 200},
}
SURNAMES = "王李张陈徐周林朱吴沈"
SCHEMES = ("national", "provincial", "municipal", "district")
NAMESPACE = UUID("b9b1c2d4-5a0e-5f43-9f57-0d3c6a7e1e75")


def is_loaded() -> bool:
    """Whether the scenario is here. It came in one transaction, so its district tells for all."""
    return Unit.objects.filter(code=DISTRICT.code).exists() and ServiceOrder.objects.exists()


@transaction.atomic
def load(*, password: str, say: Callable[[str], None]) -> None:
    """Build the district and let the year happen. Raises FieldErrors for a password that is refused."""
    say("建立单位与账号…")
    with silence(), long_session():
        with on(SET_UP_ON):
            ground = lay_ground(city=CITY, district=DISTRICT, townships=TOWNSHIPS, people=PEOPLE, password=password)
            player = _Player(ground)
            say(f"{FILES} 份档案，便民服务的资金、单位和价格…")
            player.set_up()
        player.take_in()
        say("一年的便民服务…")
        player.play()
        say(f"{LIFTED} 户脱困…")
        player.lift()
    start_demo_clock(at=STARTS_AT)


class _Player:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.files: list[HardshipFile] = []
        self.offers: list[tuple[ServiceKind, Provider]] = []

    def actor(self, username: str) -> Scope:
        return self.ground.actor(username, on=clock.today())

    def set_up(self) -> None:
        self.files = [self._file(number) for number in range(FILES)]
        staff, today = self.actor("staff"), clock.today()
        fund = fund_create(
            uuid=_uuid("fund"),
            name="便民服务项目基金（演示）",
            source=Fund.Source.OWN,
            purpose=Fund.Purpose.SERVICES,
            budget=Decimal(1000 * FILES),
            start_on=date(today.year, 1, 1),
            end_on=date(today.year, 12, 31),
            actor=staff,
        )
        fund_allot(fund_id=fund.pk, uuid=_uuid("allot"), amount=Decimal(1000 * FILES), happened_on=today, actor=staff)
        services = ServiceKind.objects.in_bulk()
        for name, prices in PRICES.items():
            provider = provider_save(name=name, actor=staff)
            for code, price in prices.items():
                price_set(
                    service=services[code], provider=provider, price=Decimal(price), effective_on=today, actor=staff
                )
                self.offers.append((services[code], provider))

    def _file(self, number: int) -> HardshipFile:
        body = f"330299{1960 + number % 25}{1 + number % 12:02d}15{100 + number * 2:03d}"
        aid = self.actor("aid")
        file = file_open(
            uuid=_uuid(f"file/{number}"),
            township=self.ground.units[TOWNSHIPS[number % len(TOWNSHIPS)].code],
            facts=FileInput(
                scheme=SCHEMES[number % len(SCHEMES)],
                main_cause=codes.CAUSES[number % len(codes.CAUSES)][0],
                unit_name="海曙示例企业",
                housing="commercial",
            ),
            holder=MemberInput(
                name=f"{SURNAMES[number % len(SURNAMES)]}示例",
                id_number=body + ric.calc_check_digit(f"{body}0"),
                phone=f"1390000{number:04d}",
            ),
            actor=aid,
        )
        for version, (kind, member) in enumerate((("authorisation", None), ("consent", file.holder.pk)), file.version):
            paper_add(
                code=file.code,
                version=version,
                uuid=_uuid(f"{kind}/{number}"),
                kind=kind,
                member_id=member,
                signed_on=clock.today(),
                actor=aid,
            )
        return file

    def take_in(self) -> None:
        """The way of the files: who prepares them is the district's first officer, who reviews in the streets' stead the second."""
        self._move_all(SET_UP_ON, "apply", "aid", opinion="家庭困难，申请建档帮扶。")
        with on(SET_UP_ON):
            for number, file in enumerate(self.files):
                self._survey(number, file)
        self._move_all(SET_UP_ON, "appraise", "aid", present=7, agreed=7, opinion="情况属实，同意申报。")
        with on(SET_UP_ON):
            ended = max(self._publicise(street.code) for street in TOWNSHIPS)
        with on(ended + timedelta(days=1)):
            settle_publicity()
        decided = add_workdays(ended, 1).day
        self._move_all(decided, "review", "aid01", opinion="经复核，符合条件。")
        self._move_all(decided, "check", "aid", check_result="consistent")
        self._move_all(decided, "approve", "leader", opinion="同意建档。")

    def _move_all(self, day: date, action: str, who: str, **given: Any) -> None:
        with on(day):
            actor = self.actor(who)
            for file in self.files:
                file_move(code=file.code, action=action, given=Given(day=day, **given), actor=actor)

    def _survey(self, number: int, file: HardshipFile) -> None:
        seen = Seen(
            surveyed_on=clock.today(),
            second_surveyor="任示例（演示）",
            living="here",
            people_home=1,
            income_match="same",
            housing_match="same",
            findings="入户查看，与申报一致。",
        )
        survey_record(uuid=_uuid(f"survey/{number}"), code=file.code, seen=seen, actor=self.actor("aid"))

    def _publicise(self, street: str) -> date:
        """The street's list; its last day."""
        township = self.ground.units[street]
        listed = publicity_start(
            township=township,
            proposed={file.code: "living" for file in self.files if file.township_id == township.pk},
            starts_on=clock.today(),
            actor=self.actor("aid"),
        )
        return listed.ends_on

    def play(self) -> None:
        """Two services for everybody, each of the eighteen in turn; the first worker uses the allowance to the last yuan."""
        for number, file in enumerate(self.files):
            for turn in range(2):
                service, provider = self.offers[(2 * number + turn) % len(self.offers)]
                self._serve(
                    f"{number}/{turn}", file, service, provider, add_workdays(SET_UP_ON, 10 + 2 * number + turn).day
                )
        self._use_up(self.files[0])

    def _serve(self, key: str, file: HardshipFile, service: ServiceKind, provider: Provider, day: date) -> None:
        with on(day):
            order = order_take(
                uuid=_uuid(f"order/{key}"),
                file_code=file.code,
                service=service,
                provider=provider,
                wanted_on=day,
                actor=self.actor("aid"),
            )
            order_dispatch(code=order.code, provider=provider, actor=self.actor("aid"))
        with on(day + timedelta(days=1)):
            order_confirm(
                code=order.code,
                done_on=day,
                cost=order.held,
                satisfaction="satisfied",
                actor=self.actor("aid"),
            )
            order_settle(code=order.code, actor=self.actor("staff"))

    def _use_up(self, file: HardshipFile) -> None:
        left = Decimal(1000) - sum(order.held for order in file.orders.all())
        prices = {code: price for prices in PRICES.values() for code, price in prices.items()}
        for turn in range(10):
            fitting = [offer for offer in self.offers if prices[offer[0].code] <= left]
            if not fitting:
                return
            service, provider = max(fitting, key=lambda offer: prices[offer[0].code])
            self._serve(f"rest/{turn}", file, service, provider, add_workdays(SET_UP_ON, 200 + turn).day)
            left -= prices[service.code]

    def lift(self) -> None:
        """Those of even places first."""
        chosen = [*self.files[::2], *self.files[1::2]][:LIFTED]
        with on(LIFTED_ON):
            given = Given(day=LIFTED_ON, opinion="家庭人均收入连续六个月高于低保标准。")
            for file in chosen:
                file_move(code=file.code, action="lift", given=given, actor=self.actor("leader"))


def _uuid(what: str) -> UUID:
    return uuid5(NAMESPACE, what)
