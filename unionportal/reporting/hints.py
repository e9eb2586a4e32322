"""Three steps for somebody who works in a role for the first time; shown on the workbench until they say they have read them."""

from collections.abc import Collection
from dataclasses import dataclass

from unionportal.core.common.scope import Role, Scope


@dataclass(frozen=True, slots=True)
class Hint:
    """The hint of one role: three steps of (what, how)."""

    role: str
    steps: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]


#: In the order in which somebody with several roles reads them.
HINTS = (
    Hint(
        Role.CADRE,
        (
            ("走访后记一次", "点“记一次走访”，企业可以用拼音首字母找，五看各点一下；发现的问题就记在走访里。"),
            ("每周交一份周记", "本周的走访自动汇在周记里，写上体会和打算，提交后就不能再改。"),
            ("有反馈就回访", "承办单位反馈后，工作台会提醒您回访，问企业是否满意。"),
        ),
    ),
    Hint(
        Role.STAFF,
        (
            ("先交办", "新登记的诉求在“待交办”里，选好承办单位；办理期限从交办时起算。"),
            ("再办结", "反馈并回访过的诉求在“待办结”里，写明结果；没办好的可以重办。"),
            ("看得见的数字都能点开", "驾驶舱和报表里的每个数字，点开就是它背后的每一条。"),
        ),
    ),
    Hint(
        Role.TOWNSHIP,
        (
            ("先签收", "交办给本镇街的诉求在“待签收”里，签收后开始办理；不该由本镇街办的可以退回。"),
            ("按期反馈", "红色是已逾期，黄色是快到期；办好后写明情况，点“反馈”。"),
            ("看本镇街的情况", "驾驶舱里是本镇街每月、每季、每年的走访和化解情况。"),
        ),
    ),
    Hint(
        Role.HANDLER,
        (
            ("先签收", "交办给本单位的诉求在“待签收”里；不属于本单位职责的，写明理由退回。"),
            ("按期办理", "打开诉求就能看到期限和办理过程；红色是已逾期，黄色是快到期。"),
            ("写明反馈", "办好后点“反馈”，写清怎么解决的，干部会据此回访企业。"),
        ),
    ),
    Hint(
        Role.LEADER,
        (
            ("先看本月", "工作台上方是全区本月的走访、诉求和化解率，问号里有口径。"),
            ("数字都能点开", "点任何一个数字，就能看到它背后的每一条走访或诉求。"),
            ("关注逾期和重办", "逾期、多次重办的诉求列在下面；年度报告在“报表”里下载。"),
        ),
    ),
    Hint(
        Role.SYSADMIN,
        (
            ("建账号", "为每个使用的人建一个账号，把一次性密码交给本人；角色由安全管理员授予。"),
            ("安排分工", "为驻联干部安排镇街和企业，他们才能看到范围内的企业、记走访。"),
            ("核对规则", "参数和工作日历决定任务和期限，改动按生效日期，不影响过去。"),
        ),
    ),
    Hint(
        Role.SECURITY,
        (
            ("按需授权", "在账号页上授予角色并选好单位，一个人可以有几个角色。"),
            ("三员分立", "系统、安全、审计三类管理员须由不同的人担任，也不能给自己授权。"),
            ("及时收回", "岗位变动时撤销角色，对方下一次打开页面就生效。"),
        ),
    ),
    Hint(
        Role.AUDITOR,
        (
            ("查谁做了什么", "审计记录里有每次登录、改动和办理，可按人、时间、类型筛选。"),
            ("只能看不能改", "记录只增不减，任何人都不能修改或删除。"),
            ("留意异常", "重点看登录失败、锁定、重置密码和角色变动。"),
        ),
    ),
    Hint(
        Role.AID,
        (
            ("建立档案", "在“困难帮扶”里为一户建档：先户主，再成员、收支明细和材料。"),
            ("认定类别", "系统按参数算出建议并列出算式，由您核查后认定。"),
            ("看了就留痕", "证件号、电话和卡号要写明理由才能看，每次查看都记在档案上。"),
        ),
    ),
    Hint(
        Role.KEEPER,
        (
            ("核对资料", "在“我的”里核对姓名、手机和所属单位，有误请联系系统管理员。"),
            ("换上自己的密码", "密码只给自己用，定期修改；不用时退出登录。"),
            ("等待启用", "站点管理的功能启用后，待办会出现在这里。"),
        ),
    ),
)


def hint_for(scope: Scope, read: Collection[str]) -> Hint | None:
    """The hint of the person's first role that they have not read yet."""
    return next((hint for hint in HINTS if scope.has(hint.role) and hint.role not in read), None)
