"""The page of one station, and what is done with it there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.views.acts import Act, ActsView
from stations.facts import facility_notes
from stations.forms.acts import (
    ClosureForm,
    KeeperEndForm,
    KeeperForm,
    LevelForm,
    ListingForm,
    NothingForm,
    OpenForm,
    PartnerForm,
    PartnersRemoveForm,
    ReasonForm,
    WithdrawForm,
)
from stations.forms.photos import PhotosForm
from stations.models import Keepership, Station
from stations.opening import closed_on, hours_words
from stations.presentation import LEVEL_TONES, change_event, open_look, station_look
from stations.selectors import grades_of, history_of, stations_whole
from stations.services import (
    closure_add,
    keeper_appoint,
    keeper_end,
    station_level_set,
    station_open,
    station_resume,
    station_suspend,
    station_withdraw,
)
from stations.services.around import listing_set, partner_add, partners_remove
from stations.services.inputs import PartnerInput
from stations.services.log import may_keep, may_manage
from stations.station_page import open_code
from stations.workflow import MOVES
from unionportal.core.common import clock, panels
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import get_or_404


def _may_grade(station: Station, scope: Scope) -> bool:
    return allowed(scope, "station.grade")


def _standing(station: Station) -> bool:
    return station.state in (Station.State.OPEN, Station.State.SUSPENDED)


def _changing(station: Station) -> bool:
    return station.may_change


def _kept_without_end(station: Station) -> bool:
    return any(row.end_on is None for row in station.keeperships.all())


def _move(name: str, form: Any, icon: str, run: Any, words: str, *, primary: bool = False, danger: bool = False) -> Act:
    move = MOVES[name]
    return Act(
        name,
        move.label,
        icon,
        form,
        lambda s, actor, version, given: run(code=s.code, version=version, actor=actor, **given),
        may_manage,
        lambda s: s.state in move.sources,
        words=words,
        primary=primary,
        danger=danger,
    )


STATION_ACTS = (
    _move(
        "withdraw",
        WithdrawForm,
        "close-circle",
        station_withdraw,
        "撤销后不能恢复：维权码停用，站点管理员到当天为止，记录都保留。",
        danger=True,
    ),
    Act(
        "partners-remove",
        "去掉单位",
        "minus",
        PartnersRemoveForm,
        lambda s, actor, version, given: partners_remove(code=s.code, actor=actor, **given),
        may_manage,
        lambda s: s.may_change and bool(s.partners.all()),
    ),
    Act(
        "partner",
        "登记单位",
        "users",
        PartnerForm,
        lambda s, actor, version, given: partner_add(code=s.code, actor=actor, partner=PartnerInput(**given)),
        may_manage,
        _changing,
        submit="保存",
    ),
    Act(
        "keeper-end",
        "结束管理",
        "user",
        KeeperEndForm,
        lambda s, actor, version, given: keeper_end(code=s.code, actor=actor, **given),
        may_manage,
        lambda s: s.may_change and _kept_without_end(s),
    ),
    Act(
        "keeper",
        "安排管理员",
        "user",
        KeeperForm,
        lambda s, actor, version, given: keeper_appoint(code=s.code, actor=actor, **given),
        may_manage,
        _changing,
        submit="保存",
    ),
    Act(
        "listing",
        "登记上线",
        "external",
        ListingForm,
        lambda s, actor, version, given: listing_set(code=s.code, actor=actor, **given),
        may_manage,
        _standing,
        submit="保存",
    ),
    Act(
        "level",
        "评定等级",
        "flag",
        LevelForm,
        lambda s, actor, version, given: station_level_set(code=s.code, version=version, actor=actor, **given),
        _may_grade,
        _standing,
        words="降为基本型、降低星级或撤销，在年度星级的页面办理，写明原因。",
        submit="保存",
    ),
    Act(
        "closure",
        "临时关闭",
        "pause",
        ClosureForm,
        lambda s, actor, version, given: closure_add(code=s.code, actor=actor, **given),
        may_keep,
        _standing,
        words="只关几天的登记在这里，找驿站的人会看到原因和日期。",
        done="已登记临时关闭。",
        submit="保存",
    ),
    _move("suspend", ReasonForm, "pause", station_suspend, "暂停期间不对外开放，门上的码仍可反映问题。"),
    _move("resume", NothingForm, "play", station_resume, "恢复对外开放。", primary=True),
    _move(
        "open",
        OpenForm,
        "check",
        station_open,
        "启用后对外开放，并生成门上用的维权码。要先有坐标和开放时间。",
        primary=True,
    ),
)

#: Where the button of an act stands: at the card it is about, else in the head.
ACT_PLACES = {
    "head": ("withdraw", "suspend", "resume", "open"),
    "hours": ("closure",),
    "keepers": ("keeper-end", "keeper"),
    "partners": ("partners-remove", "partner"),
    "maps": ("listing",),
    "grades": ("level",),
}


class StationView(ActsView):
    action = "station.view"
    template_name = "stations/detail.html"
    acts = STATION_ACTS
    photos_form: PhotosForm | None = None

    def find(self, request: HttpRequest, **where: Any) -> Station:
        return get_or_404(stations_whole(request.scope), code=where["code"])

    def address(self, subject: Station) -> str:
        return reverse("station", args=[subject.code])

    def context(self, request: HttpRequest, subject: Station) -> dict[str, Any]:
        now = clock.now()
        keeps = may_keep(subject, request.scope)
        return {
            "station": subject,
            "places": ACT_PLACES,
            "look": station_look(subject),
            "opening": open_look(subject, now),
            "level_tone": LEVEL_TONES[subject.level],
            "closure_today": closed_on(subject, now.date()),
            "hours": hours_words(subject),
            "closures": list(subject.closures.all()),
            "keepers": [(row, _keeping_state(row, now.date())) for row in subject.keeperships.all()],
            "facility_notes": facility_notes(subject),
            "grades": grades_of(subject),
            "timeline": [change_event(row) for row in history_of(subject)],
            "can_edit": may_manage(subject, request.scope) and subject.may_change,
            "can_keep": keeps and subject.may_change,
            "photos_form": self.photos_form or PhotosForm(),
            "star_year": now.year if request.may("stars.view") and _standing(subject) else None,
            "public_code": open_code(subject) if request.may("code.manage") else None,
            "main_panels": panels.render("station.main", request, subject),
            "side_panels": panels.render("station.side", request, subject),
        }


def _keeping_state(row: Keepership, today: Any) -> str:
    if row.start_on > today:
        return "ahead"
    return "past" if row.end_on is not None and row.end_on < today else "current"
