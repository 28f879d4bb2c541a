"""Yes and no as people write them in the languages exports come in."""

from __future__ import annotations

from collections.abc import Iterable

from importer.mapping.findings import Conversion, Finding, refused, shown

# Words people write, and what Excel shows for a logical value in German, French, Spanish, Portuguese, Italian, Polish,
# Turkish, Dutch, Ukrainian and Russian. 1.0 and 0.0 are what pandas writes for a column of them with a gap.
YES_WORDS = frozenset(
    "да da yes true y 1 v on checked ✓ ✔ ☑ так иә ja si sí sim oui tak evet вкл x х + д "
    "wahr vrai verdadero verdadeiro vero prawda doğru waar істина истина 1.0 1,0 ano igen kyllä áno はい 是 نعم כן".split()
)
NO_WORDS = frozenset(
    "нет no false n 0 - off unchecked ☐ ✗ ✘ ні жоқ nein não nao non nie nee hayır выкл н "
    "falsch faux falso fałsz yanlış yanliş onwaar хибність ложь 0.0 0,0 ne nej nei nem ei не いいえ 否 لا לא".split()
)


def pattern_of(words: Iterable[str]) -> str:
    """A regular expression for the words in any case, plain enough for editors' JavaScript."""

    def either(char: str) -> str:
        return f"[{char}{char.upper()}]" if len(char.upper()) == 1 and char.upper() != char else f"\\{char}" if char in "+." else char

    return f"^({'|'.join(''.join(map(either, word)) for word in sorted(words))})$"


def truth(text: str) -> bool | None:
    """True or False for a word that means it, None for any other."""
    word = text.strip().casefold()
    if word in YES_WORDS:
        return True
    return False if word in NO_WORDS else None


def yes_no_conversion(yes: str, no: str) -> Conversion:
    """A conversion of such words to `yes` and `no`: Y and N for built-in fields, 1 and 0 for custom ones."""

    def convert(text: str) -> str | Finding:
        meant = truth(text)
        if meant is None:
            return refused(
                "bad_yes_no",
                f"{shown(text)} is neither yes nor no. Write да/нет, yes/no, true/false, Y/N or 1/0, or add a `map`.",
            )
        return yes if meant else no

    return convert
