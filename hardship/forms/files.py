"""The forms of a household and of one person in it."""

from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from hardship import codes
from hardship.forms.fields import KEPT, SECRET, amount, day, pick, words, year
from hardship.models import FileMember, HardshipFile
from hardship.models.files import LINE_LENGTH, NAME_LENGTH, UNIT_LENGTH
from hardship.personal import name_shown, sight_of
from hardship.services import FileInput, MemberInput
from unionportal.core.common.phones import LOST
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.forms import INDUSTRIES
from unionportal.core.orgs.models import Unit


class HouseholdForm(forms.Form):
    """Facts of the household. `file`: the one being changed; what is sealed of it is not shown again."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择镇街。", "invalid_choice": "请选择您负责的镇街。"},
    )
    scheme = pick("建档标准", codes.SCHEMES, required=True, initial="current")
    main_cause = pick("主要致困原因", codes.CAUSES, required=True)
    secondary_causes = forms.MultipleChoiceField(
        label="次要致困原因",
        choices=codes.CAUSES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=f"最多 {codes.SECONDARY_CAUSES_MOST} 个，不含主要原因。",
        error_messages={"invalid_choice": "请从列表中选择。"},
    )
    unit_name = words("工作单位", UNIT_LENGTH)
    unit_nature = pick("单位性质", codes.UNIT_NATURES)
    unit_condition = pick("企业状况", codes.UNIT_CONDITIONS)
    industry = pick("行业门类", tuple(INDUSTRIES))
    worked_since = day("参加工作时间")
    model_worker = pick("劳模类型", codes.MODEL_WORKERS, required=True, initial="none")
    housing = pick("住房类型", codes.HOUSING)
    floor_area = forms.DecimalField(
        label="建筑面积（平方米）",
        max_digits=7,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
        error_messages={"invalid": "请填写数字。", "max_digits": "面积太大，请核对。"},
    )
    hukou = pick("户口类型", codes.HUKOU)
    hukou_area = words("户口所在区划", 6, help_text="6 位行政区划代码，如 330602。", attrs={"inputmode": "numeric"})
    self_help = pick("自救能力", codes.SELF_HELP)
    is_single_parent = forms.BooleanField(label="单亲家庭", required=False)
    is_zero_employment = forms.BooleanField(label="零就业家庭", required=False)
    address = words("住址", LINE_LENGTH, secret=True)
    bank_name = words("开户行", 60)
    card = words("银行卡号", 30, secret=True, attrs={"inputmode": "numeric"})

    def __init__(self, data: Any = None, *, scope: Scope, file: HardshipFile | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        mine = Unit.objects.townships().active().filter(pk__in=sight_of(scope).township_ids)
        self.fields["township"].queryset = mine
        if file is None:
            self.initial["uuid"] = uuid4()
            if len(found := list(mine[:2])) == 1:
                self.initial["township"] = found[0].code
            return
        self.initial.update({each.name: getattr(file, each.name, None) for each in fields(FileInput)})
        self.initial["township"] = file.township.code
        for name in ("address", "card"):
            self.initial[name] = ""
            if getattr(file, f"{name}_sealed"):
                self.fields[name].help_text = KEPT

    def facts(self) -> FileInput:
        return FileInput(**{each.name: self.cleaned_data[each.name] for each in fields(FileInput)})


class PersonForm(forms.Form):
    """Facts of one person. `member`: the one being changed; numbers of theirs are not shown again."""

    name = words("姓名", NAME_LENGTH, secret=True, required=True)
    relation = pick("与户主关系", codes.RELATIONS[1:], required=True)
    id_number = words("身份证号", 24, secret=True, help_text="18 位；新生儿还没有的可不填。")
    born_on = day("出生日期", secret=True, help_text="填了身份证号的不用填。")
    sex = pick("性别", codes.SEXES[1:3], help_text="填了身份证号的不用填。")
    phone = words("电话", 30, secret=True, attrs={"inputmode": "tel"})
    ethnicity = pick("民族", codes.ETHNICITIES)
    political = pick("政治面貌", codes.POLITICAL)
    marriage = pick("婚姻状况", codes.MARRIAGES)
    health = pick("健康状况", codes.HEALTH)
    illness = words("疾病", LINE_LENGTH, secret=True)
    insurance = pick("医保状况", codes.INSURANCE)
    work = pick("工作状态", codes.WORK)
    standing = pick("身份", codes.STANDINGS)
    education = pick("学历", codes.EDUCATION)
    enrolled_year = year("入学年份")
    schooling_years = year("学制（年）")
    workplace = words("单位或学校", LINE_LENGTH, secret=True)
    contract_from = day("合同起")
    contract_to = day("合同止")
    monthly_income = amount("月均收入（元）")

    def __init__(
        self, data: Any = None, *, member: FileMember | None = None, holder: bool = False, **options: Any
    ) -> None:
        super().__init__(data, **options)
        if holder:
            del self.fields["relation"]
            self.fields["id_number"].required = member is None
            self.fields["id_number"].help_text = "18 位，与身份证一致。"
            self.fields["id_number"].error_messages["required"] = "请填写户主的身份证号。"
        if member is None:
            return
        self.initial.update({each.name: getattr(member, each.name, None) for each in fields(MemberInput)})
        self.initial["name"] = "" if (name := name_shown(member, personal=True)) == LOST else name
        self.initial["born_on"] = None
        for name, column in (
            ("id_number", "id"),
            ("phone", "phone"),
            ("illness", "illness"),
            ("workplace", "workplace"),
        ):
            self.initial[name] = ""
            if getattr(member, f"{column}_sealed"):
                self.fields[name].help_text = KEPT

    def facts(self) -> MemberInput:
        given: dict[str, Any] = {each.name: self.cleaned_data.get(each.name) for each in fields(MemberInput)}
        given["relation"] = given["relation"] or codes.HOLDER
        given["monthly_income"] = given["monthly_income"] or Decimal(0)
        return MemberInput(**given)


class FindForm(forms.Form):
    """Looking for a person by an exact number or name; sent in the body, so that it stands in no address and no log."""

    text = words("身份证号、电话或姓名", 30, secret=True, required=True, help_text="须完整、准确。")


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=LINE_LENGTH,
        widget=forms.TextInput(attrs={**SECRET, "placeholder": "如：核对医保报销材料"}),
        error_messages={
            "required": "请写明为什么要看，如“核对医保报销材料”。",
            "max_length": f"最多 {LINE_LENGTH} 个字。",
        },
    )
