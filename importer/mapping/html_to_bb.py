"""HTML notes as the BB codes the portal keeps in COMMENTS.

The portal strips HTML tags (published server modules of the platform), and with them line breaks and links; BB codes survive.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: an HTML tag or comment; "a < b" is none
# A comment is searched for no further than to the next one, or a row of beginnings would cost the square of its length.
_COMMENT = r"<!--(?:(?!<!--|-->).)*-->"
HTML_TAG = re.compile(rf"</?[a-zA-Z][^<>]*>|{_COMMENT}|<!doctype[^<>]*>", re.IGNORECASE | re.DOTALL)

_PAIRS = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s"}
_BLOCKS = frozenset("p div tr table h1 h2 h3 h4 h5 h6 blockquote ul ol section article header footer pre".split())
_UNSEEN = frozenset(("script", "style", "head", "title"))
# HTML's own elements (WHATWG, with those of older standards); `<ivan@example.com>` and `<surname>` are text.
_ELEMENTS = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button canvas
caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font
footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd label legend li link main
map mark marquee menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture plaintext pre progress q
rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup svg table tbody td template
textarea tfoot th thead time title tr track tt u ul var video wbr xmp"""
# A tag of HTML, or of Word's own beside it (<o:p>), whole; a comment; a declaration. An attribute in quotes may have a > in it.
_MARKUP = re.compile(
    rf"<(/?)({'|'.join(_ELEMENTS.split())}|[ovwm]:[a-z]+)(?:[\s/](?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*)?>|{_COMMENT}|<(?:!doctype|\?xml|!\[)[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\[\]]+", re.IGNORECASE)


def html_to_bb(text: str) -> str:
    """The text with its HTML turned to BB codes and line breaks; plain text only has its entities resolved."""
    if "<" not in text and "&" not in text:
        return text
    writer = _Writer()
    writer.feed(_without_strays(text))
    writer.close()
    return writer.text()


def _without_strays(text: str) -> str:
    """The text with every `<` that begins no markup as an entity: the parser would swallow what stands behind it."""
    if "<" not in text:
        return text
    tags = list(_MARKUP.finditer(text))
    # What is never shown ends with its own end; without one it would hide all the rest.
    last_end = {tag[2].casefold(): tag.start() for tag in tags if tag[1]}
    pieces, at = [], 0
    for tag in tags:
        name = (tag[2] or "").casefold()
        is_endless = name in _UNSEEN and not tag[1] and last_end.get(name, -1) < tag.start()
        pieces += [text[at : tag.start()].replace("<", "&lt;"), "" if is_endless else tag[0]]
        at = tag.end()
    return "".join([*pieces, text[at:].replace("<", "&lt;")])


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._links: list[str] = []
        self._unseen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.add(tag)
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
            self._unseen.discard(tag)
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
