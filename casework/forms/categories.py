from typing import Any

from django import forms

from casework.models import Category
from casework.services.categories import CODE_LENGTH, PROMISE_MOST


class CategoryForm(forms.ModelForm):
    parent = forms.ModelChoiceField(
        Category.objects.none(),
        label="上级类别",
        required=False,
        empty_label="无（一级类别）",
        error_messages={"invalid_choice": "请在一级类别中选择。"},
    )
    promise_workdays = forms.IntegerField(
        label="办理承诺（天数）",
        min_value=1,
        max_value=PROMISE_MOST,
        help_text="只对以后交办的诉求起作用；已交办的期限不变。",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"办理承诺应在 1 到 {PROMISE_MOST} 天之间。"
        ),
    )

    class Meta:
        model = Category
        fields = ["name", "parent", "promise_workdays", "promise_in", "public_hint", "position", "is_active"]
        error_messages = {"name": {"required": "请填写名称。"}}
        widgets = {"promise_in": forms.RadioSelect}
        help_texts = {
            "promise_in": "工作日按国务院公布的放假和调休计算；自然日连续计算，节假日不扣除。",
            "public_hint": "扫码反映时写在类别下面的一句话；留空则不在扫码表单上出现。",
            "position": "数字小的排在前面。",
            "is_active": "停用后不能再登记这一类，已有记录不变。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first_level = Category.objects.filter(parent=None, is_active=True)
        if self.instance.parent_id:
            first_level |= Category.objects.filter(pk=self.instance.parent_id)
        self.fields["parent"].queryset = first_level.exclude(pk=self.instance.pk)

    def validate_unique(self) -> None:
        """The service says it in words."""

    def _post_clean(self) -> None:
        """Nor does Django check the database's constraints: the service does, and says where."""


class NewCategoryForm(CategoryForm):
    code = forms.CharField(
        label="代码",
        max_length=CODE_LENGTH,
        help_text="供接口和导入使用，保存后不能改。如 wage_arrears。",
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": "请填写代码。"},
    )

    class Meta(CategoryForm.Meta):
        fields = ["code", "name", "parent", "promise_workdays", "promise_in", "public_hint", "position"]
