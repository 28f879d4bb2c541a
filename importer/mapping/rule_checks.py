"""What a rule may say of a field of its type: faults that need the portal's fields, but no row and no header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from importer.mapping.addresses import ADDRESS_TYPE
from importer.mapping.contact_fields import IMPORT_ONLY, OPEN_PREFIXES, VALUE_TYPES
from importer.mapping.conversions import DATE_TYPES, NUMBER_TYPES
from importer.mapping.nearest import did_you_mean
from importer.mapping.rules import FieldRule
from importer.records import PortalField

USER_TYPES = ("user", "employee")
COMPANY_TYPES = ("crm_company", "crm")
LIST_TYPES = ("enumeration", "crm_status")


def is_open(field: PortalField, *, is_live: bool) -> bool:
    """True for a field whose type only the portal knows, when it was not asked."""
    return not is_live and field.name.startswith(OPEN_PREFIXES)


def faults_of_field(field: PortalField, rules: list[FieldRule], params: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with filling this field, or with its rules taken together."""
    name = field.name
    if name in IMPORT_ONLY:
        if "IMPORT" not in params:
            yield f"{name} can be set in import mode only. Set `params: {{IMPORT: Y}}`, or leave the field out."
    elif field.is_read_only:
        yield f"the portal fills {name} itself and drops what is sent. Leave the field out."
    if len({rule.overwrite or "always" for rule in rules}) > 1:
        yield f"the rules of {name} differ in `overwrite`, which is of the whole field. Give all of them the same."
    if any(rule.clear for rule in rules):
        yield from _faults_of_clear(field, rules)
    if field.type == "file" and any(rule.files is None for rule in rules):
        yield f"{name} takes a file. Say in which folder beside the source it lies: `files: photos`, for one."
    is_single = not field.is_multiple and field.type != "crm_multifield"
    if is_single and (len(rules) > 1 or rules[0].split is not None):
        what = f"has {len(rules)} rules" if len(rules) > 1 else "is split"
        yield f"{name} {what}, but the field takes one value. Use `columns` with `join`, or one rule without `split`."


def _faults_of_clear(field: PortalField, rules: list[FieldRule]) -> Iterator[str]:
    if any(rule.overwrite in ("if_empty", "never") for rule in rules):
        yield f"{field.name} has `clear`, which empties the field, and an `overwrite` that keeps what it holds. Take one of them away."
    if field.type == "file" or field.name in ("ORIGINATOR_ID", "ORIGIN_ID", "TRACE", *IMPORT_ONLY):
        yield f"{field.name} cannot be emptied by an update. Leave `clear` out."


def faults_of_rule(field: PortalField, rule: FieldRule, *, is_live: bool) -> Iterator[tuple[str, str]]:
    """The key and a sentence for every setting of the rule that does not fit the field."""
    kinds = VALUE_TYPES.get(field.name)
    if rule.type is not None and field.type != "crm_multifield":
        yield "type", f"`type` is for PHONE, EMAIL, WEB and IM; {field.name} has no kinds. Leave it out."
    elif rule.type is not None and kinds and rule.type.upper() not in kinds:
        yield "type", f'{field.name} has no kind "{rule.type}".{did_you_mean(rule.type, kinds)} It has {", ".join(kinds)}.'
    if rule.by is not None and rule.lookup != "company":
        yield "by", "`by` is for `lookup: company`. Leave it out."
    if is_open(field, is_live=is_live):
        return
    wrong = {
        "date_formats": rule.date_formats is not None and field.type not in DATE_TYPES,
        "decimal": rule.decimal is not None and field.type not in NUMBER_TYPES,
        "currency": rule.currency is not None and field.type != "money",
        "files": rule.files is not None and field.type != "file",
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            yield key, f"`{key}` means nothing for {field.name}, whose type is {field.type}. Leave it out."
    if field.type == ADDRESS_TYPE:
        for key, is_set in (("overwrite", rule.overwrite is not None), ("clear", rule.clear)):
            if is_set:
                yield key, f"`{key}` means nothing for {field.name}: an address is written where a contact has none, and never changed. Leave it out."
    yield from _faults_of_lookup(field, rule)
    yield from _faults_of_create(field, rule)


def _faults_of_lookup(field: PortalField, rule: FieldRule) -> Iterator[tuple[str, str]]:
    name = field.name
    if rule.lookup == "user" and field.type not in USER_TYPES:
        yield "lookup", f"`lookup: user` is for fields of users such as ASSIGNED_BY_ID; {name} is of type {field.type}. Leave it out."
    if rule.lookup != "company":
        return
    if field.type not in COMPANY_TYPES:
        yield "lookup", f"`lookup: company` is for COMPANY_ID, COMPANY_IDS and links to companies; {name} is of type {field.type}. Leave it out."
    elif field.type == "crm" and field.settings and field.settings.get("COMPANY") != "Y":
        yield "lookup", f"{name} does not link to companies in the portal. Leave `lookup` out, or allow companies in the field's settings."


def _faults_of_create(field: PortalField, rule: FieldRule) -> Iterator[tuple[str, str]]:
    if not rule.create:
        return
    if rule.lookup == "user":
        yield "create", "`create` adds companies, list items and directory entries, no users. Leave it out."
    elif rule.lookup == "company":
        if rule.by is not None and "title" not in rule.by:
            yield "create", "`create` needs a title for a new company. Add `title` to `by`, or leave `create` out."
    elif field.type in COMPANY_TYPES:
        yield "create", f"`create` of {field.name} needs `lookup: company` beside it."
    elif field.type not in LIST_TYPES:
        yield "create", f"`create` means nothing for {field.name}, whose type is {field.type}. Leave it out."
