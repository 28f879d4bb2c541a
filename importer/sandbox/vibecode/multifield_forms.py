"""Phones and e-mails on their way in (three forms) and out (aliases and `fm`), which are not symmetric.

In: a string, a list of strings, or a list of `{value, typeId}`. Out: `phone`, `phoneWork` … with the first value of
their kind, and `fm[]` with all of them. Reference, section 6.
"""

from __future__ import annotations

from functools import lru_cache

from importer.sandbox.multifields import Multifield
from importer.sandbox.vibecode.names import camel
from importer.sandbox.vibecode.refusals import VibeRefusal, wrong_request
from importer.sandbox.vibecode.switches import VibeSwitches

_DEFAULT = "WORK"
_OTHER = "OTHER"

#: kinds that may be sent; those of the channels that VibeCode does not document are the portal's
KINDS = {"PHONE": ("WORK", "HOME", "MOBILE", "OTHER"), "EMAIL": ("WORK", "HOME", "MAILING", "OTHER")}

# Kinds with an alias of their own in answers. FAX and PAGER exist in the portal, so they can be met there.
_ALIASES = {"PHONE": (*KINDS["PHONE"], "FAX", "PAGER", "MAILING"), "EMAIL": KINDS["EMAIL"]}


def native_elements(channel: str, sent: object, switches: VibeSwitches) -> list[dict[str, object]]:
    """What was sent for PHONE, EMAIL … as the portal's `{VALUE, VALUE_TYPE}`. Raises VibeRefusal for a wrong shape."""
    if isinstance(sent, list):
        forms = {type(item) for item in sent}
        if len(forms) > 1 and switches.odd_multifield == "reject":
            raise wrong_request(f"{camel(channel)}: strings and objects are mixed")
        elements = sent
    elif isinstance(sent, dict) and switches.odd_multifield == "reject" and not _is_native(sent):
        raise wrong_request(f"{camel(channel)}: an object must stand in an array")
    else:
        elements = [sent]
    return [_element(channel, item, switches) for item in elements]


def _element(channel: str, item: object, switches: VibeSwitches) -> dict[str, object]:
    if isinstance(item, str):
        return {"VALUE": item, "VALUE_TYPE": _DEFAULT}
    if not isinstance(item, dict):
        raise wrong_request(f"{camel(channel)}: a string or an object is needed")
    if _is_native(item):
        raise VibeRefusal("INVALID_MULTIFIELD_SHAPE", f"{camel(channel)}: use value and typeId, not VALUE and VALUE_TYPE")
    value = item.get("value")
    if not isinstance(value, str) and switches.odd_multifield == "reject":
        raise wrong_request(f"{camel(channel)}: value is missing or no string")
    return {"VALUE": "" if value is None else str(value), "VALUE_TYPE": _kind(channel, item.get("typeId"), switches)}


def _is_native(item: dict) -> bool:
    return "VALUE" in item or "VALUE_TYPE" in item


def _kind(channel: str, sent: object, switches: VibeSwitches) -> str:
    if sent in (None, ""):
        return _DEFAULT
    known = KINDS.get(channel)
    if known is None or sent in known or switches.unknown_kind == "keep":
        return str(sent)
    if switches.unknown_kind == "other":
        return _OTHER
    raise wrong_request(f"{camel(channel)}: typeId {sent!r} is unknown, take one of {', '.join(known)}")


def shown(values: list[Multifield], switches: VibeSwitches, channels: list[str]) -> dict[str, object]:
    """The aliases of the channels and `fm`; an alias without a value is an empty string, as the portal has it."""
    firsts: dict[str, str] = {}
    for item in values:
        alias = camel(item.kind)
        firsts.setdefault(alias, item.value)
        firsts.setdefault(alias + item.value_type.capitalize(), item.value)
    answer: dict[str, object] = {alias: firsts.get(alias, "") for channel in channels for alias in _aliases(channel)}
    answer["fm"] = [_fm_element(item, switches) for item in values if item.kind in channels]
    return answer


@lru_cache(maxsize=8)
def _aliases(channel: str) -> tuple[str, ...]:
    return camel(channel), *(camel(channel) + kind.capitalize() for kind in _ALIASES.get(channel, ()))


def _fm_element(item: Multifield, switches: VibeSwitches) -> dict[str, object]:
    number = str(item.id) if switches.numbers == "string" else item.id
    if switches.fm_elements == "upper":
        return {"ID": number, "TYPE_ID": item.kind, "VALUE_TYPE": item.value_type, "VALUE": item.value}
    return {"id": number, "typeId": item.kind, "valueType": item.value_type, "value": item.value}
