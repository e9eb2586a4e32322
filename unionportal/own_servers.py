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
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme != "unix" and parts.path.strip("/"):
        raise SetupError(
            STEP,
            f"REDIS_URL 带有数据库编号“{parts.path}” (names a database number)",
            "去掉编号，例如 redis://127.0.0.1:6379",
        )
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE).ping()
    except (redis.RedisError, ValueError) as error:
        raise SetupError(STEP, f"REDIS_URL: {error}", mend) from None
