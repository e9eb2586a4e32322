"""A look at database and broker that are not our own, before anything is written to them."""

import os
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connections

from unionportal.core.common.checks import database_fits
from unionportal.embedded.errors import SetupError

STEP = "服务器 (servers of your own)"
#: Seconds for an answer: a server on the same network needs milliseconds.
PATIENCE = 5
UNREADABLE = "例如 redis://127.0.0.1:6379；密码中的特殊字符须百分号编码 (percent-encode what is special in a password)"


def check_database() -> list[str]:
    """Both roles can connect and the database suits; returns what works but should be otherwise."""
    for alias, name in (("owner", "DATABASE_OWNER_URL"), ("default", "DATABASE_URL")):
        variable = name if os.environ.get(name) else "DATABASE_URL"
        try:
            connections[alias].ensure_connection()
        except DatabaseError as error:
            mend = (
                f"检查数据库服务器与 {variable} 的主机、端口、库名、角色、密码 (is it running, is the address right?)"
            )
            raise SetupError(STEP, f"{variable}: {str(error).strip()}", mend) from None
    for problem in database_fits(app_configs=None, databases=["owner"]):
        raise SetupError(STEP, f"DATABASE_URL: {problem.msg}", problem.hint or "")
    owner, web = (connections[alias].settings_dict["USER"] for alias in ("owner", "default"))
    if owner != web:
        return []
    return [
        f"网页与迁移同用角色 {owner}，网页因此拥有全部表 (the web role owns every table)；请另设 DATABASE_OWNER_URL，见 docs/operations.md"
    ]


def check_redis() -> None:
    """It answers, and its address leaves the database numbers to the portal."""
    mend = "检查 Redis/Valkey 服务器与 REDIS_URL，例如 redis://127.0.0.1:6379 (is it running, is the address right?)"
    try:
        parts = urlsplit(settings.REDIS_URL)
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    except ValueError:
        # Never in the words of the error, which may quote a piece of the password.
        raise SetupError(STEP, "REDIS_URL 不是有效的地址 (not a valid address)", UNREADABLE) from None
    if parts.scheme != "unix" and (number := parts.path.strip("/")):
        if not number.isdecimal():
            raise SetupError(STEP, "REDIS_URL 不是有效的地址 (not a valid address)", UNREADABLE)
        cause = f"REDIS_URL 带有数据库编号“{number}” (names a database number)"
        raise SetupError(STEP, cause, "去掉编号，例如 redis://127.0.0.1:6379")
    try:
        client.ping()
    except redis.RedisError as error:
        raise SetupError(STEP, f"REDIS_URL: {error}", mend) from None
