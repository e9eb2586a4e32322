"""Checklists on the visit form and on a day of a stay, and the form by which staff edit them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms

from casework.forms.acts import ActForm, day_field
from casework.models import Category
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.widgets import DayInput
from visits.models import ChecklistItem, ChecklistVersion, Sheet, Visit
from visits.models.checklists import ANSWER_LENGTH, CHOICES, FINDING_ANSWERS, FINDINGS, USES
from visits.services import ChecklistInput
from visits.services.checklists import MOST_ITEMS, ItemInput
from visits.sheet_selectors import offered

Answer = ChecklistItem.Answer
PREFIX = "check"
#: The value of the choice that leaves the checklist out.
NONE = "none"
#: Answers that say all is well.
FINE = frozenset({"good", "yes", "done"})
EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """An item with its field; `asks`: whether a finding is possible, which may become an issue."""

    item: ChecklistItem
    field: forms.BoundField

    @property
    def buttons(self) -> list[tuple[str, Any]]:
        """The choices with the tone of each; empty where the answer is typed."""
        values = [value for value, _ in getattr(self.field.field, "choices", ())]
        tones = ["warn" if value in FINDINGS else "ok" if value in FINE else "idle" for value in values]
        return list(zip(tones, self.field, strict=True)) if values else []

    @property
    def asks(self) -> bool:
        return self.item.answer in FINDING_ANSWERS


class SheetForm(forms.Form):
    """The items of one version of a checklist. What was typed is judged by the service."""

    def __init__(self, data: Any = None, *, checklist_version: ChecklistVersion | None, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", PREFIX)
        super().__init__(data, **kwargs)
        self.checklist_version = checklist_version
        self.items = list(checklist_version.items.select_related("category")) if checklist_version else []
        for item in self.items:
            self.fields[item.code] = _control(item)

    @property
    def groups(self) -> list[tuple[str, list[Question]]]:
        """The items in their order, under the names of their groups, as a page shows them: there what must be answered is marked."""
        for item in self.items:
            self.fields[item.code].required = item.required
        questions = [Question(item, self[item.code]) for item in self.items]
        return [(name, list(rows)) for name, rows in groupby(questions, key=lambda question: question.item.group)]

    @property
    def asks(self) -> bool:
        """Whether any item can be found wrong."""
        return any(item.answer in FINDING_ANSWERS for item in self.items)

    def answers(self) -> dict[str, str]:
        """What was typed, by the items' codes; call after `is_valid`."""
        return {item.code: self.cleaned_data.get(item.code) or "" for item in self.items}


class VisitSheet:
    """The part of the visit form that follows its kind: which checklists there are, which one is chosen, and its items.

    `kept`: what is being changed; it goes on with the version it was answered by. `wanted`: the choice of somebody who has sent nothing yet.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        kind: str,
        today: date,
        kept: Sheet | None = None,
        wanted: str = "",
    ) -> None:
        self.kind = kind
        self.options = offered(kind, today) if kind in Visit.Kind.values else []
        old = kept.checklist_version if kept is not None and kept.checklist_version.checklist.kind == kind else None
        if old is not None:
            others = [version for version in self.options if version.checklist_id != old.checklist_id]
            self.options = sorted([old, *others], key=lambda version: version.checklist_id)
        if data is None:
            self.chosen = self._offer(wanted, old)
        else:
            self.chosen = self._sent(str(data.get("checklist") or ""))
        answered = kept.answers.all() if kept is not None and self.chosen == old else ()
        initial = {answer.item.code: answer.value for answer in answered}
        self.form = SheetForm(data, checklist_version=self.chosen, initial=initial)

    def _offer(self, wanted: str, old: ChecklistVersion | None) -> ChecklistVersion | None:
        """The choice made, else what was answered before, else the first there is."""
        if wanted == NONE:
            return None
        made = next((version for version in self.options if str(version.pk) == wanted), None)
        return made or old or next(iter(self.options), None)

    def _sent(self, choice: str) -> ChecklistVersion | None:
        """The choice sent: also a version older than those offered, because a page is answered as it was shown."""
        if not (choice.isascii() and choice.isdigit() and len(choice) < 10):
            return None
        rows = ChecklistVersion.objects.published().select_related("checklist")
        return rows.filter(pk=int(choice), checklist__kind=self.kind, checklist__daily=False).first()

    @property
    def is_chosen(self) -> str:
        """The value of the marked choice."""
        return str(self.chosen.pk) if self.chosen else NONE

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def checklist_input(self) -> ChecklistInput | None:
        """What the services take; call after `is_valid`."""
        if self.chosen is None:
            return None
        return ChecklistInput(self.chosen.pk, self.form.answers())

    def label(self, name: str) -> str:
        """What an item asks."""
        return str(self.form.fields[name].label)

    def refuse(self, name: str, message: str) -> bool:
        """Put a service's refusal at its item; False where there is none."""
        if name not in self.form.fields:
            return False
        self.form.add_error(name, message)
        return True


def _control(item: ChecklistItem) -> forms.Field:
    common: dict[str, Any] = {"label": item.text, "required": False, "help_text": item.hint}
    if item.answer in CHOICES:
        return forms.ChoiceField(choices=CHOICES[item.answer], widget=forms.RadioSelect, **common)
    if item.answer == Answer.DAY:
        return forms.CharField(widget=DayInput, **common)
    if item.answer == Answer.NUMBER:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_length=20, **common)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=ANSWER_LENGTH, **common)


class ChecklistCreateForm(forms.Form):
    """A new checklist, before it has items."""

    kind = forms.ChoiceField(label="用途", choices=USES, initial=Visit.Kind.INSPECTION)
    name = forms.CharField(label="名称", max_length=30, error_messages={"required": "请写名称。"})
    code = forms.CharField(
        label="代码",
        max_length=30,
        help_text="小写字母、数字和下划线，定下后不改，如 fire_safety。",
        widget=forms.TextInput(attrs={"autocapitalize": "off"}),
        error_messages={"required": "请写代码。"},
    )
    daily = forms.BooleanField(label="蹲点期间一天填一份", required=False)


class ItemRowForm(forms.Form):
    """One item; a row without content and code is left out."""

    text = forms.CharField(label="检查内容", required=False, max_length=80)
    answer = forms.ChoiceField(label="填写方式", choices=Answer.choices, required=False, initial=Answer.YES_NO)
    category = forms.ChoiceField(label="问题类别", required=False)
    required = forms.BooleanField(label="必填", required=False)
    code = forms.CharField(
        label="代码", required=False, max_length=30, widget=forms.TextInput(attrs={"autocapitalize": "off"})
    )
    group = forms.CharField(label="分组", required=False, max_length=20)
    hint = forms.CharField(label="提示", required=False, max_length=120)
    unit = forms.CharField(label="单位", required=False, max_length=6)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "不预选"), *categories]

    @property
    def is_empty(self) -> bool:
        return not (self.cleaned_data.get("text") or self.cleaned_data.get("code"))


ItemRows = forms.formset_factory(ItemRowForm, extra=EMPTY_ROWS, max_num=MOST_ITEMS, can_order=True)


def item_rows(data: Any = None, version: ChecklistVersion | None = None) -> Any:
    """The rows of a draft, opened with the items of a version."""
    categories = list(Category.objects.filter(is_active=True).order_by("position", "id").values_list("code", "name"))
    initial = [
        {
            "code": item.code,
            "group": item.group,
            "text": item.text,
            "answer": item.answer,
            "unit": item.unit,
            "hint": item.hint,
            "required": item.required,
            "category": item.category.code if item.category else "",
        }
        for item in (version.items.select_related("category") if version else ())
    ]
    return ItemRows(data, prefix="items", initial=initial, form_kwargs={"categories": categories})


def filled_rows(rows: Any) -> list[Any]:
    """The rows that count, in the order wanted; call after `is_valid`."""
    kept = [row for row in rows.forms if not row.is_empty]
    return sorted(kept, key=lambda row: (row.cleaned_data.get("ORDER") is None, row.cleaned_data.get("ORDER") or 0))


def item_inputs(rows: Any) -> list[ItemInput]:
    """The items behind valid rows."""
    names = ("code", "text", "answer", "group", "unit", "hint", "required", "category")
    return [ItemInput(**{name: row.cleaned_data[name] for name in names}) for row in filled_rows(rows)]


def show_item_errors(rows: Any, error: FieldErrors) -> str:
    """Put refusals at their rows; what belongs to no row is returned."""
    kept = filled_rows(rows)
    rest = []
    for name, message in error.fields.items():
        parts = name.split(".")
        if len(parts) == 3 and int(parts[1]) < len(kept):
            kept[int(parts[1])].add_error(parts[2], message)
        else:
            rest.append(message)
    return " ".join(rest)


class PublishForm(ActForm):
    effective_from = day_field("启用日期")


class SureForm(ActForm):
    """Nothing to fill in: the question is the dialog's."""
