"""Password rule of the level-protection baseline: three of four classes of characters. Source: docs/domain.md, "Legal and technical duties"."""

import re
import secrets

from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class ThreeClassesValidator:
    """At least three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: object | None = None) -> None:
        if sum(bool(re.search(c, password)) for c in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类。"


#: Without characters that look alike on paper or on the telephone.
_LETTERS, _CAPITALS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789"


def one_time_password() -> str:
    """A password to be told once and changed at the first sign-in: three groups of four, easy to read out."""
    groups = [
        secrets.choice(_CAPITALS)
        + "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(2))
        + secrets.choice(_DIGITS)
        for _ in range(3)
    ]
    return "-".join(groups)
