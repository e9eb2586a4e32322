"""How a line leaves the portal: mail by Django, chat robots by apprise. The texts carry no free text of anybody."""

import apprise
from django.conf import settings
from django.core.mail import EmailMessage

from unionportal.core.notify.models import Channel, Notification
from unionportal.core.notify.targets import target_of

_SCHEMES = {Channel.Way.DINGTALK: "dingtalk", Channel.Way.WECOM: "wecombot", Channel.Way.FEISHU: "feishu"}
_HOSTS = ("https://oapi.dingtalk.com", "https://qyapi.weixin.qq.com", "https://open.feishu.cn")


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


def _robot(body: str, way: str, key: str) -> None:
    robot = apprise.Apprise.instantiate(f"{_SCHEMES[Channel.Way(way)]}://{key}/")
    if robot is None:
        raise NotSent("机器人地址无效")
    if settings.ROBOT_GATEWAY:
        _through_gateway(robot)
    if not robot.notify(body=f"【越工周记】{body}"):
        raise NotSent("对方没有接收，请检查机器人地址是否仍然有效")


def _through_gateway(robot: apprise.NotifyBase) -> None:
    """An office network without the internet forwards the three hosts by a gateway of its own; paths stay."""
    for name in ("notify_url", "api_url"):
        address = getattr(robot, name, None)
        for host in _HOSTS:
            if address and address.startswith(host):
                setattr(robot, name, settings.ROBOT_GATEWAY + address.removeprefix(host))
