"""Names of columns in the forms in which they are compared: letters and digits only, and whole words.

Letters of every alphabet survive: Kazakh, Ukrainian and German words differ from others by a single one.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans("", "", "'’ʼ`\"«»“”")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LAST_NUMBER = re.compile(r"\s*\d{1,2}$")
# firstName is two words.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What Apple's address book writes around the labels it brings itself.
_APPLE_LABEL = re.compile(r"_\$!<(.*?)>!\$_")


def words(name: str) -> str:
    """The name's words in small letters with single blanks: `E-mail_1*` gives `e mail 1`."""
    text = unicodedata.normalize("NFKC", _APPLE_LABEL.sub(r"\1", name)).replace("\ufeff", "").translate(_APOSTROPHES)
    text = _HUMP.sub(" ", text).casefold().replace("ё", "е")
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def key(name: str) -> str:
    """The name's letters and digits: `E-mail`, `e_mail` and `EMAIL` are one."""
    return words(name).replace(" ", "")


def shorter_forms(name: str) -> list[str]:
    """Names that may be meant, nearest first: without what stands in brackets, without a number at the end."""
    plain = _BRACKETED.sub(" ", name).strip()
    forms = [plain, _LAST_NUMBER.sub("", plain), _LAST_NUMBER.sub("", name)]
    return [form for form in dict.fromkeys(forms) if form and form != name]
