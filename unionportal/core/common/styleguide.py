"""The living style page: every component with realistic Chinese content. Routed only in DEBUG or demo mode; reads no data of the portal.

if settings.DEBUG or settings.DEMO_MODE:
    urlpatterns += [path("styleguide/", include("unionportal.core.common.styleguide"))]
"""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from unionportal.core.common.formats import SHANGHAI
from unionportal.core.common.widgets import DayInput, ManyFilesInput, MonthInput

CHECKS = [("ok", "好"), ("problem", "有问题"), ("unseen", "未看")]
CATEGORIES = [("refund", "工会经费返还"), ("dispute", "劳动争议"), ("training", "培训需求"), ("safety", "安全隐患")]
TOWNSHIPS = [("", "全部镇街"), ("jishan", "稽山街道"), ("didang", "迪荡街道"), ("fusheng", "富盛镇")]


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    section: str = ""
    badge: int = 0
    active: bool = False


NAV = (
    NavItem("工作台", "#", "home"),
    NavItem("走访", "#", "visit"),
    NavItem("问题诉求", "/issues/", "issue", badge=12, active=True),
    NavItem("周记", "#", "journal"),
    NavItem("企业", "#", "enterprise", "台账"),
    NavItem("困难职工", "#", "heart", "台账", badge=3),
    NavItem("驿站", "#", "station", "台账"),
    NavItem("驾驶舱", "#", "dashboard", "看板与报表"),
    NavItem("报表", "#", "report", "看板与报表"),
    NavItem("设置", "#", "settings", "系统"),
)
TABS = (
    NavItem("工作台", "#", "home", active=True),
    NavItem("走访", "#", "visit"),
    NavItem("记一次走访", "#", "plus"),
    NavItem("诉求", "#", "issue", badge=3),
    NavItem("我的", "#", "user"),
)


class VisitForm(forms.Form):
    """A form of the kinds of field the portal has; not saved anywhere."""

    client_id = forms.CharField(widget=forms.HiddenInput(attrs={"data-client-id": ""}))
    enterprise = forms.CharField(label="走访单位")
    visited_on = forms.DateField(label="走访日期", widget=DayInput, help_text="不能晚于今天")
    mode = forms.ChoiceField(
        label="方式", choices=[("onsite", "上门"), ("phone", "电话"), ("meeting", "座谈")], widget=forms.RadioSelect
    )
    workers = forms.ChoiceField(label="职工状态", choices=CHECKS, widget=forms.RadioSelect)
    vitality = forms.ChoiceField(label="工会活力", choices=CHECKS, widget=forms.RadioSelect)
    employment = forms.ChoiceField(label="劳动用工", choices=CHECKS, widget=forms.RadioSelect)
    met = forms.CharField(label="接待人", max_length=30, required=False)
    category = forms.ChoiceField(label="类别", choices=CATEGORIES)
    amount = forms.DecimalField(
        label="申领金额", required=False, widget=forms.NumberInput(attrs={"inputmode": "decimal"})
    )
    narrative = forms.CharField(label="走访情况", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    satisfied = forms.ChoiceField(
        label="回访评价",
        choices=[("a", "满意"), ("b", "基本满意"), ("c", "不满意")],
        widget=forms.RadioSelect,
        required=False,
    )
    agree = forms.BooleanField(label="企业同意公开答复", required=False)
    photos = forms.FileField(label="照片与附件", required=False, widget=ManyFilesInput)


class IssueRow(forms.Form):
    title = forms.CharField(label="问题", max_length=60)
    category = forms.ChoiceField(label="类别", choices=CATEGORIES)


class FilterForm(forms.Form):
    q = forms.CharField(
        label="关键字",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号、标题、企业"}),
    )
    township = forms.ChoiceField(label="镇街", choices=TOWNSHIPS, required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), ("open", "在办"), ("closed", "已办结")], required=False
    )
    month = forms.CharField(label="收集月份", required=False, widget=MonthInput)


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(
        label="退回原因",
        choices=[("remit", "不属本单位职责"), ("facts", "情况不清"), ("double", "重复交办")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="说明", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


ISSUES = [
    {
        "code": "YC-2024-000612",
        "title": "经费返还款 12 万元未到账，企业不了解申领流程",
        "township": "稽山街道",
        "state": ("已反馈待回访", "link"),
        "left": 1,
        "due": date(2024, 9, 13),
    },
    {
        "code": "YC-2024-000598",
        "title": "夏季车间温度高，职工希望加装降温设备",
        "township": "富盛镇",
        "state": ("办理中", "warn"),
        "left": -1,
        "due": date(2024, 9, 11),
    },
    {
        "code": "YC-2024-000587",
        "title": "希望请消防讲师到厂培训",
        "township": "城南街道",
        "state": ("已化解", "ok"),
        "left": None,
        "due": date(2024, 9, 6),
    },
]
EVENTS = [
    {
        "text": "反馈：返还申请已补齐，财政窗口受理，预计 5 个工作日到账",
        "at": datetime(2024, 9, 12, 9, 20, tzinfo=SHANGHAI),
        "who": "镇街工会 稽山",
        "tone": "link",
        "icon": "reply",
    },
    {
        "text": "会诊：财务科、稽山街道两方意见一致，按全额返还办理",
        "at": datetime(2024, 9, 9, 14, 5, tzinfo=SHANGHAI),
        "who": "区总 王示例",
        "icon": "users",
    },
    {
        "text": "签收（用时 0.4 个工作日）",
        "at": datetime(2024, 9, 6, 10, 11, tzinfo=SHANGHAI),
        "who": "稽山街道总工会",
        "tone": "ok",
        "icon": "check",
    },
    {
        "text": "登记：走访光典芯元（演示）时发现",
        "at": datetime(2024, 9, 5, 15, 58, tzinfo=SHANGHAI),
        "who": "驻联干部 王演示",
        "tone": "brand",
        "icon": "visit",
    },
]
TREND = {
    "id": "trend",
    "title": "化解率（当月收集），近 12 个月",
    "note": "虚线：年度目标 95%",
    "kind": "line",
    "unit": "%",
    "decimals": 2,
    "labels": ["10月", "11月", "12月", "1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月"],
    "series": [
        {"name": "化解率", "values": [88.1, 90.5, 89.66, 92.31, 91.84, 93.62, 92.93, 94.44, 93.88, 95.12, 94.23, 90.38]}
    ],
    "target": 95,
    "target_label": "年度目标",
    "table_head": "月份",
}
MIX = {
    "id": "mix",
    "title": "类别分布，2024年9月收集",
    "kind": "hbar",
    "unit": "件",
    "labels": ["工会经费返还", "劳动争议", "培训需求", "安全隐患", "其他"],
    "series": [{"name": "收集", "values": [14, 11, 9, 8, 10]}],
    "links": ["#a", "#b", "#c", "#d", "#e"],
    "minimum": 0,
    "table_head": "类别",
}
RANK = [
    {"label": "稽山街道", "share": 98.28, "value": "98.28%", "parts": "57/58", "url": "#"},
    {"label": "城南街道", "share": 95.74, "value": "95.74%", "parts": "45/47", "url": "#"},
    {"label": "富盛镇", "share": 92.86, "value": "92.86%", "parts": "26/28", "url": "#"},
    {"label": "陶堰街道", "share": 66.67, "value": "66.67%", "parts": "2/3", "url": "#", "few": True},
]
CONFLICT = [
    {"label": "承办单位", "theirs": "迪荡街道总工会", "mine": "稽山街道总工会", "changed": True},
    {"label": "办理期限", "theirs": "9月18日", "mine": "9月18日", "changed": False},
    {"label": "交办意见", "theirs": "请于本周内上门核实", "mine": "请协助补齐返还材料", "changed": True},
]
ENTERPRISES = [
    {
        "id": 1,
        "label": "光典芯元微电子（演示）",
        "detail": "稽山街道 · 上次 8月8日 · 在办诉求 1",
        "keys": "gdxywdz guangdianxinyuan 光典芯元",
        "chips": [{"label": "重点", "tone": "brand"}],
    },
    {
        "id": 2,
        "label": "广德新越纺织（演示）",
        "detail": "鉴湖街道 · 从未走访",
        "keys": "gdxyfz guangdexinyue 广德新越",
        "chips": [],
    },
    {
        "id": 3,
        "label": "越州物流（演示）",
        "detail": "迪荡街道 · 42 天未走访",
        "keys": "yzwl yuezhouwuliu 越州物流",
        "chips": [{"label": "重点", "tone": "brand"}],
    },
]


class DemoPerson(SimpleNamespace):
    def __str__(self) -> str:
        return self.name


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Everything the page shows."""
    refused = VisitForm({"mode": "onsite", "visited_on": "2024-13-40", "category": "refund"}, auto_id="refused_%s")
    refused.is_valid()
    rows = forms.formset_factory(IssueRow, extra=1, max_num=3, can_delete=True)(prefix="issues")
    return {
        "nav": NAV,
        "tabs": TABS,
        "search_url": "/issues/",
        "clock": SimpleNamespace(today=date(2024, 9, 12), is_demo=True),
        "role_words": "区总 · 工作人员",
        "bell": {"count": 3, "url": "#"},
        "user": DemoPerson(pk=0, is_authenticated=True, name="王示例"),
        "form": VisitForm(
            initial={
                "mode": "onsite",
                "workers": "ok",
                "vitality": "ok",
                "employment": "problem",
                "visited_on": date(2024, 9, 12),
            }
        ),
        "refused": refused,
        "rows": rows,
        "filter_form": FilterForm(request.GET or None),
        "return_form": ReturnForm(),
        "issues": ISSUES,
        "events": EVENTS,
        "steps": [
            {"label": "登记 9/5", "state": "done"},
            {"label": "交办 9/5", "state": "done"},
            {"label": "签收 9/6", "state": "done"},
            {"label": "反馈 9/12", "state": "done"},
            {"label": "回访 · 明天到期", "state": "now"},
            {"label": "办结销号", "state": "todo"},
        ],
        "page": SimpleNamespace(items=ISSUES, next_url="?page=2", previous_url="", count_label="925"),
        "trend": TREND,
        "mix": MIX,
        "rank": RANK,
        "conflict": CONFLICT,
        "published": {"numerator": 876, "denominator": 925},
        "nothing": {"numerator": 0, "denominator": 0},
        "crumbs": [("问题诉求", "#"), ("稽山街道", "#"), ("YC-2024-000612", "")],
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page; a POST shows how a refused form comes back."""
    context = context_of(request)
    if request.method == "POST":
        context["form"] = VisitForm(request.POST, request.FILES)
        context["form"].is_valid()
        context["posted"] = True
    return render(request, "styleguide.html", context, status=422 if request.method == "POST" else 200)


def options(request: HttpRequest) -> JsonResponse:
    """The picker's answers, in the shape real ones have."""
    text = request.GET.get("q", "").strip().lower()
    found: list[dict[str, Any]] = [
        dict(row) for row in ENTERPRISES if text in str(row["keys"]) or text in str(row["label"])
    ]
    for row in found:
        row["marks"] = [[0, 4]] if text else []
        row["group"] = "" if text else "最近走访"
        row.pop("keys")
    return JsonResponse({"results": found, "more": False})


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Pages that are hard to reach on purpose: errors, sign-in."""
    templates = {
        code: f"errors/{code}.html" for code in ("400", "403", "404", "409", "413", "429", "500", "503", "csrf")
    }
    if name == "login":
        return render(request, "accounts/login.html", {"form": LoginLook(), "next": ""})
    if name not in templates:
        raise Http404
    return render(request, templates[name], {"detail": ""})


class LoginLook(forms.Form):
    username = forms.CharField(label="用户名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


app_name = "styleguide"
urlpatterns = [
    path("", styleguide, name="index"),
    path("options/", options, name="options"),
    path("pages/<str:name>/", page, name="page"),
]
