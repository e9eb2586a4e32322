from typing import Any

from django import forms

from casework.forms.issues import CategoryChoiceField
from casework.models import Category, StandardAnswer
from casework.selectors import categories_in_order
from casework.services.standard_answers import VARIABLES


class StandardAnswerForm(forms.ModelForm):
    category = CategoryChoiceField(
        Category.objects.none(), label="类别", required=False, to_field_name="code", empty_label="所有类别"
    )

    class Meta:
        model = StandardAnswer
        fields = ["title", "category", "text", "position", "is_active"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "text": f"可以用的变量：{'、'.join(f'{{{name}}}' for name in VARIABLES)}，使用时换成这条诉求的内容。",
            "position": "数字小的排在前面。",
            "is_active": "停用后不再供选用。",
        }
        error_messages = {"title": {"required": "请起一个名称。"}, "text": {"required": "请写内容。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_in_order()

    def _post_clean(self) -> None:
        """The service judges; and an instance shown again must not look saved."""
