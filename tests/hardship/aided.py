"""A year of hardship aid with something of everything, for the figures: 2024 in 稽山街道, seen on the cast's Wednesday in September."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from hardship.models import HardshipFile, MeasureKind
from hardship.services.campaigns import campaign_create
from hardship.services.orders import order_dispatch, order_settle
from hardship.services.plans import MeasureInput, measure_finish, measure_set
from hardship.services.receipts import grant_repay
from tests.hardship import money
from tests.hardship.cast import Cast, id_number
from tests.hardship.going import Going
from tests.hardship.test_leads import raised, verified
from tests.hardship.test_orders import confirm, service_fund, take


@dataclass
class Aided:
    """The households: `there` in force, `lifted` in August, `back` lifted in July and in need again."""

    there: HardshipFile
    lifted: HardshipFile
    back: HardshipFile


def aided(cast: Cast) -> Aided:
    """Three households that came in in spring, two leads, 1,600 yuan paid of which 400 came back, two services, three measures."""
    going = Going(cast)
    there, lifted, back = (_came_in(going, date(2024, 4, 1)) for _ in range(3))
    going.move(lifted, "lift", day=date(2024, 8, 5))
    going.move(back, "lift", day=date(2024, 7, 1))
    going.move(going.papers(back, date(2024, 8, 20)), "relapse", day=date(2024, 8, 20))
    verified(cast, raised(cast))
    raised(cast, id_number=id_number(9), name="李示例")
    _paid(cast, there)
    _served(cast, there)
    _planned(cast, going, there)
    return Aided(there, lifted, back)


def _came_in(going: Going, day: date) -> HardshipFile:
    """A household that applied on a day and was approved by the end of the month."""
    file = going.cast.file(who="aid_jishan", now=going.moment(day))
    return going.bring("in_force", going.papers(file, day), day)[0]


def _paid(cast: Cast, file: HardshipFile) -> None:
    campaign = campaign_create(
        uuid=uuid4(),
        name="2024年送清凉",
        kind="cool",
        start_on=cast.now.date(),
        end_on=cast.now.date(),
        actor=cast.scope("staff"),
    )
    first, second = money.fund(cast, name="中央帮扶资金"), money.fund(cast, name="区级帮扶资金", source="district")
    money.everything_paid(cast, money.batch(cast, first, [file], 1000, kind="cool", campaign=campaign))
    living = money.everything_paid(cast, money.batch(cast, second, [file], 600, kind="living"))
    grant_repay(
        code=living.code,
        seq=1,
        uuid=uuid4(),
        amount=Decimal(400),
        received_on=cast.now.date(),
        reason="多发",
        actor=cast.scope("aid"),
    )


def _served(cast: Cast, file: HardshipFile) -> None:
    service_fund(cast)
    offered = money.offered(cast, 80)
    take(cast, file, offered)
    order = take(cast, file, offered)
    order = order_dispatch(code=order.code, provider=offered[1], version=order.version, actor=cast.scope("aid"))
    order = confirm(cast, order, cost=Decimal("65.50"))
    order_settle(code=order.code, version=order.version, actor=cast.scope("staff"))


def _planned(cast: Cast, going: Going, file: HardshipFile) -> None:
    kind, day = MeasureKind.objects.get(code="funds"), date(2024, 6, 3)
    for due_on, ended_on in (
        (date(2024, 8, 20), None),
        (date(2024, 12, 1), None),
        (date(2024, 8, 1), date(2024, 7, 30)),
    ):
        made = measure_set(
            uuid=uuid4(),
            code=file.code,
            measure=MeasureInput(kind=kind, owner=cast.users["aid_jishan"], due_on=due_on),
            actor=going.scope("aid_jishan", day),
            now=going.moment(day),
        )
        if ended_on:
            measure_finish(
                uuid=made.uuid,
                outcome="helped",
                result="已到账",
                ended_on=ended_on,
                actor=going.scope("aid_jishan", ended_on),
                now=going.moment(ended_on),
            )
