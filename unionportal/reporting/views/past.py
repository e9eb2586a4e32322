"""`/figures/past/`: a period's figures as they were known at a moment."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from unionportal.core.common import clock
from unionportal.core.common.formats import zh_moment
from unionportal.core.common.widgets import DayInput, HourInput
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import kept_months
from unionportal.reporting.moments import AHEAD, BadMoment, first_recorded, is_whole_day, moment_of
from unionportal.reporting.rollups.periods import MONTH, PERIOD_LABELS
from unionportal.reporting.selectors.past import past_figures
from unionportal.reporting.selectors.picker import KINDS, Period, choices, period_of
from unionportal.reporting.selectors.place import units_of
from unionportal.reporting.views.dashboard import chosen_unit
from unionportal.reporting.views.figures import FiguresPage


class PastForm(forms.Form):
    """Which period, of which unit, as known when. Everything but the period may be left out."""

    period = forms.ChoiceField(
        label="哪一期的数据",
        error_messages={
            "required": "请选择月份、季度或年份。",
            "invalid_choice": "没有“%(value)s”这一期的统计数据，请另选。",
        },
    )
    unit = forms.ChoiceField(
        label="范围",
        required=False,
        error_messages={"invalid_choice": "没有“%(value)s”这个单位的统计数据，或不在您的查看范围内。"},
    )
    day = forms.DateField(
        label="截至哪一天",
        required=False,
        widget=DayInput,
        help_text="只算到这一天为止录入的办理记录；不填为本期最后一天。",
        error_messages={"invalid": "看不懂这个日期，应写成 2024-10-31 这样的形式。"},
    )
    time = forms.TimeField(
        label="截至几点",
        required=False,
        widget=HourInput,
        help_text="不填为当天结束。",
        error_messages={"invalid": "看不懂这个时间，应写成 18:00 这样的形式。"},
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, today = kept_months(), clock.today()
        self.units, self.periods = units, dict[str, Period]()
        groups = []
        for kind in KINDS:
            periods = choices(kind, kept.first, today) if kept else []
            self.periods |= {one.value: one for one in periods}
            groups.append((PERIOD_LABELS[kind], [(one.value, one.label) for one in periods]))
        self.fields["period"].choices = groups
        self.fields["unit"].choices = [
            (unit.code, "全区" if unit.kind == Unit.Kind.DISTRICT else unit.short_name) for unit in units
        ]
        before = period_of(MONTH, today).shift(-1).value
        self.fields["period"].initial = before if before in self.periods else None
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_period(self) -> Period:
        return self.periods[self.cleaned_data["period"]]

    def clean_unit(self) -> Unit:
        return chosen_unit(self.units, self.cleaned_data["unit"])

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(AHEAD)
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            found["moment"] = self._moment(found["period"], found["day"])
        return found

    def _moment(self, period: Period, day: date | None) -> datetime | None:
        """The moment asked for; None where nothing can be asked of it, which is said at its field."""
        try:
            moment = moment_of(day or min(period.end, clock.today()), self.cleaned_data["time"])
        except BadMoment as error:
            self.add_error("time", str(error))
            return None
        first = first_recorded()
        if first is None:
            self.add_error("period", "还没有录入过诉求。")
        elif moment < first:
            self.add_error("day", f"那时还没有录入过诉求，最早的记录是 {zh_moment(first)}。")
        elif clock.local_date(moment) < period.start:
            self.add_error("day", f"那时{period.label}还没有开始，请选以后的日期。")
        return moment


class PastView(FiguresPage):
    """The question, and once a period is named the answer; what cannot be asked is said at its field."""

    action = "dashboard.view"
    template_name = "reporting/figures_past.html"
    tab = "figure-past"

    def get(self, request: HttpRequest) -> HttpResponse:
        units = units_of(request.scope)
        chosen_unit(units, "")  # who has none is told so
        form = PastForm(request.GET or None, units=units)
        if not form.is_valid():
            return self.show(request, {"form": form}, status=422 if form.is_bound else 200)
        asked = form.cleaned_data
        past = past_figures(asked["period"], asked["unit"], asked["moment"])
        return self.show(request, {"form": form, "past": past, "is_whole_day": is_whole_day(past.moment)})
