"""Telephone numbers: as people write them, as they are kept, as pages show them."""

import re

#: Instead of a number whose key is gone.
LOST = "（密钥已更换，无法读取）"
NOT_A_PHONE = "电话号码不对，请填手机号或带区号的座机号。"
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}")


def plain_phone(text: str) -> str:
    """Digits only: what people write between them means nothing."""
    return re.sub(r"^(\+|00)86", "", re.sub(r"[\s\-—()（）]", "", text))


def is_phone(digits: str) -> bool:
    """Whether it can be a telephone number; `digits` as `plain_phone` leaves it."""
    return bool(_PHONE.fullmatch(digits))


def masked(phone: str) -> str:
    """138****5678; a short number keeps its last two digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else f"****{phone[-2:]}"
