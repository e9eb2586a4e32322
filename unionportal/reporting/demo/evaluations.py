"""The demo's evaluation of 2024 (年评议): nominated in December, scored and locked in January, published on the last day. Source: docs/demo.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

from casework.models import Issue
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo.people import clerk_of
from unionportal.reporting.demo.visiting import random_uuid
from unionportal.reporting.evaluations.working import kept_figures
from visits.evaluation_workflow import PROPOSAL, RESEARCH
from visits.models import EvaluationRound, Nomination, Recusal
from visits.services.awards import award_set
from visits.services.evaluations import evaluation_create, evaluation_move
from visits.services.nominations import (
    NominationInput,
    nomination_admit,
    nomination_refuse,
    nomination_submit,
)
from visits.services.recusals import reviewer_add
from visits.services.scoring import review_save

YEAR = 2024
BEGUN = datetime(2024, 11, 25, 9, 0, tzinfo=SHANGHAI)
OPENED = datetime(2024, 12, 2, 9, 0, tzinfo=SHANGHAI)
REVIEW_BEGUN = datetime(2024, 12, 25, 10, 0, tzinfo=SHANGHAI)
LOCKED_AT = datetime(2025, 1, 17, 17, 40, tzinfo=SHANGHAI)
PUBLISHED_AT = datetime(2025, 1, 17, 17, 50, tzinfo=SHANGHAI)

#: cadre21 is posted to 迪荡街道, where one of the nominations comes from.
REVIEWERS = ("leader", "handler01", "handler11", "cadre21")


@dataclass(frozen=True, slots=True)
class Entry:
    """A nomination of the demo: who handed it in and wrote it, and the points of each reviewer on the criteria; none: it was refused."""

    kind: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    day: date
    township: str = ""
    scores: tuple[tuple[float, ...], ...] = ()
    level: int | None = None


_HIGH, _GOOD, _FAIR, _LOW = (9.5, 9, 9, 9.5), (8.5, 9, 8, 8.5), (8, 7.5, 8, 7), (7, 6.5, 7, 6)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        RESEARCH,
        "快递网点职工建会入会难在哪里",
        "走访七十个末端网点，梳理网点分散、人员流动快、加盟关系复杂三类难点，提出行业联合建会、按片区组建的做法。",
        ("cadre11", "cadre04"),
        date(2024, 12, 6),
        scores=(_HIGH, _GOOD, _HIGH, _HIGH),
        level=1,
    ),
    Entry(
        RESEARCH,
        "小微企业工会经费返还落实情况调研",
        "逐户核对返还账户和到账时间，分析到账慢的原因，提出镇街集中办理、到账回访的建议。",
        ("cadre06",),
        date(2024, 12, 9),
        "330602007",
        scores=(_GOOD, _HIGH, _FAIR),
        level=2,
    ),
    Entry(
        RESEARCH,
        "印染企业高温岗位劳动保护调研",
        "夏季走访高温车间，记录防暑设施、轮换休息和津贴发放情况，归纳可以推广的六条做法。",
        ("cadre14",),
        date(2024, 12, 11),
        scores=(_FAIR, _GOOD, _FAIR, _LOW),
        level=3,
    ),
    Entry(
        PROPOSAL,
        "诉求办结前由驻联干部电话回访一次",
        "办结前多打一个电话，能及早发现办理不到位的情况，减少重办。",
        ("cadre01",),
        date(2024, 12, 5),
        scores=(_HIGH, _GOOD, _HIGH, _GOOD),
        level=1,
    ),
    # These two are given the same points by different reviewers: a tie.
    Entry(
        PROPOSAL,
        "驿站和企业职工之家夜间错时开放",
        "夜班和夜间配送的职工晚上没有去处，建议由相邻企业轮流开放，街道统一公示时间。",
        (clerk_of("330602013"),),
        date(2024, 12, 12),
        "330602013",
        scores=(_GOOD, _FAIR, _GOOD, _FAIR),
        level=2,
    ),
    Entry(
        PROPOSAL,
        "按片区合并举办政策解读会",
        "同一片区企业问得最多的是同几件事，合并举办一次可以答复多条诉求。",
        ("cadre18",),
        date(2024, 12, 17),
        scores=(_FAIR, _GOOD, _FAIR, _GOOD),
        level=2,
    ),
    Entry(
        PROPOSAL,
        "增加走访用车",
        "走访路程远的镇街，建议增加用车保障。",
        ("cadre17",),
        date(2024, 12, 19),
    ),
)
_TEXT = "情况：{abstract}\n做法：结合全年走访记录和诉求台账，逐户核对，分类归纳。\n建议：先在两个镇街试行，一个季度后对照数据评估，再决定是否推开。"
_REFUSED = "属于后勤保障事项，不在合理化建议的范围内。"


def play(users: Mapping[str, User], units: Mapping[str, Unit]) -> EvaluationRound:
    """The whole year's evaluation, each step at its moment. The figures must be computed by then: the lock keeps them."""
    return _Player(users, units).play()


class _Player:
    def __init__(self, users: Mapping[str, User], units: Mapping[str, Unit]) -> None:
        self.users, self.units = users, units
        self.rng = Random("demo:evaluations")

    def play(self) -> EvaluationRound:
        found = self._begin()
        nominations = [self._nominate(found, entry) for entry in ENTRIES]
        self._judge(found, nominations)
        self._score(found, nominations)
        self._settle(found, nominations)
        found.refresh_from_db()
        return found

    def _actor(self, username: str) -> Scope:
        return build_scope(self.users[username], on=clock.today())

    def _move(self, found: EvaluationRound, name: str, who: str = "staff") -> None:
        actor = self._actor(who)
        evaluation_move(round_id=found.pk, move=name, version=None, actor=actor, figures=kept_figures)

    def _begin(self) -> EvaluationRound:
        with clock.at(BEGUN):
            found = evaluation_create(
                year=YEAR,
                nominate_from=date(2024, 12, 2),
                nominate_until=date(2024, 12, 20),
                review_until=date(2025, 1, 15),
                publish_on=date(2025, 1, 17),
                actor=self._actor("staff"),
            )
        with clock.at(OPENED):
            self._move(found, "open")
        return found

    def _nominate(self, found: EvaluationRound, entry: Entry) -> Nomination:
        with clock.at(datetime(entry.day.year, entry.day.month, entry.day.day, 15, 30, tzinfo=SHANGHAI)):
            actor = self._actor(entry.authors[0])
            codes = Issue.objects.visible_to(actor).filter(registered_by_id=actor.user_id, outcome="resolved")
            return nomination_submit(
                uuid=random_uuid(self.rng),
                round_id=found.pk,
                kind=entry.kind,
                given=NominationInput(
                    title=entry.title,
                    abstract=entry.abstract,
                    text=_TEXT.format(abstract=entry.abstract),
                    authors=tuple(self.users[name] for name in entry.authors),
                    unit=self.units[entry.township] if entry.township else None,
                    issues=tuple(codes.order_by("-code").values_list("code", flat=True)[:2]),
                ),
                actor=actor,
            )

    def _judge(self, found: EvaluationRound, nominations: list[Nomination]) -> None:
        with clock.at(REVIEW_BEGUN):
            staff = self._actor("staff")
            for entry, nomination in zip(ENTRIES, nominations, strict=True):
                if entry.scores:
                    nomination_admit(nomination_id=nomination.pk, version=None, actor=staff)
                else:
                    nomination_refuse(nomination_id=nomination.pk, version=None, reason=_REFUSED, actor=staff)
            for name in REVIEWERS:
                reviewer_add(round_id=found.pk, user=self.users[name], actor=staff)
            self._move(found, "review")

    def _score(self, found: EvaluationRound, nominations: list[Nomination]) -> None:
        for number, name in enumerate(REVIEWERS):
            with clock.at(datetime(2025, 1, 6 + number, 10, 0, tzinfo=SHANGHAI)):
                actor = self._actor(name)
                apart = set(
                    Recusal.objects.filter(reviewer__user=self.users[name]).values_list("nomination_id", flat=True)
                )
                for entry, nomination in zip(ENTRIES, nominations, strict=True):
                    if not entry.scores or nomination.pk in apart:
                        continue
                    criteria = found.criteria.filter(kind=entry.kind)
                    points = zip(criteria, entry.scores[number], strict=True)
                    review_save(
                        round_id=found.pk,
                        number=nomination.number,
                        points={each.pk: Decimal(str(given)) for each, given in points},
                        submit=True,
                        actor=actor,
                    )

    def _settle(self, found: EvaluationRound, nominations: list[Nomination]) -> None:
        with clock.at(LOCKED_AT):
            self._move(found, "lock")
            for entry, nomination in zip(ENTRIES, nominations, strict=True):
                if entry.level is not None:
                    award_set(nomination_id=nomination.pk, level=entry.level, actor=self._actor("staff"))
        with clock.at(PUBLISHED_AT):
            self._move(found, "publish", "leader")
