"""Search text for Chinese: pinyin keys for sorting and picking, bigrams for full text."""

import re
from functools import lru_cache

_WORD = re.compile(r"[0-9A-Za-z]+|[一-鿿㐀-䶿]")
_KEPT = re.compile(r"[^0-9a-z一-鿿㐀-䶿]")


def _syllables(text: str, *, initials: bool = False) -> list[str]:
    # Loading the dictionary takes half a second: only processes that need it pay, and only once.
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.FIRST_LETTER if initials else Style.NORMAL)


def pinyin_key(text: str) -> str:
    """Full pinyin without tones, for sorting and picking: 光典 -> 'guang dian'."""
    return " ".join(_syllables(text)).lower()[:200]


def pinyin_initials(text: str) -> str:
    """First letters: 光典芯元 -> 'gdxy'. Latin letters and digits are kept whole."""
    return re.sub(r"[^0-9a-z]", "", "".join(_syllables(text, initials=True)).lower())[:100]


def pinyin_joined(text: str) -> str:
    """Full pinyin without spaces, for typing straight on: 'guangdian'."""
    return re.sub(r"[^0-9a-z]", "", pinyin_key(text))


def bigrams(text: str) -> list[str]:
    """Tokens stored for search: every two neighbouring Chinese characters, and every Latin word or number, lower case."""
    pieces = _WORD.findall(text.lower())
    tokens: list[str] = []
    previous = ""
    for piece in pieces:
        chinese = len(piece) == 1 and piece >= "㐀"
        if chinese:
            if previous:
                tokens.append(previous + piece)
            previous = piece
        else:
            tokens.append(piece)
            previous = ""
    singles = [p for p in pieces if len(p) == 1 and p >= "㐀"]
    return sorted(set(tokens) | set(singles))


def query_tokens(text: str) -> list[str]:
    """Tokens a search must all contain. One Chinese character searches as itself, longer runs by their bigrams."""
    tokens: list[str] = []
    for run in re.findall(r"[0-9A-Za-z]+|[一-鿿㐀-䶿]+", text.lower()):
        if run[0] < "㐀" or len(run) == 1:
            tokens.append(run)
        else:
            tokens.extend(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(set(tokens))


def runs(text: str) -> list[str]:
    """The words of a query as typed: runs of Chinese characters, and Latin words or numbers; longest first."""
    found = re.findall(r"[0-9A-Za-z]+|[一-鿿㐀-䶿]+", text)
    return sorted({run.lower() for run in found}, key=lambda run: (-len(run), run))


@lru_cache(maxsize=128)
def _any_of(query: str) -> re.Pattern[str] | None:
    """What finds the query's words; made once for the many cells of a list."""
    wanted = runs(query)
    return re.compile("|".join(re.escape(run) for run in wanted), re.IGNORECASE) if wanted else None


def spans(text: str, query: str) -> list[tuple[int, int]]:
    """Where the query's words stand in a text, in order and without overlap."""
    pattern = _any_of(query)
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def spelled(name: str, letters: str) -> str:
    """The characters of a name that the letters stand for, by their initials or in full pinyin; "" where they stand for none."""
    wanted = letters.lower()
    for initials in (True, False):
        spelling, places, at = "", [], 0
        for syllable in _syllables(name, initials=initials):
            chinese = "㐀" <= name[at : at + 1] <= "鿿"
            for offset, letter in enumerate(syllable.lower()):
                if not re.match("[0-9a-z]", letter):
                    continue  # brackets do not part a name, as in the columns that are searched
                spelling += letter
                places.append(at if chinese else at + offset)
            at += 1 if chinese else len(syllable)
        if wanted and (start := spelling.find(wanted)) >= 0:
            return name[places[start] : places[start + len(wanted) - 1] + 1]
    return ""


def normalise(text: str) -> str:
    """Lower case, only letters, digits and Chinese characters: what a picker's query is matched by."""
    return _KEPT.sub("", text.lower())
