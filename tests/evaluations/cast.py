"""A year's evaluation with its people: cadres of two townships, three reviewers who have nothing to do with either."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from tests.people import District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.evaluations.working import kept_figures
from visits.models import EvaluationRound, Nomination, Review
from visits.services.awards import award_set
from visits.services.evaluations import evaluation_create, evaluation_move
from visits.services.nominations import NominationInput, nomination_admit, nomination_submit
from visits.services.recusals import reviewer_add
from visits.services.scoring import review_save

REVIEWERS = ("review1", "review2", "review3")


@dataclass
class Year:
    """The evaluation of the clock's year, nominations open since eleven days and for eighteen more, and who takes part in it."""

    district: District
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        there = self.district
        self.jishan, self.fusheng = there.township(), there.township("330602108")
        office = Unit.objects.create(
            code="office", kind=Unit.Kind.DEPARTMENT, name="办公室", short_name="办公室", parent=there.district
        )
        self.people = {
            "staff": there.staff(name="王调度"),
            "leader": there.leader(name="周主席"),
            "cadre": there.cadre(name="陈驻联"),
            "other": there.cadre([self.fusheng], name="赵富盛"),
            "clerk": there.township_clerk(name="钱稽山"),
            "neighbour": there.township_clerk(self.fusheng, name="孙富盛"),
            "review1": there.handler(name="李权益"),
            "review2": there.handler(unit=there.workroom, name="吴工作室"),
            "review3": there.handler(unit=office, name="郑办公"),
            "auditor": there.auditor(),
            "sysadmin": there.sysadmin(),
        }
        today = clock.today()
        self.round: EvaluationRound = evaluation_create(
            year=today.year,
            nominate_from=today - timedelta(days=11),
            nominate_until=today + timedelta(days=18),
            review_until=today + timedelta(days=33),
            publish_on=today + timedelta(days=38),
            actor=self.scope("staff"),
        )

    def scope(self, name: str) -> Scope:
        return scope_of(self.people[name])

    def client(self, name: str) -> Client:
        return client_for(self.people[name])

    def move(self, name: str, who: str = "staff", **given: Any) -> EvaluationRound:
        self.round = evaluation_move(
            round_id=self.round.pk, move=name, version=None, actor=self.scope(who), figures=kept_figures, **given
        )
        return self.round

    def nominate(
        self, title: str = "快递员入会难在哪里", who: str = "cadre", kind: str = "research", **given: Any
    ) -> Nomination:
        facts = {"title": title, "abstract": "摘要。", "text": "正文。", "authors": (self.people[who],), **given}
        return nomination_submit(
            uuid=uuid4(), round_id=self.round.pk, kind=kind, given=NominationInput(**facts), actor=self.scope(who)
        )

    def admit(self, *nominations: Nomination) -> None:
        for nomination in nominations:
            nomination_admit(nomination_id=nomination.pk, version=None, actor=self.scope("staff"))

    def name_reviewers(self, *who: str) -> None:
        for name in who or REVIEWERS:
            reviewer_add(round_id=self.round.pk, user=self.people[name], actor=self.scope("staff"))

    def under_review(self, *titles: str) -> list[Nomination]:
        """Nominations of the cadre, admitted, before three reviewers."""
        self.move("open")
        found = [self.nominate(title) for title in titles or ("快递员入会难在哪里",)]
        self.admit(*found)
        self.name_reviewers()
        self.move("review")
        return found

    def points(self, nomination: Nomination, number: Decimal | int) -> dict[int, Decimal]:
        """The same points on every criterion."""
        criteria = self.round.criteria.filter(kind=nomination.kind)
        return {each.pk: Decimal(number) for each in criteria}

    def score(self, nomination: Nomination, who: str, number: Any, **given: Any) -> Review:
        return review_save(
            round_id=self.round.pk,
            number=nomination.number,
            points=self.points(nomination, number),
            actor=self.scope(who),
            **{"submit": True, **given},
        )

    def scored(self, nomination: Nomination, *numbers: Any) -> None:
        """By the reviewers in their order."""
        for who, number in zip(REVIEWERS, numbers, strict=False):
            self.score(nomination, who, number)

    def published(self, nomination: Nomination, level: int = 1) -> None:
        self.move("lock", without_missing=True)
        award_set(nomination_id=nomination.pk, level=level, actor=self.scope("staff"))
        self.move("publish", "leader")

    def url(self, path: str = "") -> str:
        return f"/evaluations/{self.round.year}/{path}"
