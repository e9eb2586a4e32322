"""What a phone keeps for checking stations without signal: the stations one keeps or was drawn for, and the checklists as they hold. Nothing else."""

from datetime import datetime
from typing import Any

from stations.forms.checks import KeptCheckForm
from stations.models import Keepership, SpotTask, Station
from unionportal.core.common.clock import local_date
from unionportal.core.common.scope import Scope
from visits.models import ChecklistVersion, StationUse
from visits.models.checklists import CHOICES
from visits.offline import KeptPage, Part, Start

#: Use of a check as the form and the API name it -> what its checklist is for.
USES = {"self": StationUse.SELF_CHECK, "spot": StationUse.SPOT_CHECK}


def _content(scope: Scope, now: datetime) -> dict[str, Any]:
    """Six queries for any number of stations."""
    today = local_date(now)
    kept = Keepership.objects.in_force(today).filter(user_id=scope.user_id).values("station")
    drawn = SpotTask.objects.open().filter(inspector_id=scope.user_id, draw__quarter__lte=today).values("station")
    stations = [
        {"id": station.code, "label": station.name, "address": station.address, "use": use}
        for use, rows in (("self", kept), ("spot", drawn))
        for station in Station.objects.standing().filter(pk__in=rows).order_by("name", "pk")
    ]
    return {"stations": stations, "checklists": {use: _checklist(use, now) for use in USES}}


def _checklist(use: str, now: datetime) -> dict[str, Any] | None:
    version = ChecklistVersion.objects.in_force(local_date(now)).filter(checklist__kind=USES[use]).first()
    if version is None:
        return None
    return {
        "version": version.pk,
        "name": version.checklist.name,
        "items": [
            {
                "code": item.code,
                "group": item.group,
                "text": item.text,
                "hint": item.hint,
                "unit": item.unit,
                "answer": item.answer,
                "choices": CHOICES.get(item.answer, ()),
                "required": item.required,
            }
            for item in version.items.all()
        ],
    }


def _words() -> dict[str, dict[str, str]]:
    """Answers in words, for two versions of a check side by side."""
    return {"check_answers": {value: label for choices in CHOICES.values() for value, label in choices}}


PART = Part("check.file", _content, _words)
PAGE = KeptPage(
    "stations/care/offline_check.html",
    lambda: {"form": KeptCheckForm()},
    start=Start("检查驿站", "check-circle", "stations"),
)
