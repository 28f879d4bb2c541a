"""Which fields VibeCode has for contacts and companies, under which names, and how `…/fields` describes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from importer.sandbox.fields import READ_ONLY, UNDESCRIBED, WRITABLE, FieldSpec
from importer.sandbox.portal import Portal
from importer.sandbox.records import RecordKind
from importer.sandbox.vibecode.names import OTHER_TIMES, camel
from importer.sandbox.vibecode.switches import VibeSwitches

_ORIGIN = frozenset({"ORIGINATOR_ID", "ORIGIN_ID", "ORIGIN_VERSION"})
_NATIVE = frozenset("BIRTHDATE HONORIFIC COMPANY_IDS PHOTO UTM_SOURCE UTM_MEDIUM UTM_CAMPAIGN UTM_CONTENT UTM_TERM".split())
_WEB = frozenset({"WEB", "IM", "LINK"})
# The old address text fields are switched off in the item methods; TRACE is no field of theirs.
_NEVER = frozenset({"TRACE", "FACE_ID"})

_OWN_TYPES = {
    **dict.fromkeys(("integer", "double", "user", "employee", "crm_company", "crm_lead"), "number"),
    **dict.fromkeys(("char", "boolean"), "boolean"),
    "crm_status": "string",
    "crm_multifield": "multifield",
}


@dataclass(frozen=True, slots=True, eq=False)
class VibeField:
    """One field: VibeCode's name and the portal's specification."""

    name: str
    spec: FieldSpec

    @property
    def is_writable(self) -> bool:
        """Whether create and update take it; nothing that only an import may set."""
        return self.spec.access == WRITABLE

    def described(self, switches: VibeSwitches) -> dict[str, object]:
        """Its entry in `…/fields`: the portal's own members, and `readonly`."""
        entry = self.spec.described()
        if switches.field_types == "own":
            entry["type"] = _OWN_TYPES.get(self.spec.type, self.spec.type)
        entry |= {"isReadOnly": not self.is_writable, "readonly": not self.is_writable, "upperName": self.spec.name}
        return entry | {"title": self.spec.label or self.spec.name}


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of one kind of record."""

    #: by VibeCode's name
    by_name: dict[str, VibeField]
    #: VibeCode's name by the portal's
    names: dict[str, str]
    #: the portal's name by each name that filters and orders may use
    filtered: dict[str, str]


def field_list(kind: RecordKind, portal: Portal, switches: VibeSwitches) -> FieldList:
    """The fields of contacts or companies as the switches have them."""
    custom = portal.store.directories.custom_fields() if kind.entity == "contact" else ()
    return _field_list(kind.entity, (*kind.standard, *custom), switches)


@lru_cache(maxsize=32)
def _field_list(entity: str, specs: tuple[FieldSpec, ...], switches: VibeSwitches) -> FieldList:
    by_name: dict[str, VibeField] = {}
    for spec in specs:
        access = _access(entity, spec, switches)
        if access is None:
            continue
        name = camel(spec.name)
        if switches.time_names == "createdAt":
            name = OTHER_TIMES.get(name, name)
        # A name that is taken leaves the portal's own (reference, section 7).
        name = spec.name if name in by_name else name
        by_name[name] = VibeField(name, replace(spec, access=access))
    names = {field.spec.name: name for name, field in by_name.items()}
    return FieldList(by_name, names, _filtered(names, switches))


def _access(entity: str, spec: FieldSpec, switches: VibeSwitches) -> str | None:
    if spec.name in _NEVER or spec.name in UNDESCRIBED or spec.name.startswith("ADDRESS"):
        return None
    position = "writable"
    if spec.name in _ORIGIN:
        position = switches.origin_fields
    elif entity == "contact" and spec.name in _NATIVE:
        position = switches.native_fields
    elif entity == "contact" and spec.name in _WEB:
        position = switches.web_fields
    if position == "absent":
        return None
    if spec.name == "LEAD_ID":
        # Writable by the page on creating contacts.
        return WRITABLE
    return spec.access if position == "writable" and spec.access == WRITABLE else READ_ONLY


def _filtered(names: dict[str, str], switches: VibeSwitches) -> dict[str, str]:
    known = {name: native for native, name in names.items()}
    if switches.filtered_time_names == "same":
        return known
    pairs = [(old, new) if old in known else (new, old) for old, new in OTHER_TIMES.items()]
    for shown, other in pairs:
        known[other] = known[shown]
        if switches.filtered_time_names == "other":
            del known[shown]
    return known
