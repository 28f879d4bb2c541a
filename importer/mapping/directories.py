"""Texts of the source to ids of the portal: list items, directory entries, users.

An exact id wins, with a warning where it may be a text as well; then the text, without regard to case and runs of
blanks. What fits nothing, or several, is refused with the nearest ones named: the portal would drop it without a word
(published server modules of the platform).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from importer.mapping.findings import Conversion, Finding, doubted, refused, shown
from importer.mapping.nearest import nearest
from importer.records import ListItem, PortalUser

# A message names the whole list up to this many entries, else the nearest ones.
LISTED_WHOLE = 6


def folded(text: str) -> str:
    """A text as lists are compared: no case, single blanks, ё as е."""
    return " ".join(text.split()).casefold().replace("ё", "е")


def item_conversion(items: Sequence[ListItem], *, code: str, whose: str, new: Conversion | None = None) -> Conversion:
    """A conversion of a list's texts or ids to ids. `code` is the problem's word, `whose` names the list.

    `new` decides about a text that is not in the list, instead of a refusal. An id that is another entry's text, or with
    `new` a number that may be one to come, is taken as an id with the warning `id_or_text`.
    """
    named = {item.id: _named(item) for item in items}
    by_text: dict[str, set[str]] = defaultdict(set)
    for item in items:
        by_text[folded(item.text)].add(item.id)
    by_id = {folded(item.id): item.id for item in items}

    def doubt(text: str) -> str | Finding:
        alike = by_text.get(folded(text), set())
        if text in alike:
            return text
        if alike:
            others = ", ".join(named[one] for one in sorted(alike))
            sentence = f"{shown(text)} is the id of {named[text]} and the text of {others} in {whose}. The id is taken; `map` it to the id that is meant."
            return doubted("id_or_text", sentence, text)
        if new is not None and text.isdecimal():
            sentence = (
                f"{shown(text)} is the id of {named[text]} in {whose}, which is taken; no entry is created. "
                "Write its text if it is meant; if not, add the entry in the portal and `map` the text to its id."
            )
            return doubted("id_or_text", sentence, text)
        return text

    def convert(text: str) -> str | Finding:
        if text in named:
            return doubt(text)
        key = folded(text)
        found = by_text.get(key)
        if found and len(found) == 1:
            return next(iter(found))
        if found:
            several = ", ".join(sorted(found))
            return refused(code, f"{shown(text)} stands for several entries of {whose}: {several}. Write the id instead.")
        if key in by_id:
            return by_id[key]
        if new is not None:
            return new(text)
        return refused(code, f"{shown(text)} is not in {whose}.{_which(text, items)}", "Correct the cell, or add a `map`.")

    return convert


def _which(text: str, items: Sequence[ListItem]) -> str:
    if not items:
        return " The list is empty."
    if len(items) <= LISTED_WHOLE:
        return f" It has {', '.join(_named(item) for item in items)}."
    by_name = {name: item for item in items for name in (item.id, item.text) if name}
    likely = dict.fromkeys(by_name[name] for name in nearest(text, by_name, limit=6))
    if likely:
        return f" Nearest: {', '.join(_named(item) for item in list(likely)[:3])}."
    return f" None of its {len(items)} entries is near; they begin with {', '.join(_named(item) for item in items[:3])}."


def _named(item: ListItem) -> str:
    return f"{item.text} ({item.id})" if item.text and item.text != item.id else item.id


def user_conversion(users: Sequence[PortalUser]) -> Conversion:
    """A conversion of an id, an e-mail or a full name (either order) to a user's id.

    Refused: `unknown_user` with the nearest, `inactive_user` for someone dismissed, `ambiguous_user` when several
    active users have that name. An active user goes before a dismissed namesake.
    """
    by_key: dict[str, list[PortalUser]] = defaultdict(list)
    for user in users:
        for key in {user.id, folded(user.email), *_names(user)} - {""}:
            by_key[key].append(user)
    # An id is never a name or an e-mail, and the other way round, so one table serves all three.
    names = {name: user for user in users for name in (user.email, _full_name(user)) if name}

    def convert(text: str) -> str | Finding:
        found = by_key.get(text) or by_key.get(folded(text.replace(",", " ")), [])
        active = [user for user in found if user.is_active]
        if len(active) == 1:
            return active[0].id
        if active:
            several = ", ".join(_told(user) for user in active)
            return refused("ambiguous_user", f"{shown(text)} fits several users: {several}. Write the e-mail or the id.")
        if found:
            sentence = f"{shown(text)} is a dismissed user ({_told(found[0])}). Name an active one, or add a `map`."
            return refused("inactive_user", sentence)
        likely = list(dict.fromkeys(_told(names[name]) for name in nearest(text, names, limit=3)))
        hint = f" Nearest: {', '.join(likely)}." if likely else ""
        return refused("unknown_user", f"{shown(text)} is no user of the portal.{hint} Write an e-mail, a full name or an id.")

    return convert


def _names(user: PortalUser) -> Iterable[str]:
    first, last, second = user.name, user.last_name, user.second_name
    if not (first or last):
        return
    for order in ((first, last), (last, first), (first, second, last), (last, first, second)):
        yield folded(" ".join(order))


def _full_name(user: PortalUser) -> str:
    return " ".join(part for part in (user.name, user.last_name) if part) or user.email


def _told(user: PortalUser) -> str:
    contact = f", {user.email}" if user.email else ""
    return f"{_full_name(user) or 'without a name'} (id {user.id}{contact})"
