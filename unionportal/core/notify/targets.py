"""Where a channel sends to. People paste a robot's address as their chat shows it; only its key is kept, sealed, and the host is ours to say."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.sealed import seal, unseal
from unionportal.core.notify.models import Channel

Way = Channel.Way
#: The key within the address a chat shows for its robot, or the key alone.
_KEYS: dict[str, re.Pattern[str]] = {
    Way.DINGTALK: re.compile(r"(?:https://oapi\.dingtalk\.com/robot/send\?access_token=)?([0-9A-Za-z]{20,100})"),
    Way.WECOM: re.compile(
        r"(?:https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=)?([0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12})"
    ),
    Way.FEISHU: re.compile(
        r"(?:https://open\.feishu\.cn/open-apis/bot/v2/hook/)?([0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12})/?"
    ),
}
_WRONG = {
    Way.MAIL: "请填写完整的邮箱地址。",
    Way.DINGTALK: "请粘贴钉钉群机器人的 Webhook 地址（https://oapi.dingtalk.com/robot/send?access_token=…）。",
    Way.WECOM: "请粘贴企业微信群机器人的 Webhook 地址（https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…）。",
    Way.FEISHU: "请粘贴飞书群机器人的 Webhook 地址（https://open.feishu.cn/open-apis/bot/v2/hook/…）。",
}


def read_target(way: str, text: str) -> str:
    """A mail address, or the key of a robot's address. FieldErrors at `target`."""
    text = text.strip()
    if way == Way.MAIL:
        try:
            validate_email(text)
        except ValidationError:
            raise FieldErrors({"target": _WRONG[Way.MAIL]}) from None
        return text
    found = _KEYS[way].fullmatch(text)
    if found is None:
        raise FieldErrors({"target": _WRONG[Way(way)]})
    return found[1]


def sealed(plain: str, channel: Channel) -> str:
    """The target as it is stored."""
    return seal(plain, context=channel.target_context)


def target_of(channel: Channel) -> str:
    """The target as it is used."""
    return unseal(channel.target, context=channel.target_context)


def masked(channel: Channel) -> str:
    """The target as a page shows it: enough to tell which, not enough to use."""
    plain = target_of(channel)
    if channel.way == Way.MAIL:
        name, _, host = plain.partition("@")
        return f"{name[:1]}***@{host}"
    return f"…{plain[-4:]}"
