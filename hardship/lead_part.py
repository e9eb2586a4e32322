"""What leads and sensing keep of a household that has a file, for `hardship.parts`: told to the household itself, erased with the file."""

from datetime import datetime

from hardship.lead_personal import opened
from hardship.models import FileSignal, HardshipFile, Lead
from hardship.parts import Part, Told
from hardship.personal import ERASED
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_day, zh_moment

_OF_LEAD = ("name", "id", "who", "phone", "words", "basis", "finding", "note")


def tell(file: HardshipFile) -> Told:
    """The leads that led to the file, and what departments' sheets said of its members."""
    told = []
    for lead in file.leads.prefetch_related("reasons"):
        told.append(
            (f"线索 {lead.code}", f"{zh_day(lead.raised_on)}，{lead.get_origin_display()}，{lead.get_cause_display()}")
        )
        told += [("线索的情况", opened(lead, name)) for name in ("words", "finding") if getattr(lead, f"{name}_sealed")]
        told += [("线索的依据", reason.opened("words")) for reason in lead.reasons.all() if reason.words_sealed]
        told += [
            ("线索的查看记录", f"{zh_moment(look.at)}，{look.actor} {look.get_way_display()}")
            for look in lead.looks.select_related("actor")
        ]
    for signal in file.signals.select_related("batch"):
        told.append(("部门数据", f"{zh_day(signal.noticed_on)}，{signal.batch}：{signal.get_kind_display()}"))
    return told


def erase(file: HardshipFile) -> int:
    """Empty what names a person or says how they are; number, cause and days stay for the figures."""
    leads = list(Lead.objects.filter(file=file))
    emptied = sum(erase_lead(lead) for lead in leads)
    signals = FileSignal.objects.filter(file=file)
    return len(leads) + emptied + signals.update(facts_sealed="", facts_find="")


def erase_lead(lead: Lead, now: datetime | None = None) -> int:
    """Empty what names the person of a lead or says how they are, and the typed reasons for looking; returns how many rows hung on it."""
    for name in _OF_LEAD:
        lead.seal(name, "")
    lead.unit_name, lead.erased_at = "", now or clock.now()
    lead.version += 1
    lead.save()
    emptied = lead.reasons.update(words_sealed="")
    return emptied + lead.looks.exclude(reason__in=["", ERASED]).update(reason=ERASED)


PART = Part("leads", "线索和部门数据", tell, erase)
