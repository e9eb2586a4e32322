"""The enterprise a record belongs to, found and locked for somebody who may change the record."""

from unionportal.core.common.errors import Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise
from unionportal.core.orgs.standing import may_do

WHO: dict[str, str] = {
    "contact.manage": "联系人由区总工会工作人员和分工的驻联干部维护。",
    "contact.reveal": "只有区总工会工作人员、所属镇街和分工的驻联干部可以查看号码。",
    "risk.set": "风险由区总工会工作人员、所属镇街和分工的驻联干部标记。",
    "risk.lift": "风险标记由区总工会工作人员和所属镇街解除。",
    "enterprise.records": "集体合同和医疗互助由区总工会工作人员和所属镇街登记。",
}


def reached(credit_code: str, action: str, actor: Scope) -> Enterprise:
    """The enterprise, locked. Raises Forbidden, NotFound out of scope."""
    require(actor, action)
    enterprise = (
        Enterprise.objects.visible_to(actor).select_for_update(of=("self",)).filter(credit_code=credit_code).first()
    )
    if enterprise is None:
        raise NotFound
    if not may_do(action, enterprise, actor):
        raise Forbidden(WHO[action])
    return enterprise


def said(text: str, length: int, missing: str) -> tuple[str, str]:
    """A text without spaces around it, and what is wrong with it."""
    words = text.strip()
    if not words:
        return words, missing
    return words, f"最多 {length} 个字。" if len(words) > length else ""
