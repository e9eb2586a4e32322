"""Forms of the supervision papers and their registers."""

from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from casework.models import Paper, PaperKind, Signer, Supervisor
from casework.models.papers import BODY_LENGTH, TEXT_LENGTH
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role


class PaperForm(ActForm):
    """A draft. A demand asks who investigated, a referral to whom it goes and with what material."""

    facts = text_field("事实", TEXT_LENGTH, rows=5)
    basis = text_field("法律依据", TEXT_LENGTH, rows=3)
    advice = text_field("意见和建议", TEXT_LENGTH, rows=5)
    investigated_on = day_field("调查日期", required=False)
    supervisors = forms.ModelMultipleChoiceField(
        Supervisor.objects.all(),
        label="调查人",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="意见书须有两名以上持证监督员调查。",
        error_messages={"invalid_choice": "请在名册中选择。"},
    )
    authority = forms.CharField(
        label="主送机关", max_length=BODY_LENGTH, error_messages={"required": "请填写主送机关。"}
    )
    material = text_field("所附材料", 1000, rows=2, required=False)

    def prepare(self) -> None:
        kind = self.subject.kind
        if kind != PaperKind.REFERRAL:
            del self.fields["authority"]
        elif self.subject.drafted_at is not None:
            del self.fields["authority"]  # stands since the first draft
        if kind != PaperKind.DEMAND:
            del self.fields["investigated_on"], self.fields["supervisors"]
        if kind == PaperKind.REFERRAL:
            self.fields["material"].required = True
        if self.subject.drafted_at is not None:
            self.initial.update(
                {
                    name: getattr(self.subject, name)
                    for name in ("facts", "basis", "advice", "material", "investigated_on")
                }
            )
            self.initial["supervisors"] = list(self.subject.investigators.values_list("supervisor_id", flat=True))


class NewPaperForm(PaperForm):
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        super().prepare()
        self.initial["uuid"] = uuid4()


class SignForm(ActForm):
    """Signing asks nothing: the account says who."""


class ServeForm(ActForm):
    served_on = day_field("送达日期")
    served_way = forms.ChoiceField(label="送达方式", choices=Paper.Way.choices, widget=forms.RadioSelect)
    receiver = forms.CharField(label="签收人", max_length=30, error_messages={"required": "请填写签收人。"})

    def prepare(self) -> None:
        self.initial["served_on"] = clock.today()


class AnswerForm(ActForm):
    answered_on = day_field("答复日期")
    answer = text_field("答复内容", TEXT_LENGTH, rows=5)
    refused = forms.BooleanField(label="对方拒不改正", required=False)

    def prepare(self) -> None:
        self.initial["answered_on"] = clock.today()


class EndForm(ActForm):
    result = forms.ChoiceField(label="整改结果", choices=Paper.Result.choices, widget=forms.RadioSelect)
    result_note = text_field("结果说明", TEXT_LENGTH)
    ended_on = day_field("办结日期")

    def prepare(self) -> None:
        self.initial["ended_on"] = clock.today()


class HandOverForm(ActForm):
    handed_to = forms.CharField(
        label="接收的检察院", max_length=BODY_LENGTH, error_messages={"required": "请填写接收的人民检察院。"}
    )
    handed_on = day_field("移送日期")

    def prepare(self) -> None:
        self.initial["handed_on"] = clock.today()


class SupervisorForm(ActForm):
    name = forms.CharField(label="姓名", max_length=30, error_messages={"required": "请填写姓名。"})
    licence_no = forms.CharField(label="证号", max_length=40, error_messages={"required": "请填写证号。"})
    valid_from = day_field("有效期起")
    valid_to = day_field("有效期止")


class SignerForm(ActForm):
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="签发人",
        to_field_name="username",
        empty_label="请选择",
        error_messages={"required": "请选择签发人。"},
    )
    title = forms.ChoiceField(label="职务", choices=Signer.Title.choices, widget=forms.RadioSelect)
    valid_from = day_field("任职起")
    valid_to = day_field("任职止", required=False)

    def prepare(self) -> None:
        leaders = RoleGrant.objects.filter(role=Role.LEADER).values("user_id")
        self.fields["user"].queryset = User.objects.filter(is_active=True, pk__in=leaders)
        self.initial["valid_from"] = clock.today()


class SignerEndForm(ActForm):
    signer = forms.ModelChoiceField(Signer.objects.filter(valid_to__isnull=True), label="签发人", empty_label=None)
    valid_to = day_field("任职止")


class SeriesForm(ActForm):
    kind = forms.ChoiceField(label="种类", choices=PaperKind.choices, widget=forms.RadioSelect)
    beginning = forms.CharField(
        label="文号字头",
        max_length=30,
        help_text="文号写作：字头〔年份〕序号号。已编号的文书不变。",
        error_messages={"required": "请填写文号字头。"},
    )
