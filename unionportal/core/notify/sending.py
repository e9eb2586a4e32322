"""How a line leaves the portal: mail by Django, chat robots by their addresses. The texts carry no free text of anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.core.mail import EmailMessage

from unionportal.core.notify.models import Channel, Notification
from unionportal.core.notify.targets import target_of

TIMEOUT = (4, 10)  # seconds to connect, and to answer
#: Where an answer says whether the line was taken, 0 for yes: DingTalk and WeCom; Feishu today; Feishu's older robots.
ANSWER_CODES = ("errcode", "code", "StatusCode")


@dataclass(frozen=True, slots=True)
class Robot:
    """A chat's robot: its host (an office without the internet has a gateway instead), the path before the key, and the shape of a plain line."""

    host: str
    path: str
    message: Callable[[str], dict[str, Any]]


def _content(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


ROBOTS: dict[str, Robot] = {
    Channel.Way.DINGTALK: Robot("https://oapi.dingtalk.com", "/robot/send?access_token=", _content),
    Channel.Way.WECOM: Robot("https://qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key=", _content),
    Channel.Way.FEISHU: Robot(
        "https://open.feishu.cn",
        "/open-apis/bot/v2/hook/",
        lambda text: {"msg_type": "text", "content": {"text": text}},
    ),
}


class NotSent(Exception):
    """The other side did not take it; worth another attempt."""


def send(notification: Notification, channel: Channel) -> None:
    """Send one line by one channel; raises NotSent, or whatever the network raises."""
    body = f"{notification.text}\n{settings.BASE_URL}{notification.url}"
    if channel.way == Channel.Way.MAIL:
        _mail(body, f"【越工周记】{notification.get_kind_display()}：{notification.text}", target_of(channel))
    else:
        _robot(body, channel.way, target_of(channel))


def _mail(body: str, subject: str, address: str) -> None:
    if not settings.EMAIL_HOST:
        raise NotSent("没有配置邮件服务器")
    if EmailMessage(subject[:150], body, to=[address]).send() != 1:
        raise NotSent("邮件服务器没有接收")


def _robot(text: str, way: str, key: str) -> None:
    """The three say by a code in the body whether they took it: a refused line (robot removed, keyword missing, too many) is a 200 as well."""
    robot = ROBOTS[way]
    host = settings.ROBOT_GATEWAY or robot.host
    answer = requests.post(f"{host}{robot.path}{key}", json=robot.message(f"【越工周记】{text}"), timeout=TIMEOUT)
    if answer.status_code != requests.codes.ok:
        raise NotSent(f"对方没有接收（HTTP {answer.status_code}），请检查机器人地址是否仍然有效")
    try:
        told = answer.json()
        code = next(told[name] for name in ANSWER_CODES if name in told)
    except (ValueError, TypeError, StopIteration):
        raise NotSent("对方没有接收，回应无法识别，请检查机器人地址") from None
    if code != 0:
        raise NotSent(f"对方拒绝接收（代码 {code}），请检查机器人是否还在群里、关键词等安全设置")
