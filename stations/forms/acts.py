"""Forms of what is done with a station on its page."""

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from stations.models import MapListing, Partner
from stations.models.around import NOTE_LENGTH, PARTNER_LENGTH
from stations.models.history import REASON_LENGTH
from stations.services.grades import RAISED
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role


class OpenForm(ActForm):
    opened_on = day_field("启用日期")

    def prepare(self) -> None:
        self.initial = {"opened_on": clock.today()}


class ReasonForm(ActForm):
    reason = text_field("原因", REASON_LENGTH, rows=2)


class NothingForm(ActForm):
    """An act that asks nothing."""


class WithdrawForm(ReasonForm):
    withdrawn_on = day_field("撤销日期")
    field_order = ["withdrawn_on", "reason"]

    def prepare(self) -> None:
        self.initial = {"withdrawn_on": clock.today()}


class ClosureForm(ActForm):
    start_on = day_field("开始日期")
    end_on = day_field("结束日期", required=False, help_text="当天也关闭；不知道哪天恢复的可不填。")
    reason = text_field("原因", REASON_LENGTH, rows=2, missing="请写明原因，找驿站的人会看到。")

    def prepare(self) -> None:
        self.initial = {"start_on": clock.today()}


class KeeperForm(ActForm):
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="站点管理员",
        to_field_name="username",
        empty_label="请选择",
        error_messages={"required": "请选择站点管理员。", "invalid_choice": "请在站点管理员中选择。"},
    )
    start_on = day_field("开始日期")
    end_on = day_field("结束日期", required=False, help_text="长期管理的可不填。")

    def prepare(self) -> None:
        keepers = User.objects.filter(is_active=True, grants__role=Role.KEEPER).distinct()
        self.fields["user"].queryset = keepers.order_by("pinyin_key", "id")
        self.initial = {"start_on": clock.today()}


class KeeperEndForm(ActForm):
    keepership_id = forms.TypedChoiceField(
        label="结束哪一段", coerce=int, error_messages={"required": "请选择。", "invalid_choice": "请重新选择。"}
    )
    end_on = day_field("最后一天")

    def prepare(self) -> None:
        self.fields["keepership_id"].choices = [
            (row.pk, row.user.display_name) for row in self.subject.keeperships.all() if row.end_on is None
        ]
        self.initial = {"end_on": clock.today()}


class PartnerForm(ActForm):
    kind = forms.ChoiceField(
        label="单位类型", choices=Partner.Kind.choices, error_messages={"required": "请选择单位类型。"}
    )
    name = forms.CharField(label="单位名称", max_length=PARTNER_LENGTH, error_messages={"required": "请写单位名称。"})
    contributes = forms.CharField(
        label="共建内容",
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如：提供场地和水电"}),
    )


class PartnersRemoveForm(ActForm):
    partner_ids = forms.TypedMultipleChoiceField(
        label="去掉哪些单位",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择要去掉的单位。", "invalid_choice": "请重新选择。"},
    )

    def prepare(self) -> None:
        self.fields["partner_ids"].choices = [(row.pk, row.name) for row in self.subject.partners.all()]


class ListingForm(ActForm):
    platform = forms.ChoiceField(
        label="地图",
        choices=MapListing.Platform.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择地图。"},
    )
    state = forms.ChoiceField(
        label="情况",
        choices=MapListing.State.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择上线情况。"},
    )
    since = day_field("从哪天起")

    def prepare(self) -> None:
        self.initial = {"since": clock.today(), "state": "listed"}


class LevelForm(ReasonForm):
    level = forms.ChoiceField(
        label="等级",
        choices=[(level.value, level.label) for level in RAISED],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择等级。"},
    )
    on = day_field("从哪天起")
    field_order = ["level", "on", "reason"]

    def prepare(self) -> None:
        self.initial = {"level": self.subject.level, "on": clock.today()}
