"""Handing a posting over: the posting itself is `accounts`' to write; here the successor is told what is open there."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from unionportal.core.accounts.models import Posting, User
from unionportal.core.accounts.services import posting_hand_over
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.formats import zh_short
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from visits.handing_over import open_work


@transaction.atomic
def hand_over(*, posting: Posting, successor: User, on: date, actor: Scope) -> Posting:
    """The successor answers for the place from the day on and is told of it, with what is open. Errors as `posting_hand_over`."""
    work = open_work(posting, actor, clock.today())
    following = posting_hand_over(posting=posting, successor=successor, on=on, actor=actor)
    words = (
        f"{zh_short(on)}起由您负责{following.target}：未办结诉求 {work.open_issues} 件，其中待回访 {work.to_follow_up} 件；"
        f"久未走访的重点企业 {work.unvisited} 家"
    )
    url = reverse("posting-open", args=[following.pk])
    tell([Told(successor.pk, Kind.TODO)], text=words, url=url, source=f"posting:{following.pk}:hand-over")
    return following


def hand_over_refusal(*, posting: Posting, successor: User, on: date, actor: Scope) -> DomainError | None:
    """Why the hand-over would be refused, None if it would not: it is done and undone at once, so that the preview asks the same rules."""
    try:
        with transaction.atomic():
            posting_hand_over(posting=posting, successor=successor, on=on, actor=actor)
            transaction.set_rollback(True)
    except DomainError as error:
        return error
    return None
