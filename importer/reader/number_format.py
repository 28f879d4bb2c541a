"""Number formats of spreadsheets: `00000`, `0.0%`, `#,##0.00 ₽`, `[<=9999999]###-####;(###) ###-####`.

Gives the digits a person sees, with two deliberate differences: no thousands separators and a dot for decimals,
because both depend on the viewer's locale; and formats that hide digits (scientific, fractions, thousands as "k",
`;;;`) give the plain number, because a phone number shown as 7.92E+10 is still whole underneath. Where a
format has nothing but words for numbers (`"yes";;"no"`), they are what is meant; a word for zero among formats with
digits (`0.00;;"none"`) hides them. Dates and durations never come here. Format codes: ECMA-376 part 1, 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from importer.reader.cells import number_text

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>[Ee][+-])|(?P<character>.)",
    re.DOTALL | re.IGNORECASE,
)
_SECTIONS = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[]|["\\\[])+|(?<=;)(?=;|$)|^(?=;)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
_DIGITS = "0#?"
_DIGIT = re.compile(r"\d")
# The placeholder of a whole number without a format of its own; `@`, which is one of texts, does the same for numbers.
_GENERAL = "General"
_TOO_LARGE = Decimal(10) ** 21
# Format codes have at most 255 characters, so this holds any number of decimals they ask for.
_EXACT = Context(prec=400)


@dataclass
class _Section:
    """One of the up to four parts of a format code."""

    #: literals as (False, text), placeholders and the decimal point as (True, character)
    tokens: list[tuple[bool, str]]
    percents: int = 0
    condition: tuple[str, float] | None = None
    #: a form that hides digits, so the plain number is given
    is_plain: bool = False

    @property
    def has_digits(self) -> bool:
        """It has placeholders of digits, so what it shows without one hides the number: a dash for zero."""
        return any(is_slot and text in _DIGITS for is_slot, text in self.tokens)


@lru_cache(maxsize=1024)
def formatter(code: str) -> Callable[[int | float], str]:
    """A function from a number to the text a person sees under this format code; never raises."""
    sections = [_section(part) for part in _SECTIONS.findall(code)]
    if not sections or all(section.is_plain for section in sections):
        return number_text

    is_of_words = not any(section.has_digits for section in sections)

    def shown(number: int | float) -> str:
        section, is_for_negatives = _chosen(sections, number)
        if section is None or section.is_plain:
            return number_text(number)
        if section.has_digits:
            text = _rendered(section, number, is_for_negatives)
            return text if _DIGIT.search(text) else number_text(number)
        return _in_words(section, number, is_for_negatives, is_of_words)

    return shown


def _section(part: str) -> _Section:
    section, has_bare_letters = _Section([]), False
    for found in _TOKEN.finditer(part):
        literal = found["quoted"] or found["escaped"]
        character = found["character"]
        if literal:
            section.tokens.append((False, literal))
        elif found["bracket"] is not None:
            _take_bracket(section, found["bracket"])
        elif found["general"] or character == "@":
            section.tokens.append((True, _GENERAL))
        elif found["exponent"] or character == "/":
            section.is_plain = True
        elif character == "%":
            section.percents += 1
            section.tokens.append((False, "%"))
        elif character and character in _DIGITS + ".,":
            section.tokens.append((True, character))
        elif character:
            has_bare_letters |= character.isalpha()
            section.tokens.append((False, character))
    _settle_commas(section)
    # Letters without quotes are no words but placeholders unknown to us, such as those of dates in other languages.
    if (section.percents or has_bare_letters) and not section.has_digits:
        section.is_plain = True
    return section


def _take_bracket(section: _Section, inside: str) -> None:
    if inside.startswith("$"):  # [$₽-419]: symbol, then the locale
        symbol = inside[1:].split("-")[0]
        if symbol:
            section.tokens.append((False, symbol))
    elif condition := _CONDITION.fullmatch(inside):
        section.condition = (condition[1], float(condition[2]))


def _settle_commas(section: _Section) -> None:
    """Drop commas between digits (grouping); a comma after the last digit scales by 1000, so it hides digits."""
    last_digit = max((i for i, (is_slot, text) in enumerate(section.tokens) if is_slot and text in _DIGITS), default=-1)
    if any(is_slot and text == "," and i > last_digit >= 0 for i, (is_slot, text) in enumerate(section.tokens)):
        section.is_plain = True
    section.tokens = [(is_slot, text) for is_slot, text in section.tokens if not (is_slot and text == ",")]


def _chosen(sections: list[_Section], number: int | float) -> tuple[_Section | None, bool]:
    """The section for this number, and whether it is one made for negative numbers."""
    if any(section.condition for section in sections[:2]):
        for section in sections[:3]:
            if section.condition is None or _COMPARISONS[section.condition[0]](number, section.condition[1]):
                return section, False
        return None, False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _rendered(section: _Section, number: int | float, is_for_negatives: bool) -> str:
    tokens = section.tokens
    if is_for_negatives:  # (1,200.00) and -1,200.00 both become -1200.00
        tokens = [token for token in tokens if token[0] or token[1] not in ("(", ")", "-")]
    point = next((i for i, token in enumerate(tokens) if token == (True, ".")), len(tokens))
    whole_slots = [i for i in range(point) if tokens[i][0]]
    decimal_slots = [i for i in range(point + 1, len(tokens)) if tokens[i][0] and tokens[i][1] != "."]
    exact = abs(Decimal(repr(number)))
    if not exact.is_finite() or exact >= _TOO_LARGE:
        return number_text(number)
    exact = _EXACT.multiply(exact, Decimal(100) ** min(section.percents, 9))
    rounded = exact.quantize(_EXACT.scaleb(Decimal(1), -len(decimal_slots)), ROUND_HALF_UP, _EXACT)
    whole, _, decimals = f"{rounded:f}".partition(".")
    filled = _fill_whole(tokens, whole_slots, whole) | _fill_decimals(tokens, decimal_slots, decimals)
    if point < len(tokens):
        filled[point] = "." if any(filled[i] for i in decimal_slots) else ""
        if not whole_slots:  # `.00` shows the whole part all the same
            filled[point] = whole.lstrip("0") + filled[point]
    text = "".join(filled.get(i, "") if is_slot else literal for i, (is_slot, literal) in enumerate(tokens))
    return f"-{text.strip()}" if number < 0 and rounded else text.strip()


def _in_words(section: _Section, number: int | float, is_for_negatives: bool, is_of_words: bool) -> str:
    """`5 pcs`, or words that stand for the number; the plain number where there are none, or for others than words."""
    is_number_shown = (True, _GENERAL) in section.tokens
    words = "".join(text for _, text in section.tokens if text != _GENERAL).strip()
    if not words or not (is_number_shown or (is_of_words and any(map(str.isalpha, words)))):
        return number_text(number)
    texts = (number_text(abs(number)) if token == (True, _GENERAL) else token[1] for token in section.tokens)
    return ("-" if number < 0 and not is_for_negatives else "") + "".join(texts).strip()


def _fill_whole(tokens: list[tuple[bool, str]], slots: list[int], digits: str) -> dict[int, str]:
    """Digits from the right, the surplus in the first slot; `0` shows a zero where there is no digit."""
    filled: dict[int, str] = {}
    rest = digits.lstrip("0")
    for i in reversed(slots):
        if i == slots[0]:
            filled[i], rest = rest, ""
        else:
            filled[i], rest = rest[-1:], rest[:-1]
        if not filled[i] and tokens[i][1] == "0":
            filled[i] = "0"
    return filled


def _fill_decimals(tokens: list[tuple[bool, str]], slots: list[int], digits: str) -> dict[int, str]:
    """Digits from the left; trailing zeros only where the format says `0`."""
    filled = dict(zip(slots, digits, strict=True))
    for i in reversed(slots):
        if filled[i] != "0" or tokens[i][1] == "0":
            break
        filled[i] = ""
    return filled
