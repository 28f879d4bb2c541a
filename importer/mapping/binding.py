"""A mapping meets a file's header and a portal's fields: every fault between them at once, else a mapper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from importer.errors import MappingError
from importer.mapping.addresses import ADDRESS_TYPE, AddressFill, address_filling, address_text
from importer.mapping.contact_fields import IMPORT_ONLY
from importer.mapping.conversions import Converted, directory_of
from importer.mapping.differences import Differences, FieldPolicy
from importer.mapping.field_fill import filling, insisting
from importer.mapping.field_names import FieldNames
from importer.mapping.findings import Conversion, Finding
from importer.mapping.header_columns import AnyColumns, HeaderColumns
from importer.mapping.lookups import Lookups, RuleFault, link_prefix
from importer.mapping.mapper import Fill, Identity, Mapper, Recipe
from importer.mapping.mapping_file import LoadedMapping
from importer.mapping.new_items import ItemList
from importer.mapping.rule_checks import LIST_TYPES, faults_of_field, faults_of_rule
from importer.mapping.rule_steps import Steps, chained, constant_value, findings_of, several_values, taking
from importer.mapping.rules import AddressRule, FieldRule
from importer.mapping.sound_part import BrokenRule
from importer.mapping.unsupported import Fitted, fitted
from importer.mapping.yaml_text import KeyPath
from importer.records import Catalogue, PortalField, RowProblem


def bind(
    loaded: LoadedMapping, header: Sequence[str], catalogue: Catalogue, *, source_name: str, base: Path | None = None
) -> Mapper:
    """The mapper of `loaded` for a file with this header and a portal with this catalogue.

    `base` is the source's folder, beside which `files` looks. What cannot be done the way we come in is a fault too,
    unless the mapping says `unsupported: ignore`. Raises `MappingError` with all faults, in the order of
    the mapping's lines, those of `loaded` among them: columns that are not there, fields the portal does not have or fill, rules that do not fit a
    field, fixed values the portal does not know, folders that are not there.
    """
    lookups = Lookups(loaded.defaults, catalogue, base)
    possible = fitted(loaded, catalogue.lacks)
    binding = _Binding(possible.loaded, HeaderColumns(header), catalogue, source_name, lookups)
    return binding.mapper(possible)


def faults_without_header(loaded: LoadedMapping, catalogue: Catalogue, *, base: Path | None = None) -> list[str]:
    """The faults that are there whatever columns the file has, as `bind` tells them; for a file that cannot be opened."""
    possible = fitted(loaded, catalogue.lacks)
    binding = _Binding(possible.loaded, AnyColumns(), catalogue, "", Lookups(loaded.defaults, catalogue, base))
    try:
        binding.mapper(possible)
    except MappingError as error:
        return error.faults
    return []


class _Binding:
    """One meeting; collects faults and notes on the way."""

    def __init__(
        self, loaded: LoadedMapping, columns: HeaderColumns | AnyColumns, catalogue: Catalogue, source_name: str, lookups: Lookups
    ) -> None:
        self._loaded = loaded
        self._columns = columns
        self._catalogue = catalogue
        self._names = FieldNames(catalogue)
        self._source_name = source_name
        self._lookups = lookups
        self._faults: list[tuple[int, str]] = list(loaded.faults)
        self._notes: list[str] = []
        self._company_prefixes: dict[str, str] = {}
        self._policies: dict[str, FieldPolicy] = {}
        self._item_lists: dict[str, ItemList] = {}
        self._lacks: list[RowProblem] = []

    def mapper(self, possible: Fitted) -> Mapper:
        self._faults += possible.faults
        self._notes += possible.notes
        fills: list[tuple[str, Fill]] = []
        address: AddressFill | None = None
        for name, entry in self._loaded.rules.fields.items():
            if isinstance(entry, AddressRule):
                address = self._address(name, entry)
                continue
            field = self._field(name, entry)
            if field is None:
                self._find_columns_of(name, entry)
                continue
            fill = self._fill(field, entry)
            if fill is not None:
                fills.append((name, fill))
        for name, rules in self._loaded.broken.fields.items():
            self._look_at_broken(name, rules)
        for path, column in self._loaded.broken.origin_columns:
            self._position(column, path)
        identity = self._identity()
        self._note_what_is_missing()
        if self._faults:
            raise MappingError([sentence for _line, sentence in sorted(dict.fromkeys(self._faults), key=lambda fault: fault[0])])
        recipe = Recipe(tuple(fills), identity, address, self._company_prefixes, self._item_lists, tuple(self._lacks))
        notes = dict.fromkeys(self._notes)
        if self._catalogue.lacks is not None and not self._catalogue.lacks.keeps_identity:
            self._policies |= dict.fromkeys(("ORIGINATOR_ID", "ORIGIN_ID"), FieldPolicy("string", "never"))
        differences = Differences(self._policies, self._loaded.defaults.region)
        return Mapper(recipe, width=len(self._columns.header), params=self._loaded.params, notes=notes, differences=differences)

    def _fill(self, field: PortalField, rules: list[FieldRule]) -> Fill | None:
        path = ("fields", field.name)
        for sentence in faults_of_field(field, rules, self._loaded.params):
            self._fault(path, sentence)
        steps = [self._steps(field, rule, (*path, index)) for index, rule in enumerate(rules)]
        whole = [step for step in steps if step is not None]
        if len(whole) < len(rules):
            return None
        if any(rule.create for rule in rules):
            self._note_creation(field, rules)
        self._policies[field.name] = self._policy(field, rules)
        fill = filling(field, whole)
        if field.is_required and field.name.startswith("UF_"):
            return insisting(field, fill, whole[0].column if len(whole) == 1 else None)
        return fill

    def _note_creation(self, field: PortalField, rules: list[FieldRule]) -> None:
        if not self._catalogue.is_live:
            return
        if any(rule.create and rule.lookup == "company" for rule in rules):
            self._company_prefixes[field.name] = link_prefix(field)
        elif field.type in LIST_TYPES:
            directory = directory_of(field) if field.type == "crm_status" else ""
            self._item_lists[field.name] = ItemList(directory or field.name, bool(directory))
            if not self._catalogue.is_admin:
                self._notes.append(
                    f"{field.name}: new entries are added only by an administrator of the CRM, and the portal's user is not an administrator of "
                    "the portal. Unless it is one of the CRM, a run that has new ones stops before its first row: give it that right, or add the entries first."
                )

    def _address(self, name: str, entry: AddressRule) -> AddressFill:
        parts: list[tuple[str, Steps]] = []
        for part, rule in entry.parts():
            field, path = PortalField(f"{name} {part}", ADDRESS_TYPE), ("fields", name, part)
            for sentence in faults_of_field(field, [rule], self._loaded.params):
                self._fault(path, sentence)
            steps = self._steps(field, rule, path)
            if steps is not None:
                parts.append((part, steps))
        return address_filling(parts)

    def _fault(self, path: KeyPath, sentence: str) -> None:
        self._faults.append(self._loaded.fault(path, sentence))

    def _field(self, name: str, rules: list[FieldRule]) -> PortalField | None:
        field = self._names.described(name)
        if field is not None:
            return field
        if self._names.may_be(name):
            self._notes.append(f"{name} is taken as text: its type is known only to the portal.")
            kind = "file" if any(rule.files is not None for rule in rules) else "string"
            return PortalField(name, kind, is_multiple=len(rules) > 1 or rules[0].split is not None)
        self._fault(("fields", name), self._names.unknown(name))
        return None

    def _find_columns_of(self, name: str, rules: list[FieldRule]) -> None:
        """Columns are looked for in rules of unknown fields too, so that all faults come at once."""
        for index, rule in enumerate(rules):
            self._positions(rule, ("fields", name, index))

    def _look_at_broken(self, name: str, rules: list[BrokenRule]) -> None:
        """What can be said of a field whose rules have a fault in themselves: its name, its columns, settings that do not fit it.

        What depends on several keys or rules stays unsaid: the one that is wrong may be the one that is missed.
        """
        field = PortalField(name, ADDRESS_TYPE) if name == "ADDRESS" and not all(isinstance(rule.path[2], int) for rule in rules) else self._names.described(name)
        if field is None and not self._names.may_be(name):
            self._fault(("fields", name), self._names.unknown(name))
        for rule in rules:
            for path, column in rule.columns:
                self._position(column, path)
            for key, sentence in faults_of_rule(field, rule.settings, is_live=self._catalogue.is_live) if field is not None else ():
                if key not in ("create", "by"):
                    self._fault((*rule.path, key), sentence)

    def _steps(self, field: PortalField, rule: FieldRule, path: KeyPath) -> Steps | None:
        for key, sentence in faults_of_rule(field, rule, is_live=self._catalogue.is_live):
            self._fault((*path, key), sentence)
        positions = self._positions(rule, path)
        converted = self._conversion(field, rule, path)
        if converted is None or None in positions:
            return None
        if converted.note:
            self._notes.append(converted.note)
        constants = converted.convert or (lambda text: text)
        self._check_constants(field, rule, constants, path)
        columns = tuple(self._columns.header[position] for position in positions if position is not None)
        take = taking(rule, self._columns.position_of)
        steps = Steps(rule, columns, take, chained(rule, converted.convert, constants), constant_value(rule.default, constants))
        return steps if rule.value is None else self._fixed(field, steps, path)

    def _conversion(self, field: PortalField, rule: FieldRule, path: KeyPath) -> Converted | None:
        if field.type == ADDRESS_TYPE:
            return Converted(address_text)
        try:
            return self._lookups.conversion(field, rule)
        except RuleFault as error:
            self._fault((*path, error.key), f"{field.name}: {error}")
            return None

    def _fixed(self, field: PortalField, steps: Steps, path: KeyPath) -> Steps:
        """A rule with a fixed value is worked out once; what a row would be warned of is noted instead."""
        found: list[RowProblem] = []
        values = several_values(steps)((), found)
        faults = {finding.as_problem(None).problem: finding.as_fault() for finding in findings_of(steps)}
        for problem in found:
            if problem.is_warning:
                self._notes.append(f"{field.name}: {problem.problem}")
            else:
                self._fault((*path, "value"), f"{field.name}: {faults.get(problem.problem, problem.problem)}")
        if steps.rule.split is not None:
            return steps
        fixed = values[0] if values else ""
        return replace(steps, take=lambda cells, found: fixed, to_value=None, default="")

    def _positions(self, rule: FieldRule, path: KeyPath) -> list[int | None]:
        key = next(key for key in ("column", "columns", "template", "value") if getattr(rule, key) is not None)
        return [
            self._position(name, (*path, key, *((index,) if key == "columns" else ())))
            for index, name in enumerate(rule.source_columns())
        ]

    def _position(self, name: str, path: KeyPath) -> int | None:
        try:
            return self._columns.position_of(name)
        except LookupError as error:
            self._fault(path, f'column "{name}": {self._source_name} {error}')
            return None

    def _check_constants(self, field: PortalField, rule: FieldRule, constants: Conversion, path: KeyPath) -> None:
        """What the mapping itself sends must be right before the first row is; what is only doubted is noted, as of a fixed value."""
        fixed: list[tuple[KeyPath, str | None]] = [((*path, key), getattr(rule, key)) for key in ("otherwise", "default")]
        fixed += [((*path, "map", word), value) for word, value in (rule.map or {}).items()]
        for place, value in fixed:
            finding = constants(value) if value else ""
            if isinstance(finding, Finding) and finding.is_warning:
                self._notes.append(f"{field.name}: {finding.sentence}")
            elif isinstance(finding, Finding):
                self._fault(place, f"{field.name}: {finding.as_fault()}")

    def _identity(self) -> Identity | None:
        origin = self._loaded.origin
        if origin is None:
            return None
        self._check_marker()
        found = [self._position(name, ("origin", "id", index)) for index, name in enumerate(origin.id)]
        positions = tuple(position for position in found if position is not None)
        return Identity(origin.originator, positions, tuple(self._columns.header[position] for position in positions))

    def _check_marker(self) -> None:
        name = self._loaded.marker
        if name is None:
            return
        field = self._catalogue.fields.get(name)
        if name in self._loaded.rules.fields:
            self._fault(("origin", "field"), f"{name} carries the identity and is filled by `fields` too. Keep one of the two.")
        elif field is None and self._catalogue.is_live:
            self._fault(("origin", "field"), self._names.unknown(name))
        elif field is not None and (field.type != "string" or field.is_multiple or field.is_read_only):
            self._fault(("origin", "field"), f"{name} cannot carry the identity: that takes a custom field for one text. Make one in the portal.")

    def _note_what_is_missing(self) -> None:
        fields = {*self._loaded.rules.fields, *self._loaded.broken.fields}
        if "PHONE" in fields and self._loaded.defaults.region is None:
            self._notes.append("`defaults.region` is not set, so only phones with + and a country code are checked.")
        for field in self._catalogue.fields.values():
            if field.is_required and field.name.startswith("UF_") and field.name not in fields:
                called = f' ("{field.label}")' if field.label else ""
                self._notes.append(f"The portal requires {field.name}{called}, and the mapping does not fill it.")
                sentence = (
                    f"The portal requires {field.name}{called}, and the mapping fills it for no row; the portal may refuse them all. "
                    "Map it, or give it a `value`."
                )
                self._lacks.append(RowProblem("required_by_portal", sentence, is_warning=True))
        if "NAME" not in fields and "LAST_NAME" not in fields:
            self._fault(("fields",), "neither NAME nor LAST_NAME is mapped; the portal takes no contact without either. Map one of them.")

    def _policy(self, field: PortalField, rules: list[FieldRule]) -> FieldPolicy:
        """What an update may do to the field. Import mode is of crm.contact.add alone, and TRACE is read by nobody later."""
        is_of_creation = field.name in IMPORT_ONLY or field.name == "TRACE"
        overwrite = "never" if is_of_creation else rules[0].overwrite or "always"
        adds_only = self._catalogue.lacks is not None and field.type == "crm_multifield"
        return FieldPolicy(field.type, overwrite, any(rule.clear for rule in rules), adds_only)
