"""Numbers of townships that may point at a household, for readers who may not open the files behind them. Source: docs/figures.md, "Hardship aid"."""

from collections.abc import Sequence

#: Fewer households or people of a township are not said (ours).
FEW = 3
SMALL, WITHHELD = f"少于{FEW}", "不列"


def unpointed(numbers: Sequence[int]) -> list[int | str]:
    """A column of townships whose sum is printed below it: 1 and 2 are not said, and where that is one of them alone, nor is the next smallest, so
    that nobody takes it from the sum."""
    said: list[int | str] = [SMALL if 0 < number < FEW else number for number in numbers]
    others = [place for place, shown in enumerate(said) if shown != SMALL]
    if len(numbers) - len(others) == 1 and others:
        said[min(others, key=lambda place: (not numbers[place], numbers[place]))] = WITHHELD
    return said
