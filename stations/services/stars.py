"""The yearly stars, decided by a person beside the portal's proposal; and what a badly kept station loses. Source: docs/domain.md, "Stars"."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from stations.care_selectors import years_of
from stations.facts import stars_words
from stations.models import Downgrade, StarRating, Station
from stations.models.stars import REASON_LENGTH
from stations.services.grades import put_level, put_stars
from stations.services.log import locked
from stations.services.states import station_withdraw
from stations.star_proposal import Proposal, propose
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

FIRST_YEAR = 2000


def proposal_for(station: Station, year: int, *, now: datetime | None = None) -> Proposal:
    """What the year would earn the station."""
    return propose(years_of([station], year, clock.local_date(now or clock.now()))[station.pk])


def can_be_rated(station: Station, year: int) -> bool:
    """Whether it stands and was open on any day of the year."""
    return station.may_change and station.opened_on is not None and station.opened_on.year <= year


@transaction.atomic
def stars_decide(
    *, code: str, version: int | None, year: int, stars: int, reason: str, actor: Scope, now: datetime | None = None
) -> StarRating:
    """Give a station its stars of a year, once, with the reason; the proposal of this moment is kept beside them. FieldErrors at year, stars, reason.

    The newest rated year's are what the station has: an earlier one decided later is recorded and changes nothing of that.
    """
    moment = now or clock.now()
    station = locked(code, actor, version)
    require(actor, "station.grade")
    problems = _reason_problem(reason)
    if not FIRST_YEAR <= year <= clock.local_date(moment).year:
        problems["year"] = "年度应是今年或以前。"
    elif not can_be_rated(station, year):
        problems["year"] = f"驿站{year}年还没有启用，不能评定。"
    if not 1 <= stars <= 5:
        problems["stars"] = "请选择 1 到 5 星。"
    if problems:
        raise FieldErrors(problems)
    proposal = proposal_for(station, year, now=moment)
    rating = StarRating(
        station=station,
        year=year,
        stars=stars,
        proposed=proposal.stars,
        score=proposal.score,
        working=[
            [line.label, line.words, None if line.points is None else str(line.points), line.most]
            for line in proposal.lines
        ],
        reason=reason.strip(),
        decided_by_id=actor.user_id,
        decided_at=moment,
    )
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError:
        raise FieldErrors({"year": f"{year}年度的星级已经评定；降低星级请用“降级”。"}) from None
    if not StarRating.objects.filter(station=station, year__gt=year).exists():
        put_stars(station, stars, reason=reason, actor=actor, moment=moment)
    record(actor=actor, action="stars.decide", object_type="station", object_id=code, year=year, value=stars)
    return rating


@transaction.atomic
def station_downgrade(
    *,
    code: str,
    version: int | None,
    outcome: str,
    grounds: Sequence[str],
    reason: str,
    actor: Scope,
    level: str = "",
    stars: int | None = None,
    now: datetime | None = None,
) -> Downgrade:
    """Lower a station's level or stars, or withdraw it, for what was neglected. FieldErrors at outcome, grounds, reason, level, stars."""
    moment = now or clock.now()
    station = locked(code, actor, version)
    require(actor, "station.grade")
    before, after, problems = _fall(station, outcome, level, stars)
    problems |= _reason_problem(reason)
    if not grounds or not set(grounds) <= set(Downgrade.Ground.values):
        problems["grounds"] = "请至少选择一项原因。"
    if problems:
        raise FieldErrors(problems)
    found = Downgrade.objects.create(
        station=station,
        outcome=outcome,
        grounds=[ground for ground in Downgrade.Ground.values if ground in grounds],
        before=before,
        after=after,
        reason=reason.strip(),
        decided_by_id=actor.user_id,
        decided_at=moment,
    )
    words = f"{found.grounds_words}：{found.reason}"[:REASON_LENGTH]
    if outcome == Downgrade.Outcome.LEVEL:
        put_level(station, level, reason=words, actor=actor, moment=moment)
    elif outcome == Downgrade.Outcome.STARS:
        put_stars(station, stars, reason=words, actor=actor, moment=moment)
    else:
        station_withdraw(code=code, version=None, reason=words, actor=actor, now=moment)
    record(actor=actor, action="station.downgrade", object_type="station", object_id=code, outcome=outcome)
    return found


def _fall(station: Station, outcome: str, level: str, stars: int | None) -> tuple[str, str, dict[str, str]]:
    """What the station is now and would be, in words, and what is wrong with that."""
    if outcome == Downgrade.Outcome.LEVEL:
        if station.level == Station.Level.BASIC:
            return "", "", {"outcome": "驿站已是基本型，不能再降等级。"}
        # From 标杆型 or 智能化型 there is only one way down.
        if level != Station.Level.BASIC:
            return "", "", {"level": "降级后只能是基本型。"}
        return str(station.get_level_display()), str(Station.Level.BASIC.label), {}
    if outcome == Downgrade.Outcome.STARS:
        if station.stars is None:
            return "", "", {"outcome": "驿站还没有评星。"}
        if stars is not None and not 1 <= stars < station.stars:
            return "", "", {"stars": f"应低于现在的 {station.stars} 星。"}
        return stars_words(station.stars), stars_words(stars), {}
    if outcome == Downgrade.Outcome.WITHDRAWN:
        return str(station.get_state_display()), str(Station.State.WITHDRAWN.label), {}
    return "", "", {"outcome": "请选择怎样处理。"}


def _reason_problem(reason: str) -> dict[str, str]:
    text = reason.strip()
    if not text or len(text) > REASON_LENGTH:
        return {"reason": f"说明最多 {REASON_LENGTH} 个字。" if text else "请写明理由。"}
    return {}
