"""HTML notes as the BB codes the portal keeps in COMMENTS.

The portal strips HTML tags (published server modules of the platform), and with them line breaks and links; BB codes survive.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: an HTML tag or comment; "a < b" is none
HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->|<!doctype[^<>]*>", re.IGNORECASE | re.DOTALL)

_PAIRS = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s"}
_BLOCKS = frozenset("p div tr table h1 h2 h3 h4 h5 h6 blockquote ul ol section article header footer pre".split())
_UNSEEN = frozenset(("script", "style", "head", "title"))
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\[\]]+", re.IGNORECASE)


def html_to_bb(text: str) -> str:
    """The text with its HTML turned to BB codes and line breaks; plain text only has its entities resolved."""
    if "<" not in text and "&" not in text:
        return text
    writer = _Writer()
    writer.feed(text)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._links: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "li":
            self._pieces.append("\n- ")
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag in _BLOCKS:
            self._pieces.append("\n")
        elif tag in _PAIRS:
            self._pieces.append(f"[{_PAIRS[tag]}]")
        elif tag == "a":
            link = dict(attrs).get("href") or ""
            is_safe = _SAFE_LINK.fullmatch(link) is not None
            self._pieces.append(f"[url={link}]" if is_safe else "")
            self._links.append("[/url]" if is_safe else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _PAIRS:
            self._pieces.append(f"[/{_PAIRS[tag]}]")
        elif tag in _BLOCKS:
            self._pieces.append("\n")
        elif tag == "a" and self._links:
            self._pieces.append(self._links.pop())

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(data)

    def text(self) -> str:
        """What was written, blanks before and after line breaks and empty lines in a row taken out."""
        text = "".join(self._pieces).replace("\u00a0", " ")
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text)).strip()
