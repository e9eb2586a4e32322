"""What the codes of the trail are called on screen. A code without a name is shown as it is, never hidden."""

from typing import Any

ACTIONS: dict[str, str] = {
    "session.sign_in": "登录",
    "session.sign_in_failed": "登录失败",
    "session.locked": "登录锁定",
    "session.sign_out": "退出登录",
    "account.create": "新建账号",
    "account.update": "修改账号资料",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "account.unlock": "解除登录锁定",
    "account.password_reset": "重置密码",
    "account.password_change": "修改密码",
    "role.grant": "授予角色",
    "role.revoke": "撤销角色",
    "token.create": "发放接口令牌",
    "posting.create": "安排分工",
    "posting.end": "结束分工",
    "posting.hand_over": "交接分工",
    "unit.create": "新增单位",
    "unit.update": "修改单位",
    "enterprise.create": "登记企业",
    "enterprise.update": "修改企业",
    "parameter.set": "设置参数",
    "parameter.withdraw": "撤回参数",
    "calendar.set": "录入工作日历",
    "calendar.clear": "撤回工作日历",
    "routing.create": "新增交办规则",
    "routing.update": "修改交办规则",
    "category.update": "修改诉求类别",
    "issue.register": "登记诉求",
    "issue.assign": "交办诉求",
    "issue.accept": "签收诉求",
    "issue.send_back": "退回诉求",
    "issue.transfer": "转办诉求",
    "issue.report": "反馈诉求",
    "issue.follow_up": "回访诉求",
    "issue.redo": "重办诉求",
    "issue.close": "办结诉求",
    "issue.reject": "不予受理诉求",
    "issue.reopen": "重启诉求",
    "issue.void": "作废诉求",
    "issue.correct": "更正诉求",
    "note.write": "写内部批注",
    "standard_answer.save": "保存常用答复",
    "channel.set": "设置消息接收方式",
    "channel.remove": "移除消息接收方式",
    "tracker.set": "设置台账栏目",
    "tracker.fill": "填写台账",
    "issue.export": "导出诉求",
    "category.create": "新增诉求类别",
    "issue.extend": "申请延期",
    "issue.approve_extension": "同意延期",
    "issue.refuse_extension": "不同意延期",
    "issue.pause": "暂停计时",
    "issue.resume": "恢复计时",
    "issue.remind": "催办诉求",
    "issue.supervise": "督办诉求",
    "issue.escalate": "提级督办诉求",
    "issue.recount": "重算诉求期限",
    "issue.merge": "并案",
    "issue.split": "拆案",
    "issue.absorb": "并入诉求",
    "issue.release": "拆出诉求",
    "code.create": "启用维权码",
    "code.close": "停用维权码",
    "code.reopen": "重新启用维权码",
    "consent.publish": "发布告知同意书",
    "reporter.reveal": "查看反映人电话",
    "reporter.link": "发放查询链接",
    "visit.create": "记走访",
    "visit.edit": "修改走访",
    "journal.save": "保存周记",
    "journal.submit": "提交周记",
    "report.download": "下载报告",
    "month.freeze": "冻结月度数据",
    "month.revise": "修订月度数据",
}

OBJECTS: dict[str, str] = {
    "routing_rule": "交办规则",
    "account": "账号",
    "posting": "驻联分工",
    "unit": "单位",
    "enterprise": "企业",
    "parameter": "参数",
    "calendar": "工作日历",
    "category": "诉求类别",
    "issue": "诉求",
    "code": "维权码",
    "consent": "告知同意书",
    "visit": "走访",
    "journal": "周记",
    "annual_report": "年度报告",
    "month": "月度数据",
    "attachment": "附件",
    "export": "导出",
    "channel": "消息接收方式",
    "standard_answer": "常用答复",
}

FACTS: dict[str, str] = {
    "username": "用户名",
    "changed": "改动",
    "role": "角色",
    "unit": "单位",
    "token": "令牌",
    "cadre": "驻联干部",
    "township": "镇街",
    "enterprise": "企业",
    "start_on": "开始",
    "end_on": "结束",
    "successor": "接任人",
    "following": "新分工",
    "on": "日期",
    "effective_on": "生效",
    "value": "值",
    "replaced": "原值",
    "days": "天数",
    "kind": "类型",
    "is_active": "启用",
    "version": "版本",
    "state": "状态",
    "outcome": "结果",
    "from": "原状态",
    "to": "新状态",
    "issues": "诉求数",
    "photos": "照片数",
    "kinds": "接收内容",
    "filters": "筛选",
    "fields": "栏目",
    "mentioned": "提到",
    "files": "附件数",
    "note": "批注",
    "year": "年份",
    "week": "周",
    "format": "格式",
    "category": "类别",
}

_WORDS = {
    "display_name": "姓名",
    "phone": "手机",
    "sysadmin": "系统管理员",
    "security": "安全管理员",
    "auditor": "审计员",
    "leader": "区总领导",
    "staff": "区总工作人员",
    "cadre": "驻联干部",
    "township": "镇街工会",
    "handler": "承办单位",
    "aid": "帮扶专员",
    "keeper": "站点管理员",
}


def action_label(code: str) -> str:
    """授予角色 for role.grant."""
    return ACTIONS.get(code, code)


def object_label(code: str) -> str:
    """账号 for account."""
    return OBJECTS.get(code, code)


def facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The entry's facts as (name, value) for print; what is empty is left out."""
    return [(FACTS.get(key, key), _words(value)) for key, value in data.items() if value not in (None, "", [], {})]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(each) for each in value)
    if isinstance(value, dict):
        return "，".join(f"{FACTS.get(key, key)} {_words(each)}" for key, each in value.items())
    return _WORDS.get(str(value), str(value))
