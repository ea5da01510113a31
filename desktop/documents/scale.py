"""The steps of a scale that the eye reads: 1, 2 or 5, ten times more or ten times less."""

from fractions import Fraction

_STEPS = (1, 2, 5, 10)


def steps(largest: Fraction | float, most: int = 4) -> tuple[Fraction, ...]:
    """From zero to at least `largest`, in `most` steps or fewer."""
    if largest <= 0:
        return (Fraction(0), Fraction(1))
    wanted = Fraction(largest) / most
    unit = Fraction(1)
    while unit > wanted:
        unit /= 10
    while unit * 10 <= wanted:
        unit *= 10
    step = next(unit * step for step in _STEPS if unit * step >= wanted)
    count = -(-Fraction(largest) // step)
    return tuple(step * place for place in range(int(count) + 1))


def spoken(value: Fraction) -> str:
    """« 0,25 », « 1 200 »: as many decimals as it needs, two at most."""
    hundredths = round(value * 100)
    whole, rest = divmod(hundredths, 100)
    decimals = f",{rest:02}".rstrip("0") if rest else ""
    return f"{whole:,}".replace(",", "\u00a0") + decimals
