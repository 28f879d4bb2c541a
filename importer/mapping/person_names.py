"""A person's name: its parts out of a full name, and its capitals.

Orders that are told apart: "Last, First Middle"; Russian with a patronymic, before or after the surname; two
Cyrillic words of which one is clearly a surname; else the Western order, the last word being the surname with
its particles (van der, de la …). What a list of words cannot know, such as two Spanish surnames, is not guessed:
such names need columns of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# Names up to this length are remembered: three rules ask for the parts of one, and they come again in other rows.
REMEMBERED_CHARS = 80

_PATRONYMIC = re.compile(
    r"[^\W\d_]{2,}(?:ович|евич|овна|евна|ёвна|ична|івна|ївна|ұлы|қызы|улы|кызы|гызы|ovich|evich|ovna|evna|ichna)"
    r"|ильич|кузьмич|фомич|лукич|никитич|саввич|фокич|ilyich|ilich",
    re.IGNORECASE,
)
# A word of their own after the father's name, in Azerbaijani and Turkic names.
_PATRONYMIC_TAILS = frozenset("оглы оглу кызы гызы оғлы ogly oglu kyzy qizi".split())
_SURNAME = re.compile(
    r"[^\W\d_]{2,}(?:ов|ова|ев|ева|ёв|ёва|ский|ская|цкий|цкая|ской|енко|чук|юк|ян|швили|дзе|вич|ых|их|ко|ин|ина|ын|ына)", re.IGNORECASE
)
# Given names that end as surnames do.
_GIVEN_NAMES = frozenset(
    "константин валентин мартин августин вениамин марин марина ирина полина екатерина катерина кристина алина карина "
    "галина нина регина арина ангелина валентина антонина каролина эвелина фаина зарина альбина сабина дина инна эльвина "
    "василина акулина мальвина розалина лилиана севастьян касьян демьян лукьян емельян ян тигран михаил марьян".split()
)
_HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof sir herr frau hr fr sr sra srta sta г-н г-жа г-н г д-р гн гжа господин госпожа пан пані панна "
    "проф доктор профессор".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md esq".split())
_PARTICLES = frozenset(
    "van von der den de del della di da do dos das la le el al bin ibn ben abu ter ten zu zum zur af av фон ван дер ден де ла "
    "ле эль аль бин ибн бен абу оглы кызы гызы".split()
)
_ROMAN = frozenset("II III IV VI VII VIII".split())
_APOSTROPHES = tuple("'’ʼ`")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")


class PersonName(NamedTuple):
    """The parts of a full name; an empty text for a part that is not there."""

    first: str
    last: str
    second: str


def split_full_name(text: str) -> PersonName:
    """The parts of a full name, without a leading form of address."""
    return _split(text) if len(text) <= REMEMBERED_CHARS else _split.__wrapped__(text)


@lru_cache(maxsize=8192)
def _split(text: str) -> PersonName:
    head, comma, tail = text.partition(",")
    if comma and tail.strip() and tail.strip().strip(".").casefold() not in _SUFFIXES:
        last, given = head.split(), tail.partition(",")[0].split()
        given = _without_honorific(given)
        return PersonName(" ".join(given[:1]), " ".join(_without_honorific(last)), " ".join(given[1:]))
    words = _without_honorific(_joined_tails(text.replace(",", " ").split()))
    if len(words) < 2:
        return PersonName(" ".join(words), "", "")
    return _by_patronymic(words) or _by_surname(words) or _western(words)


def _without_honorific(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0].rstrip(".").casefold() in _HONORIFICS:
        words = words[1:]
    return words


def _joined_tails(words: list[str]) -> list[str]:
    """`Мамед оглы` is one patronymic of two words."""
    joined: list[str] = []
    for word in words:
        if joined and len(joined) > 1 and word.casefold() in _PATRONYMIC_TAILS:
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def _is_patronymic(word: str) -> bool:
    return _PATRONYMIC.fullmatch(word) is not None or word.split()[-1].casefold() in _PATRONYMIC_TAILS


def _by_patronymic(words: list[str]) -> PersonName | None:
    # A given name never looks like a patronymic, so the second word is asked first: "Иван Петрович Рабинович".
    if _is_patronymic(words[1]):
        return PersonName(words[0], " ".join(words[2:]), words[1])
    if len(words) > 2 and _is_patronymic(words[-1]):
        return PersonName(words[-2], " ".join(words[:-2]), words[-1])
    return None


def _by_surname(words: list[str]) -> PersonName | None:
    if len(words) > 3 or not all(re.search("[а-яё]", word, re.IGNORECASE) for word in words):
        return None
    if _is_surname(words[0]) and not _is_surname(words[-1]):
        return PersonName(words[1], words[0], " ".join(words[2:]))
    return None


def _is_surname(word: str) -> bool:
    return _SURNAME.fullmatch(word) is not None and word.casefold() not in _GIVEN_NAMES


def _western(words: list[str]) -> PersonName:
    tail = len(words) - 1
    while tail > 1 and words[tail].strip(".").casefold() in _SUFFIXES:
        tail -= 1
    while tail > 1 and words[tail - 1].casefold() in _PARTICLES:
        tail -= 1
    return PersonName(words[0], " ".join(words[tail:]), " ".join(words[1:tail]))


def title(text: str) -> str:
    """The text with a capital at each word, as names are written.

    After a hyphen too (Мария-Анна), and after an apostrophe behind a single letter (O'Neil, but Мар'яна). Words
    that already mix cases behind a capital stay (McDonald); particles (van der, де, оглы) are small except at the
    beginning; II, III, IV stay capitals.
    """
    return _title(text) if len(text) <= REMEMBERED_CHARS else _title.__wrapped__(text)


@lru_cache(maxsize=8192)
def _title(text: str) -> str:
    return _WORD.sub(lambda match: _titled(match[0], is_first=not text[: match.start()].strip()), text)


def _titled(word: str, *, is_first: bool) -> str:
    if word in _ROMAN:
        return word
    if word.casefold() in _PARTICLES and not is_first and not (word[0].isupper() and word[1:].islower()):
        return word.lower()
    if word[0].isupper() and not word.isupper() and not word[1:].islower() and "'" not in word:
        return word
    if word[1:2] in _APOSTROPHES:
        return word[:2].upper() + word[2:3].upper() + word[3:].lower()
    return word[:1].upper() + word[1:].lower()
