"""Which single-byte code page makes the most plausible text of some bytes.

The score of a code page is the mean, over its non-ASCII characters, of how common the letter is in the language that
fits best, or of signs in their place, less a fine for what no word has: a capital right after a small letter (cp1251 read
as koi8-r swaps case), a hard sign at a word's beginning, signs that stand in no name. Languages are told apart, because all
that share a code page taken together have a letter for nearly every byte: "Begoña" read as cp1250 is no Polish, Czech or
Croatian word. A file may mix languages, at a handicap.

Own code, because it is measured better: of the 50 samples in `tests/reader/test_code_pages.py` charset-normalizer 3.5
reads 26 wrong and chardet 7.7 reads 8.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass

# Letters by how common they are in a language, most common first; capitals count like small letters.
_CYRILLIC = ("оаеинтсрвлкмдпуяыьгзбчйхжшюіцщэїєґфёъўқәғңұүөһ",)
_WESTERN = (
    "íóáéñúü",  # Spanish
    "éèçêëôîàïâûùœæÿü",  # French
    "ãçéáõíóêâúôàü",  # Portuguese
    "üöäß",  # German
    "àòèìùé",  # Italian
    "øåæéöäü",  # Danish, Norwegian
    "äöåé",  # Swedish, Finnish
    "áóðíúöéþæýø",  # Icelandic, Faroese
    "àéèíòóúçïü",  # Catalan
    "ëéèïöü",  # Dutch
)
_CENTRAL = (
    "łóńśąęćżź",  # Polish
    "áíěéřšýčžůúňďťó",  # Czech
    "áíéčšýžúľôťňďóäŕĺ",  # Slovak
    "áéöóüőíúű",  # Hungarian
    "ăşţâî",  # Romanian, with the cedillas of the code page
    "ćčšžđ",  # Croatian, Bosnian, Slovenian, Serbian
    "üöäß",
)
_TURKISH = ("ışüğçöİâîû",)
_BALTIC = (
    "āšīēņļķģžčū",  # Latvian
    "ėšžūųčįąę",  # Lithuanian
    "äõüöšž",  # Estonian
)
_GREEK = ("αοιτεσνηυρπκμλςωάόίέήύδγχθφβξζψώϊϋ",)
_HEBREW = ("ילואהרמבנתשדחקעפגזכסטםןצךףץ",)
_ARABIC = ("اليمونترهبةدعفسكحقجصشطخءأئىذغضظزثإؤآ",)

# Order of the table is the order of preference when scores are equal.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1251": _CYRILLIC,
    "cp1252": _WESTERN,
    "koi8-r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "mac-cyrillic": _CYRILLIC,
    "cp1250": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "cp1253": _GREEK,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
}
# How much less the rarest letter of a language counts than its most common one. Scripts are told apart by little else;
# among Latin letters a name has one or two, and the rare ones speak as loud.
_RARITY_OF_SCRIPTS, _RARITY_OF_LATIN = 0.5, 0.3
# What each further language costs, and how many there may be.
_MIXTURE, _MOST_LANGUAGES = 0.1, 3
# What letters score at least that are read as they are; those of a code page that is not in the table have 0.3 and less, mostly.
_PLAUSIBLE = 0.35
_DOUBT = "hardly words, though more so than in others: if names look wrong, say the encoding, such as gb18030 or iso-8859-2"
# So much likelier is Western before other Latin writing: one "ï" is of Loïc, though Latvian has a "ļ" for that byte more often.
_WESTERN_FIRST = 0.03
# Signs of ordinary writing. In a word they speak neither for nor against a code page; one that touches no letter speaks for
# it as loud as the most common letter, for that byte alone is a letter in others: the dash of "Smith – Sons" is cp866's "Ц".
_NEUTRAL = set("«»„“”‘’–—…№°€£§©®™•·´\u00a0\u00ad")
_IN_PLACE = re.compile(
    rf"(?<![^\W\d_])[{''.join(sorted(_NEUTRAL))}½¼¾×±](?![^\W\d_])"
    r"|(?:(?<=\d)|(?<=\d\.))[ºª]|(?:(?<=\b[A-Za-z])|(?<=\b[A-Za-z]\.))[ºª](?!\w)"  # 3º, 1.ª, Nº, Mª
)
# What no word of these languages has; each is what a word of another language looks like in the wrong code page.
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_NO_RUSSIAN = (
    r"(?:\b|[аеёиоуыэюя])[ьъы]",  # a sign at a word's beginning or after a vowel
    rf"[{_CONSONANTS}]й",
)
# Hebrew, which has no vowels among its letters: words without one, and several in a row.
_NO_SYLLABLES = (rf"\b[{_CONSONANTS}]{{2,}}\b", r"[аеёиоуыэюя]{3,}")
_NO_WORD = {
    codec: re.compile("|".join(patterns), re.IGNORECASE)
    for codec, patterns in {
        "cp1251": _NO_RUSSIAN,
        "koi8-r": (*_NO_RUSSIAN, *_NO_SYLLABLES),
        "koi8-u": (*_NO_RUSSIAN, *_NO_SYLLABLES),
        "cp866": _NO_RUSSIAN,
        "mac-cyrillic": _NO_RUSSIAN,
        "cp1252": (
            r"ñ(?![aeiouáéíóú])",  # Polish ń
            r"æ\b",  # Croatian ć
            r"õ(?!e)",  # Hungarian ő; Portuguese has only "õe"
            r"ù(?=[a-z])",  # Czech ů; Italian and French have it at the end
            r"ã(?=[a-df-np-rt-z])",  # Romanian ă; Portuguese has only "ão", "ãe", "ãs"
        ),
        "cp1250": (
            r"ń(?=[aeiouáéíóú])",  # Spanish ñ; Polish has "ni" there
            r"[ěů]\b",  # Italian ì and ù; Czech names do not end so
        ),
        "cp1253": (r"ς(?=\w)",),
        "cp1255": (r"[ךםןףץ](?=[א-ת])",),  # the final form of a letter, further on in a word
    }.items()
}


_OF_ONE_SCRIPT = re.compile(r"(?<![A-Za-z])[^\W\d_\x00-\x7f](?![A-Za-z])")


@dataclass(frozen=True)
class CodePage:
    """The code page found, and the evidence."""

    codec: str
    #: the evidence, for a person
    note: str


def most_plausible(sample: bytes) -> CodePage:
    """The code page under which the letters of the sample, lines with non-ASCII bytes, make most sense."""
    scores = {codec: _score(sample, codec) for codec in _LANGUAGES}
    best = max(scores, key=lambda codec: scores[codec])
    letters = [character for character in sample.decode(best, "replace") if character.isalpha()]
    share = sum(not character.isascii() for character in letters) / max(1, len(letters))
    second = max((codec for codec in scores if codec != best), key=lambda codec: scores[codec])
    return CodePage(best, (
        f"encoding {best}: not UTF-8; {share:.0%} of the letters in such lines are not Latin ones of ASCII, "
        f"and read as {best} they are {'plausible' if scores[best] >= _PLAUSIBLE or not share else _DOUBT} "
        f"(score {scores[best]:.2f}, next {second} {scores[second]:.2f})"
    ))  # fmt: skip


def _score(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, "replace")
    signs = _IN_PLACE.findall(text)
    text = _IN_PLACE.sub(" ", text) if signs else text
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        if not character.isascii():
            counts[_small(character)] += times
    languages = _LANGUAGES[codec]
    is_script = len(languages) == 1 and codec != "cp1254"
    rarity = _RARITY_OF_SCRIPTS if is_script else _RARITY_OF_LATIN
    weights = [{letter: 1.0 - rarity * rank / len(letters) for rank, letter in enumerate(letters)} for letters in languages]
    size_of_all = max(1, counts.total() + len(signs))
    total = max(
        (_likeness(counts, mixture) + len(signs)) / size_of_all - _MIXTURE * (len(mixture) - 1)
        for size in range(1, _MOST_LANGUAGES + 1)
        for mixture in itertools.combinations(weights, size)
    )
    # Western text has single accented letters among ASCII ones; other scripts have whole words of them.
    total += _WESTERN_FIRST * (codec == "cp1252")
    share_of_runs = (_runs(text) + signs.count("№")) / size_of_all
    faults = _swapped_case(text) + (len(_NO_WORD[codec].findall(text)) if codec in _NO_WORD else 0)
    return total - faults / size_of_all - (1 - share_of_runs if is_script else share_of_runs)


def _small(character: str) -> str:
    small = character.lower()
    return small if len(small) == 1 else character  # that of the Turkish capital is two characters


def _likeness(counts: Counter[str], languages: tuple[dict[str, float], ...]) -> float:
    """Sum, over characters, of how common each is in the language that has it most; -1 for one that none has."""
    likeness = 0.0
    for character, times in counts.items():
        weight = max(language.get(character, 0.0) for language in languages)
        if weight:
            likeness += times * weight
        elif character not in _NEUTRAL:
            likeness -= times
    return likeness


def _swapped_case(text: str) -> int:
    return sum(
        after.isupper() and before.islower() and not (after.isascii() and before.isascii()) for before, after in itertools.pairwise(text)
    )


def _runs(text: str) -> int:
    """Letters outside ASCII that stand beside none of ASCII."""
    return len(_OF_ONE_SCRIPT.findall(text))
