"""By what two rows are the same person: the keyed hash of the ID number or, weaker, of name and employer. Whoever reads a table cannot try out numbers."""

import unicodedata

from stdnum.cn import ric
from stdnum.util import isdigits

from unionportal.core.common import sealed
from unionportal.core.common.identity import OLD_LENGTH, id_problem, plain_id

WHO_PURPOSE = "hardship.who"


def plain(text: str) -> str:
    """Text as it is compared: full-width forms, spaces and case make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def who(name: str, employer: str) -> str:
    """What a weak match compares; empty where either is missing."""
    return f"{plain(name)}|{plain(employer)}" if plain(name) and plain(employer) else ""


def who_find(text: str) -> str:
    """The keyed hash of `who`, to store."""
    return sealed.fingerprint(text, purpose=WHO_PURPOSE) if text else ""


def full_id(text: str) -> str:
    """The 18 digits of an ID number, an old one of 15 converted, as older registers still have them; empty where it is none."""
    number = plain_id(unicodedata.normalize("NFKC", text))
    if len(number) == OLD_LENGTH and isdigits(number):
        number = f"{number[:6]}19{number[6:]}0"
        number = number[:-1] + ric.calc_check_digit(number)
    return "" if id_problem(number) else number
