"""The shape of what is typed; what it means is judged by the services."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms

from casework.models import Category
from unionportal.core.accounts.selectors import posted_scope
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.views import add_errors
from unionportal.core.common.widgets import DayInput, HourInput, PhotosField
from unionportal.core.orgs.models import Unit
from visits.forms.checklists import VisitSheet
from visits.models import Sheet, Visit, field_of
from visits.services import MAX_ISSUES, IssueInput, PhotoFacts, VisitInput

#: Empty issue rows a browser without scripts gets.
PLAIN_ROWS = 3

CHECK_LABELS = {
    "morale": "职工状态",
    "vitality": "工会活力",
    "employment": "劳动用工",
    "assistance": "帮扶举措",
    "rights": "权益保障",
}


class CheckField(forms.ChoiceField):
    """One of the five checks, as radio pills; nothing chosen means not seen."""

    widget = forms.RadioSelect

    def __init__(self, name: str) -> None:
        super().__init__(
            label=CHECK_LABELS[name],
            help_text=str(field_of(Visit, name).verbose_name),
            choices=Visit.Check.choices,
            required=False,
        )


class VisitForm(forms.Form):
    """A visit on a phone. `version` is only there when an existing one is changed. Without a cadre: the bare form, for the phone to fill."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "页面编号有误，请刷新页面。"})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target_kind = forms.ChoiceField(label="走访对象", choices=Visit.Target.choices, widget=forms.RadioSelect)
    enterprise = forms.CharField(label="走访单位", required=False, max_length=40)
    target_name = forms.CharField(label="对象名称", required=False, max_length=60)
    township = forms.ChoiceField(label="所在镇街", required=False)
    visited_on = forms.DateField(label="走访日期", widget=DayInput)
    mode = forms.ChoiceField(label="方式", choices=Visit.Mode.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="走访类型", choices=Visit.Kind.choices)
    met = forms.CharField(label="见到的人", required=False, max_length=80)
    headcount = forms.IntegerField(
        label="走访人次", required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1})
    )
    morale = CheckField("morale")
    vitality = CheckField("vitality")
    employment = CheckField("employment")
    assistance = CheckField("assistance")
    rights = CheckField("rights")
    ends_on = forms.DateField(label="蹲点到哪一天", required=False, widget=DayInput)
    began_at = forms.TimeField(label="到达时间", required=False, widget=HourInput)
    ended_at = forms.TimeField(label="离开时间", required=False, widget=HourInput)
    asks = forms.BooleanField(widget=forms.HiddenInput, required=False)  # whoever sends no `asks` could not be asked
    again = forms.BooleanField(label="确是另一次走访", required=False)
    narrative = forms.CharField(
        label="走访情况", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = PhotosField(label="照片", required=False)

    def __init__(
        self,
        *args: Any,
        cadre_id: int | None,
        today: date,
        kept: Sheet | None = None,
        checklist: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if cadre_id is None:
            return
        kind = str(self["kind"].value() or "")
        data = self.data if self.is_bound else None
        self.sheet = VisitSheet(data, kind=kind, today=today, kept=kept, wanted=checklist)
        townships, _ = posted_scope(cadre_id, today)
        own = list(Unit.objects.townships().active().order_by("code"))
        mine = [(u.code, u.short_name) for u in own if u.pk in townships]
        others = [(u.code, u.short_name) for u in own if u.pk not in townships]
        self.fields["township"].choices = [("", "请选择"), ("我的片区", mine), ("其他镇街", others)]
        if len(mine) == 1:
            self.fields["township"].initial = mine[0][0]
        self.fields["visited_on"].widget.attrs["max"] = today.isoformat()

    def is_valid(self) -> bool:
        """The checklist of the visit's kind belongs to the form."""
        return all((super().is_valid(), self.sheet.is_valid()))

    def mark_required(self) -> None:
        """For the page only: which target is needed depends on its kind, and the service judges it."""
        for name in ("enterprise", "target_name", "township"):
            self.fields[name].required = True

    @property
    def checks(self) -> list[forms.BoundField]:
        """The five checks in their order."""
        return [self[name] for name in Visit.CHECKS]

    def visit_input(self, issues: Iterable[IssueInput]) -> VisitInput:
        """What the services take; call after `is_valid`."""
        data = self.cleaned_data
        return VisitInput(
            id=data["id"],
            visited_on=data["visited_on"],
            kind=data["kind"],
            mode=data["mode"],
            target_kind=data["target_kind"],
            enterprise=data["enterprise"] if data["target_kind"] == Visit.Target.ENTERPRISE else "",
            target_name=data["target_name"],
            township=data["township"] if data["target_kind"] != Visit.Target.ENTERPRISE else "",
            met=data["met"],
            headcount=1 if data["headcount"] is None else data["headcount"],
            checks={name: data[name] for name in Visit.CHECKS},
            narrative=data["narrative"],
            ends_on=data["ends_on"] if data["kind"] == Visit.Kind.STAY else None,
            began_at=data["began_at"],
            ended_at=data["ended_at"],
            again=data["again"] if data["asks"] else None,
            checklist=self.sheet.checklist_input(),
            issues=tuple(issues),
            photos=data["photos"],
            photo_facts=photo_facts(self.data),
        )


def photo_facts(data: Any) -> tuple[PhotoFacts, ...]:
    """When and where the chosen photos were taken, in their order: what the page noted beside each. Anything odd is nothing."""
    columns = [data.getlist(f"photo_{name}") for name in ("taken_at", "latitude", "longitude")]
    return tuple(
        PhotoFacts(_cleaned(forms.DateTimeField(), taken), *(_cleaned(forms.DecimalField(), part) for part in place))
        for taken, *place in zip(*columns, strict=False)
    )


def _cleaned(field: forms.Field, text: str) -> Any:
    """What the field makes of the text, or None."""
    try:
        return field.clean(text)
    except forms.ValidationError:
        return None


class IssueForm(forms.Form):
    """One issue found on the visit. A row with nothing in it does not count, so only the service can say what is missing."""

    id = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-client-id": ""}), required=False)
    title = forms.CharField(label="问题", required=False, max_length=80)
    category = forms.ChoiceField(label="类别", required=False)
    description = forms.CharField(
        label="说明", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, categories: Sequence[Category] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "请选择类别"), *((c.code, c.name) for c in categories)]

    def has_changed(self) -> bool:
        """The id is made by the page and is no content."""
        return bool(set(self.changed_data) - {"id"})

    @property
    def is_blank(self) -> bool:
        return not any(str(self.data.get(self.add_prefix(n), "")).strip() for n in ("title", "category", "description"))

    @property
    def is_taken_out(self) -> bool:
        """Whether the row carries the mark that it was taken out."""
        return self.is_bound and self.data.get(self.add_prefix("DELETE")) in ("on", "true", "1")

    def issue_input(self) -> IssueInput:
        data = self.cleaned_data
        return IssueInput(
            id=data.get("id") or uuid4(),
            title=data.get("title", ""),
            category=data.get("category", ""),
            description=data.get("description", ""),
        )


class BaseIssueFormSet(forms.BaseFormSet):
    """Rows are taken out by a hidden mark, so that the numbers of the others stay."""

    deletion_widget = forms.HiddenInput

    @property
    def filled(self) -> list[IssueForm]:
        """The rows that count, in their order; call after `is_valid`."""
        return [f for f in self.forms if not f.is_blank and not f.is_taken_out]

    @property
    def shown(self) -> list[IssueForm]:
        """The rows a page shows."""
        return [f for f in self.forms if not f.is_taken_out]

    @property
    def plain_rows(self) -> list[forms.BaseForm]:
        """Empty rows for browsers without scripts, numbered after those on the page, with ids of their own."""
        start = len(self.forms)
        return [
            self.form(
                prefix=self.add_prefix(index), initial={"id": uuid4()}, use_required_attribute=False, **self.form_kwargs
            )
            for index in range(start, min(start + PLAIN_ROWS, self.max_num))
        ]

    @property
    def plain_total(self) -> int:
        return len(self.forms) + len(self.plain_rows)


IssueFormSet = forms.formset_factory(
    IssueForm, formset=BaseIssueFormSet, extra=0, can_delete=True, max_num=MAX_ISSUES, absolute_max=MAX_ISSUES + 5
)


def issue_formset(data: Any = None) -> BaseIssueFormSet:
    """The rows of issues, with the categories in use."""
    categories = list(Category.objects.filter(is_active=True).order_by("position", "id"))
    formset = cast(BaseIssueFormSet, IssueFormSet(data, prefix="issues", form_kwargs={"categories": categories}))
    formset.categories = categories
    return formset


def shell_forms() -> tuple[VisitForm, BaseIssueFormSet]:
    """The form as a phone keeps it, of nobody and without the database: no townships, no categories, no day."""
    initial = {**initial_of_new(date.min), "id": "", "visited_on": ""}
    form = VisitForm(initial=initial, cadre_id=None, today=date.min)
    form.mark_required()
    return form, cast(BaseIssueFormSet, IssueFormSet(prefix="issues"))


def show_refusal(form: VisitForm, formset: BaseIssueFormSet, error: DomainError) -> None:
    """Put a service's refusal where it belongs: checks and issue rows have fields of their own."""
    if not isinstance(error, FieldErrors):
        add_errors(form, error)
        return
    rest: dict[str, str] = {}
    rows = formset.filled
    for name, message in error.fields.items():
        parts = name.split(".")
        if parts[0] == "issues" and len(parts) == 3 and int(parts[1]) < len(rows):
            row = rows[int(parts[1])]
            row.add_error(parts[2] if parts[2] in row.fields and parts[2] != "id" else None, message)
        elif parts[0] == "checks" and len(parts) == 2:
            rest[parts[1]] = message
        elif parts[:2] == ["checklist", "answers"] and form.sheet.refuse(parts[-1], message):
            form.add_error(None, f"{form.sheet.chosen}：{form.sheet.label(parts[-1])}：{message}")
        else:
            rest[name] = message
    add_errors(form, FieldErrors(rest))


def initial_of(visit: Visit) -> dict[str, Any]:
    """What the form shows of an existing visit."""
    return {
        "id": visit.pk,
        "version": visit.version,
        "target_kind": visit.target_kind,
        "enterprise": visit.enterprise.credit_code if visit.enterprise else "",
        "target_name": visit.target_name,
        "township": visit.township.code,
        "visited_on": visit.visited_on,
        "mode": visit.mode,
        "kind": visit.kind,
        "ends_on": visit.ends_on,
        "began_at": visit.began_at,
        "ended_at": visit.ended_at,
        "met": visit.met,
        "headcount": visit.headcount,
        "narrative": visit.narrative,
        "asks": True,
        **{name: getattr(visit, name) for name in Visit.CHECKS},
    }


def initial_of_new(today: date, enterprise: str = "", visit_id: UUID | None = None, kind: str = "") -> dict[str, Any]:
    """What a fresh form starts with; the id is the client's from here on."""
    return {
        "id": visit_id or uuid4(),
        "target_kind": Visit.Target.ENTERPRISE,
        "enterprise": enterprise,
        "visited_on": today,
        "mode": Visit.Mode.ON_SITE,
        "kind": kind if kind in Visit.Kind.values else Visit.Kind.ROUTINE,
        "headcount": 1,
        "asks": True,
    }
