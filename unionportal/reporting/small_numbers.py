"""Numbers of townships that may point at a household, for readers who may not open the files behind them. Source: docs/figures.md, "Hardship aid"."""

from collections.abc import Sequence

#: Fewer households or people of a township are not said (ours).
FEW = 3
SMALL, WITHHELD = f"少于{FEW}", "不列"


def unpointed(numbers: Sequence[int]) -> list[int | str]:
    """A column of townships whose sum is printed below it: 1 and 2 are not said, nor as many of the next smallest as it takes that nobody works them
    out from the sum; where that is not to be had, the whole column is not said."""
    small = [place for place, number in enumerate(numbers) if 0 < number < FEW]
    larger = sorted(
        (place for place, number in enumerate(numbers) if number >= FEW), key=lambda place: (numbers[place], place)
    )
    hidden: list[int] = []
    while small and _told(numbers, small, hidden, larger):
        if not larger:
            return [WITHHELD] * len(numbers)
        hidden.append(larger.pop(0))
    return [
        SMALL if place in small else WITHHELD if place in hidden else number for place, number in enumerate(numbers)
    ]


def _told(numbers: Sequence[int], small: list[int], hidden: list[int], larger: list[int]) -> bool:
    """Whether the sum, and that a hidden number is at least FEW and at most the next one shown, leave but one answer to the small ones."""
    rest = sum(numbers[place] for place in (*small, *hidden))
    most = numbers[larger[0]] if larger else rest
    low = max(len(small), rest - most * len(hidden))
    high = min(2 * len(small), rest - FEW * len(hidden))
    return low == high and (len(small) == 1 or low in (len(small), 2 * len(small)))
