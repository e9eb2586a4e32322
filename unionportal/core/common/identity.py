"""ID numbers (GB 11643): what is wrong with one, and what it says of its bearer."""

from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from unionportal.core.common import clock

LENGTH, OLD_LENGTH = 18, 15
MALE, FEMALE = "1", "2"  # GB/T 2261.1
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that holds together."""

    number: str
    born_on: date
    sex: str


def plain_id(text: str) -> str:
    """As it is kept: no separators, also inside, and the check letter a capital."""
    return "".join(ric.compact(text).replace("-", "").split())


def id_problem(text: str) -> str:
    """What is wrong with a number, in Chinese; empty if nothing is. The region is not checked: districts are founded faster than lists follow."""
    number = plain_id(text)
    if len(number) == OLD_LENGTH and number.isascii() and number.isdigit():
        return "这是 15 位的旧身份证号，已停止使用，请填现在身份证上的 18 位号码。"
    if len(number) != LENGTH:
        return f"身份证号应为 18 位，现在是 {len(number)} 位。"
    if not (number.isascii() and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X")):
        return "身份证号只能是 17 位数字加最后一位数字或 X。"
    if number[-1] != ric.calc_check_digit(number):
        return "身份证号的校验位不对，请对照证件核对是否有输错的数字。"
    try:
        born_on = ric.get_birth_date(number)
    except ValidationError:
        return "身份证号里的出生日期不存在，请对照证件核对。"
    today = clock.today()
    if not today.year - OLDEST <= born_on.year or born_on > today:
        return "身份证号里的出生日期不合理，请对照证件核对。"
    return ""


def read_id(text: str) -> Identity:
    """What a number without a problem says: the 17th digit is odd for men, even for women."""
    number = plain_id(text)
    return Identity(number, ric.get_birth_date(number), MALE if int(number[16]) % 2 else FEMALE)


def masked_id(number: str) -> str:
    """330***********1234."""
    return f"{number[:3]}***********{number[-4:]}" if number else ""


def age_on(born_on: date, day: date) -> int:
    """Full years lived on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
