"""What the process, its publicity and the plan hold about a household: told to the household, deleted when its time is up (`hardship.parts`)."""

from django.db.models import Q, QuerySet

from hardship.codes import HOLDER
from hardship.models import (
    FileMember,
    FileOpinion,
    HardshipFile,
    HomeSurvey,
    Measure,
    Objection,
    ObjectionReveal,
    PublicityEntry,
    PublicityList,
    SurveyPhoto,
)
from hardship.parts import Part, Told
from hardship.personal import ERASED
from hardship.process import ACTION_LABELS, LEVEL_LABELS
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_day
from unionportal.core.common.phones import LOST
from unionportal.core.common.sealed import Unreadable
from unionportal.core.files.services import attachment_drop


def tell(file: HardshipFile) -> Told:
    """Every step with its opinion, what the surveyors wrote, what was publicised, the measures. Not who objected, nor what: that is somebody else's."""
    told = []
    for step in file.steps.select_related("opinion"):
        words = step.opinion.text if step.opinion else ""
        told.append(
            (zh_day(step.happened_on), f"{LEVEL_LABELS[step.level]}{ACTION_LABELS[step.action]}：{words or '—'}")
        )
    for survey in HomeSurvey.objects.filter(file=file):
        told.append((f"入户调查 {zh_day(survey.surveyed_on)}", _findings(survey)))
    for entry in file.publicity.select_related("list"):
        days = f"{zh_day(entry.list.starts_on)}至{zh_day(entry.list.ends_on)}"
        told.append(
            (
                f"公示 {days}",
                f"{entry.masked_name}，{entry.unit_name}，{entry.category}，{entry.get_proposed_aid_display()}",
            )
        )
    of_household = Q(member__isnull=True) | Q(member__relation=HOLDER)
    return [*told, *_measures(file.measures.filter(of_household))]


def tell_member(member: FileMember) -> Told:
    """The measures made for somebody other than the holder alone (一人一策)."""
    return _measures(member.measures.all())


def _measures(measures: QuerySet[Measure]) -> Told:
    rows = measures.select_related("kind")
    return [(f"帮扶措施 {row.kind}", f"{row.what} {row.result}".strip() or "—") for row in rows]


def erase(file: HardshipFile) -> int:
    """Empty every text and remove every picture; states, days and counts stay for the figures. How many rows were emptied."""
    now = clock.now()
    photos = SurveyPhoto.objects.filter(survey__file=file).select_related("attachment")
    for photo in photos:
        photo.delete()
        attachment_drop(photo.attachment)
    emptied = FileOpinion.objects.filter(file=file).update(text="", redacted_at=now)
    emptied += HomeSurvey.objects.filter(file=file).update(findings_sealed="", redacted_at=now)
    emptied += PublicityEntry.objects.filter(file=file).update(masked_name="**", unit_name="")
    # It may speak of any household of the list: the first whose time is up takes it.
    stopped = PublicityList.objects.filter(entries__file=file, stopped_at__isnull=False).exclude(stop_reason=ERASED)
    emptied += PublicityList.objects.filter(pk__in=stopped.values("pk")).update(stop_reason=ERASED)
    against = Objection.objects.filter(entry__file=file)
    emptied += against.update(words_sealed="", name_sealed="", phone_sealed="", phone_find="")
    against.exclude(decision="").update(decision=ERASED)
    emptied += ObjectionReveal.objects.filter(objection__in=against).exclude(reason=ERASED).update(reason=ERASED)
    measures = Measure.objects.filter(file=file)
    emptied += measures.update(what="", partner="")
    measures.exclude(result="").update(result=ERASED)
    return emptied


def _findings(survey: HomeSurvey) -> str:
    try:
        return survey.opened("findings") or ERASED
    except Unreadable:
        return LOST


PART = Part("process", "办理过程", tell, erase, tell_member)
