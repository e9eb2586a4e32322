"""Forms of the acts on a file's page, each in its dialog."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm
from hardship import codes
from hardship.forms.fields import amount, day, pick, year
from hardship.personal import name_shown
from unionportal.core.common import clock

SCAN = {"accept": "image/jpeg,image/png,image/webp,.pdf"}


def members_of(form: ActForm) -> list[tuple[int, str]]:
    """Who is in the household now, by name: these forms are for those who work with it."""
    return [
        (member.pk, name_shown(member, personal=True))
        for member in form.subject.members.all()
        if member.left_on is None
    ]


class LineForm(ActForm):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    year = year("年度", required=True)
    kind = forms.ChoiceField(
        label="项目",
        choices=[("", "请选择"), ("收入", codes.INCOME), ("刚性支出", codes.SPENDING)],
        error_messages={"required": "请选择项目。", "invalid_choice": "请从列表中选择。"},
    )
    amount = amount("全年金额（元）", required=True)
    member = forms.TypedChoiceField(label="成员", coerce=int, empty_value=None, required=False)
    source = pick("来源材料", codes.SOURCES, required=True)
    upload = forms.FileField(label="材料照片或扫描件", required=False, widget=forms.ClearableFileInput(attrs=SCAN))

    def prepare(self) -> None:
        self.fields["member"].choices = [("", "全家"), *members_of(self)]
        self.initial.update(uuid=uuid4(), year=self.subject.income_year or clock.today().year)


class GroundsForm(ActForm):
    """One question a ground."""

    def prepare(self) -> None:
        known = {row.ground: row.answer for row in self.subject.disqualifier_answers.all()}
        for ground, label in codes.DISQUALIFIERS:
            self.fields[ground] = forms.ChoiceField(
                label=label, choices=codes.ANSWERS, widget=forms.RadioSelect, required=False
            )
            self.initial[ground] = known.get(ground, "")


class DecideForm(ActForm):
    category = forms.ChoiceField(
        label="困难类别",
        choices=codes.CATEGORIES,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择困难类别。", "invalid_choice": "请从列表中选择。"},
    )
    reason = forms.CharField(
        label="与建议不同的理由",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="请不要写病情、证件号等个人信息。",
        error_messages={"max_length": "最多 200 个字。"},
    )

    def prepare(self) -> None:
        self.initial["category"] = self.subject.category


class PaperForm(ActForm):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = pick("种类", codes.PAPERS, required=True)
    member = forms.TypedChoiceField(label="成员", coerce=int, empty_value=None, required=False)
    signed_on = day("签署日期")
    upload = forms.FileField(label="照片或扫描件", required=False, widget=forms.ClearableFileInput(attrs=SCAN))

    def prepare(self) -> None:
        self.fields["member"].choices = [("", "不属于某一位"), *members_of(self)]
        self.fields["member"].help_text = f"同意书请选成员；未满 {codes.GUARDED_UNTIL} 周岁的由监护人签。"
        self.initial["uuid"] = uuid4()


class WithdrawForm(ActForm):
    paper = forms.TypedChoiceField(label="同意书或授权书", coerce=int, error_messages={"required": "请选择。"})
    withdrawn_on = day("撤回日期", required=True)

    def prepare(self) -> None:
        self.fields["paper"].choices = signed_papers(self.subject)
        self.initial["withdrawn_on"] = clock.today()


def signed_papers(file: Any) -> list[tuple[int, str]]:
    """Consents and authorisations in force."""
    return [
        (
            paper.pk,
            f"{paper.get_kind_display()} {name_shown(paper.member, personal=True) if paper.member else ''}".strip(),
        )
        for paper in file.papers.all()
        if paper.signed_on
        and paper.withdrawn_on is None
        and paper.kind in (codes.CONSENT, codes.GUARDIAN, codes.AUTHORISATION)
    ]


class LeaveForm(ActForm):
    member = forms.TypedChoiceField(label="成员", coerce=int, error_messages={"required": "请选择成员。"})
    left_on = day("离户日期", required=True)
    reason = pick("原因", codes.LEAVING, required=True)

    def prepare(self) -> None:
        self.fields["member"].choices = [(pk, name) for pk, name in members_of(self) if pk != self.subject.holder.pk]
        self.initial["left_on"] = clock.today()


class RemoveLineForm(ActForm):
    line = forms.TypedChoiceField(label="明细", coerce=int, error_messages={"required": "请选择要删除的一行。"})

    def prepare(self) -> None:
        self.fields["line"].choices = [
            (line.pk, f"{line.year} 年 {line.get_kind_display()} {line.amount} 元")
            for line in self.subject.income_lines.all()
        ]
