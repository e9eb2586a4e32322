"""The rules that are parameters: what each is called, what it may be, and what holds until the district sets its own value."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from unionportal.core.common.errors import FieldErrors

Value = int | Decimal


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits (inclusive)."""

    least: int
    most: int

    @property
    def hint(self) -> str:
        return f"{self.least} 到 {self.most} 之间的整数"

    def read(self, raw: Any) -> int:
        text = str(raw).strip()
        if not text.isascii() or not text.lstrip("-").isdigit() or not self.least <= int(text) <= self.most:
            raise ValueError(self.hint)
        return int(text)

    def store(self, value: Value) -> Any:
        return int(value)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share in per cent with two decimals, 0 to 100."""

    hint: str = "0 到 100 之间的数，最多两位小数"

    def read(self, raw: Any) -> Decimal:
        try:
            number = Decimal(str(raw).strip().removesuffix("%"))
        except InvalidOperation:
            raise ValueError(self.hint) from None
        if not number.is_finite() or not 0 <= number <= 100 or number != round(number, 2):
            raise ValueError(self.hint)
        return number.quantize(Decimal("0.01"))

    def store(self, value: Value) -> Any:
        return str(value)


@dataclass(frozen=True, slots=True)
class Definition:
    """One parameter. `source` says in words where the default comes from."""

    key: str
    name: str
    group: str
    kind: Whole | Percentage
    default: Value
    unit: str
    help: str
    source: str

    def read(self, raw: Any) -> Value:
        """The value behind what was typed or stored; raises FieldErrors at `value`."""
        try:
            return self.kind.read(raw)
        except ValueError as error:
            raise FieldErrors({"value": f"请填写{error}。"}) from None


PROMISE = "参照12345热线一类的办理时限"
OWN = "本系统的约定，各区可以不同"

_ALL: Iterable[Definition] = (
    Definition(
        "visits.weekly_quota",
        "每周走访任务",
        "走访",
        Whole(0, 20),
        1,
        "次/周",
        "每名驻联干部每周应走访的次数。",
        "区总工会2023年起的做法：每周至少走访一次",
    ),
    Definition(
        "visits.quota_min_workdays",
        "计任务的最少工作日",
        "走访",
        Whole(0, 7),
        3,
        "个工作日",
        "一周的工作日少于这个数（如国庆、春节假期）时，当周不计走访任务。",
        OWN,
    ),
    Definition(
        "visits.key_gap_days",
        "重点企业走访间隔",
        "走访",
        Whole(1, 366),
        30,
        "天",
        "重点企业超过这么多天没有走访，就列入驻联干部的待办。",
        OWN,
    ),
    Definition(
        "meetings.key_gap_weeks",
        "月交流的走访空白",
        "月交流",
        Whole(1, 52),
        8,
        "周",
        "重点企业超过这么多周没有走访，就列入所在分组月交流的议程。",
        OWN,
    ),
    Definition(
        "meetings.most_items",
        "月交流每类议题最多",
        "月交流",
        Whole(5, 100),
        30,
        "件",
        "议程自动汇集时，每一类最多列入几件，最紧急的在前。",
        OWN,
    ),
    Definition(
        "issues.accept_workdays",
        "签收时限",
        "问题诉求",
        Whole(1, 20),
        1,
        "个工作日",
        "交办后，承办单位应在几个工作日内签收。第1天是交办后的下一个工作日。",
        PROMISE,
    ),
    Definition(
        "issues.follow_up_workdays",
        "回访时限",
        "问题诉求",
        Whole(1, 20),
        1,
        "个工作日",
        "反馈后，应在几个工作日内回访。第1天是反馈后的下一个工作日。",
        PROMISE,
    ),
    Definition(
        "issues.extension_notice",
        "延期申请提前量",
        "问题诉求",
        Whole(0, 20),
        1,
        "个工作日",
        "申请延期须在办理期限前至少几个工作日提出。",
        PROMISE,
    ),
    Definition(
        "issues.extension_total",
        "累计延期上限",
        "问题诉求",
        Whole(0, 100),
        20,
        "个工作日",
        "一次办理中累计最多可以延期几个工作日。",
        PROMISE,
    ),
    Definition(
        "issues.supervise_overdue",
        "逾期督办",
        "问题诉求",
        Whole(1, 60),
        5,
        "个工作日",
        "办理逾期达到几个工作日时，系统自动督办。",
        PROMISE,
    ),
    Definition(
        "issues.remind_from",
        "催办开始时间",
        "问题诉求",
        Whole(0, 23),
        9,
        "点",
        "系统只在工作日的这个钟点之后自动催办、督办。",
        OWN,
    ),
    Definition(
        "issues.remind_until",
        "催办结束时间",
        "问题诉求",
        Whole(1, 24),
        18,
        "点",
        "系统只在工作日的这个钟点之前自动催办、督办。",
        OWN,
    ),
    Definition(
        "issues.escalate_redos",
        "提级督办的重办次数",
        "问题诉求",
        Whole(0, 20),
        3,
        "次",
        "重办超过这么多次的诉求，提级督办。",
        PROMISE,
    ),
    Definition(
        "issues.escalate_units",
        "提级督办的退回单位数",
        "问题诉求",
        Whole(2, 20),
        3,
        "个单位",
        "先后有这么多个单位退回过的诉求，提级督办。",
        PROMISE,
    ),
    Definition(
        "notify.quiet_begin",
        "免打扰开始",
        "消息",
        Whole(0, 23),
        21,
        "点",
        "从几点起，邮件和聊天机器人不再发送消息，留到时段结束后发。与结束相同则不设。各人可以另设。",
        OWN,
    ),
    Definition(
        "notify.quiet_end",
        "免打扰结束",
        "消息",
        Whole(0, 23),
        7,
        "点",
        "到几点止恢复发送。",
        OWN,
    ),
    Definition(
        "public.per_address_hour",
        "同一网络每小时扫码反映",
        "一码维权",
        Whole(1, 1000),
        20,
        "次",
        "同一个网络地址一小时内最多提交几次；一家企业的职工常共用一个地址，不宜太小。",
        OWN,
    ),
    Definition(
        "public.per_code_hour",
        "同一个码每小时扫码反映",
        "一码维权",
        Whole(1, 1000),
        60,
        "次",
        "同一个维权码一小时内最多收多少次提交，超过的请稍后再试。",
        OWN,
    ),
    Definition(
        "public.misses_hour",
        "同一网络每小时打错地址",
        "一码维权",
        Whole(1, 1000),
        30,
        "次",
        "同一个网络地址一小时内打开不存在的反映或查询地址，超过这个次数就暂停答复。",
        OWN,
    ),
    Definition(
        "issues.reopen_days",
        "重启期限",
        "问题诉求",
        Whole(1, 3650),
        180,
        "天",
        "办结后多少天内可以重启；超过的请登记新的诉求。",
        OWN,
    ),
    Definition(
        "issues.consult_workdays",
        "会诊意见期限",
        "问题诉求",
        Whole(1, 20),
        3,
        "个工作日",
        "发起会诊后，各单位应在几个工作日内提意见。第1天是发起后的下一个工作日。",
        OWN,
    ),
    Definition(
        "issues.subissue_depth",
        "子诉求层数",
        "问题诉求",
        Whole(1, 5),
        2,
        "层",
        "一条诉求之下最多可以拆几层子诉求。",
        OWN,
    ),
    Definition(
        "papers.answer_workdays",
        "意见书答复期限",
        "一函两书",
        Whole(1, 60),
        15,
        "个工作日",
        "意见书送达后，用人单位应在几个工作日内书面答复。第1天是送达后的下一个工作日。",
        "省工会劳动法律监督条例",
    ),
    Definition(
        "papers.supervisors_least",
        "意见书的调查人数",
        "一函两书",
        Whole(1, 10),
        2,
        "人",
        "发意见书前，至少由几名持证的劳动法律监督员调查。",
        "省工会劳动法律监督条例",
    ),
    Definition(
        "mediation.days",
        "调解期限",
        "调解",
        Whole(1, 90),
        15,
        "天",
        "调解应在申请之日起几天内结束（自然日）。改动只对以后的申请起作用。",
        "省劳动人事争议调解仲裁条例",
    ),
    Definition(
        "mediation.extension_total",
        "调解累计延期上限",
        "调解",
        Whole(0, 90),
        15,
        "天",
        "双方都同意时，一件调解累计最多可以延长几天。",
        OWN,
    ),
    Definition(
        "mediation.representatives_from",
        "推选代表的人数",
        "调解",
        Whole(2, 100),
        10,
        "人",
        "申请人达到几人时，可以推选代表参加调解。",
        "劳动争议调解仲裁法",
    ),
    Definition(
        "analyses.reflection_workdays",
        "心得提交期限",
        "季分析",
        Whole(1, 60),
        10,
        "个工作日",
        "季度结束后，驻联干部应在几个工作日内提交心得；过期仍可提交，但会标明逾期。第1天是季末后的下一个工作日。",
        OWN,
    ),
    Definition(
        "analyses.rising_least",
        "上升类别最少件数",
        "季分析",
        Whole(1, 100),
        3,
        "件",
        "比上季多的类别，本季至少收集这么多件才算上升；不够的标灰，仅供参考。",
        OWN,
    ),
    Definition(
        "analyses.repeat_least",
        "多次反映企业的件数",
        "季分析",
        Whole(2, 50),
        3,
        "件",
        "一个季度内收集到这么多件诉求的企业，列为多次反映企业。",
        OWN,
    ),
    Definition(
        "analyses.repeat_months",
        "同类重复的间隔",
        "季分析",
        Whole(1, 36),
        6,
        "个月",
        "同一企业在这么多个月内又有同类诉求的，列为多次反映企业。",
        OWN,
    ),
    Definition(
        "figures.small_denominator",
        "小基数提示线",
        "统计",
        Whole(0, 1000),
        10,
        "件",
        "分母小于这个数的比率会标注“基数小”，不参与排名。",
        OWN,
    ),
    Definition(
        "figures.resolution_target",
        "化解率目标",
        "统计",
        Percentage(),
        Decimal("95.00"),
        "%",
        "驾驶舱上与化解率对照的目标线。",
        OWN,
    ),
    Definition(
        "figures.freeze_workday",
        "月度数据冻结日",
        "统计",
        Whole(1, 20),
        5,
        "个工作日",
        "次月第几个工作日 18:00 起冻结上月统计数据；冻结后的变动只能作为修订。",
        OWN,
    ),
)

DEFINITIONS: dict[str, Definition] = {definition.key: definition for definition in _ALL}
