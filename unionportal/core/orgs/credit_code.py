"""Unified social credit codes (GB 32100): shape and check character."""

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError


def credit_code_problem(code: str) -> str:
    """What is wrong with a code, in Chinese; empty if nothing is."""
    try:
        uscc.validate(code)
    except InvalidLength:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位。"
    except InvalidChecksum:
        return "统一社会信用代码的校验位不对，请核对是否有输错的字符。"
    except ValidationError:
        return "统一社会信用代码只能包含数字和大写字母（不含 I、O、S、V、Z），请核对。"
    return ""
