"""Shapes of input for sign-in, accounts, roles and postings. What is allowed is decided by the services."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from unionportal.core.accounts.models import RoleGrant, SavedView, Substitution, User
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import Unit

REQUIRED = {"required": "请填写这一项。"}
PASSWORD_RULE = "至少 8 位，大写字母、小写字母、数字、符号中至少三类；不要用常见密码或自己的姓名。"


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=help_text,
        error_messages=REQUIRED,
    )


class SignInForm(AuthenticationForm):
    """Name and password. One message for every failure, so that nobody learns who has an account."""

    error_messages = {"invalid_login": "用户名或密码不对，请重新输入。", "inactive": "用户名或密码不对，请重新输入。"}

    username = forms.CharField(
        label="用户名",
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": "请填写用户名。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class PasswordForm(forms.Form):
    """One's own new password."""

    old_password = _password("当前密码", "current-password")
    password = _password("新密码", "new-password", PASSWORD_RULE)
    password_again = _password("再输一次新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data and "password_again" in data and data["password"] != data["password_again"]:
            self.add_error("password_again", "两次输入的新密码不一样。")
        return data


class AccountForm(forms.Form):
    """A person's name and telephone."""

    display_name = forms.CharField(label="姓名", max_length=30, error_messages=REQUIRED)
    phone = forms.CharField(
        label="手机", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class NewAccountForm(AccountForm):
    """A new account; the password is made by the portal."""

    username = forms.CharField(
        label="用户名",
        max_length=30,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        help_text="登录时用，以后不能改。小写字母开头，可含小写字母、数字、点和下划线，3 至 30 位。",
        error_messages=REQUIRED,
    )
    field_order = ["username", "display_name", "phone"]


class GrantForm(forms.Form):
    """A role on a unit."""

    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择角色"), *RoleGrant.Role.choices], error_messages=REQUIRED
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", empty_label="请选择单位", to_field_name="code", error_messages=REQUIRED
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().order_by("code")


class CadreChoice(forms.ModelChoiceField):
    """An active cadre, by name and user name."""

    def __init__(self, label: str) -> None:
        super().__init__(
            User.objects.none(),
            label=label,
            empty_label="请选择驻联干部",
            to_field_name="username",
            error_messages=REQUIRED | {"invalid_choice": "请从列表中选择一名驻联干部。"},
        )

    def label_from_instance(self, user: User) -> str:
        return f"{user.display_name}（{user.username}）"


class PostingForm(forms.Form):
    """A cadre's posting to a township or to one enterprise."""

    cadre = CadreChoice("驻联干部")
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        required=False,
        empty_label="不按镇街",
        to_field_name="code",
        help_text="负责整个镇街时选镇街；只负责一家企业时留空，在下一项选企业。",
    )
    enterprise = forms.IntegerField(label="企业", required=False)  # drawn as a picker by the page
    start_on = forms.DateField(label="开始日期", widget=DayInput(), error_messages=REQUIRED)
    end_on = forms.DateField(
        label="结束日期", widget=DayInput(), required=False, help_text="含当天；不填表示没有定结束日期。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadre"].queryset = User.objects.cadres().order_by("pinyin_key", "id")
        self.fields["township"].queryset = Unit.objects.townships().active().order_by("code")


class PostingEndForm(forms.Form):
    end_on = forms.DateField(
        label="最后一天", widget=DayInput(), help_text="这一天仍由本人负责，次日起不再负责。", error_messages=REQUIRED
    )


class HandOverForm(forms.Form):
    successor = CadreChoice("接任人")
    on = forms.DateField(
        label="交接日期",
        widget=DayInput(),
        help_text="从这一天起由接任人负责，原负责人到前一天为止。在办的诉求随之移交，历史记录不变。",
        error_messages=REQUIRED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = User.objects.cadres().order_by("pinyin_key", "id")


class SubstitutionForm(forms.Form):
    """Who stands in for whom, from when to when; a cadre names only their own substitute (`own`)."""

    cadre = CadreChoice("本岗（谁不在岗）")
    substitute = CadreChoice("代岗人")
    start_on = forms.DateField(label="开始日期", widget=DayInput(), error_messages=REQUIRED)
    end_on = forms.DateField(
        label="结束日期", widget=DayInput(), help_text="含当天；过了这一天自动结束。", error_messages=REQUIRED
    )
    reason = forms.ChoiceField(
        label="原因", choices=[("", "请选择"), *Substitution.Reason.choices], error_messages=REQUIRED
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cadres = User.objects.cadres().order_by("pinyin_key", "id")
        self.fields["substitute"].queryset = cadres
        if own:
            del self.fields["cadre"]
        else:
            self.fields["cadre"].queryset = cadres


class SavedViewForm(forms.Form):
    """What a view is called and for; its conditions come with the list."""

    name = forms.CharField(
        label="名称",
        max_length=SavedView.NAME_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如“本周到期的欠薪”"}),
        error_messages={"required": "请起一个名称。"},
    )
    is_default = forms.BooleanField(label="打开列表时先用这个视图", required=False)
    is_shared = forms.BooleanField(
        label="给全区同事用", required=False, help_text="别人用时只看得到自己范围内的记录，不能修改这个视图。"
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
