"""A mapping meets a file's header and a portal's fields: every fault between them at once, else a mapper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importer.errors import MappingError
from importer.mapping.contact_fields import IMPORT_ONLY, OPEN_PREFIXES, VALUE_TYPES
from importer.mapping.conversions import DATE_TYPES, NUMBER_TYPES, conversion_for
from importer.mapping.directories import folded
from importer.mapping.field_fill import filling
from importer.mapping.findings import Conversion, Finding
from importer.mapping.header_columns import HeaderColumns
from importer.mapping.mapper import Fill, Identity, Mapper
from importer.mapping.mapping_file import LoadedMapping
from importer.mapping.nearest import did_you_mean
from importer.mapping.rule_steps import Steps, chained, constant_value, several_values, taking
from importer.mapping.rules import FieldRule
from importer.mapping.yaml_text import KeyPath
from importer.records import Catalogue, PortalField, RowProblem


def bind(loaded: LoadedMapping, header: Sequence[str], catalogue: Catalogue, *, source_name: str) -> Mapper:
    """The mapper of `loaded` for a file with this header and a portal with this catalogue.

    Raises `MappingError` with all faults, in the order of the mapping's lines: columns that are not there, fields
    the portal does not have or fill, rules that do not fit a field, fixed values the portal does not know.
    """
    return _Binding(loaded, HeaderColumns(header), catalogue, source_name).mapper()


class _Binding:
    """One meeting; collects faults and notes on the way."""

    def __init__(self, loaded: LoadedMapping, columns: HeaderColumns, catalogue: Catalogue, source_name: str) -> None:
        self._loaded = loaded
        self._columns = columns
        self._catalogue = catalogue
        self._source_name = source_name
        self._faults: list[tuple[int, str]] = []
        self._notes: list[str] = []

    def mapper(self) -> Mapper:
        fills: list[tuple[str, Fill]] = []
        for name, rules in self._loaded.rules.fields.items():
            if not isinstance(rules, list):
                continue
            field = self._field(name, rules)
            if field is None:
                self._find_columns_of(name, rules)
                continue
            self._check_field(field, rules)
            steps = [self._steps(field, rule, index) for index, rule in enumerate(rules)]
            if None not in steps:
                fills.append((name, filling(field, [step for step in steps if step is not None])))
        identity = self._identity()
        self._note_what_is_missing()
        if self._faults:
            raise MappingError([sentence for _line, sentence in sorted(dict.fromkeys(self._faults), key=lambda fault: fault[0])])
        return Mapper(
            fills, identity, width=len(self._columns.header), params=self._loaded.params, notes=dict.fromkeys(self._notes)
        )

    def _fault(self, path: KeyPath, sentence: str) -> None:
        self._faults.append(self._loaded.fault(path, sentence))

    def _field(self, name: str, rules: list[FieldRule]) -> PortalField | None:
        field = self._catalogue.fields.get(name)
        if field is not None:
            return field
        if not self._catalogue.is_live and name.startswith(OPEN_PREFIXES):
            self._notes.append(f"{name} is taken as text: its type is known only to the portal.")
            return PortalField(name, "string", is_multiple=len(rules) > 1 or rules[0].split is not None)
        self._fault(("fields", name), self._unknown_field(name))
        return None

    def _unknown_field(self, name: str) -> str:
        fields = self._catalogue.fields
        labelled = [field.name for field in fields.values() if field.label and folded(field.label) == folded(name)]
        hint = f" Did you mean {labelled[0]}?" if len(labelled) == 1 else did_you_mean(name, fields)
        owner = "the portal has" if self._catalogue.is_live else "crm.contact.add has"
        return f'{owner} no contact field "{name}".{hint} `b24-import portal` lists the fields.'

    def _find_columns_of(self, name: str, rules: list[FieldRule]) -> None:
        """Columns are looked for in rules of unknown fields too, so that all faults come at once."""
        for index, rule in enumerate(rules):
            self._positions(rule, ("fields", name, index))

    def _check_field(self, field: PortalField, rules: list[FieldRule]) -> None:
        name, path = field.name, ("fields", field.name)
        if name in IMPORT_ONLY:
            if "IMPORT" not in self._loaded.params:
                self._fault(path, f"{name} can be set in import mode only. Set `params: {{IMPORT: Y}}`, or leave the field out.")
        elif field.is_read_only:
            self._fault(path, f"the portal fills {name} itself and drops what is sent. Leave the field out.")
        if field.type == "file":
            self._fault(path, f"{name} takes a file, and `files` is not supported yet. Leave the field out.")
        is_single = not field.is_multiple and field.type != "crm_multifield"
        if is_single and (len(rules) > 1 or rules[0].split is not None):
            what = f"has {len(rules)} rules" if len(rules) > 1 else "is split"
            self._fault(path, f"{name} {what}, but the field takes one value. Use `columns` with `join`, or one rule without `split`.")

    def _steps(self, field: PortalField, rule: FieldRule, index: int) -> Steps | None:
        path = ("fields", field.name, index)
        self._check_settings(field, rule, path)
        positions = self._positions(rule, path)
        if None in positions:
            return None
        converted = conversion_for(field, rule, self._loaded.defaults, self._catalogue)
        if converted.note:
            self._notes.append(converted.note)
        constants = converted.convert or (lambda text: text)
        self._check_constants(field, rule, constants, path)
        columns = tuple(self._columns.header[position] for position in positions if position is not None)
        take = taking(rule, self._columns.position_of)
        steps = Steps(rule, columns, take, chained(rule, converted.convert, constants), constant_value(rule.default, constants))
        return steps if rule.value is None else self._fixed(field, steps, path)

    def _fixed(self, field: PortalField, steps: Steps, path: KeyPath) -> Steps:
        """A rule with a fixed value is worked out once; what a row would be warned of is noted instead."""
        found: list[RowProblem] = []
        values = several_values(steps)((), found)
        for problem in found:
            if problem.is_warning:
                self._notes.append(f"{field.name}: {problem.problem}")
            else:
                self._fault((*path, "value"), f"{field.name}: {problem.problem}")
        if steps.rule.split is not None:
            return steps
        fixed = values[0] if values else ""
        return replace(steps, take=lambda cells, found: fixed, to_value=None, default="")

    def _check_settings(self, field: PortalField, rule: FieldRule, path: KeyPath) -> None:
        kinds = VALUE_TYPES.get(field.name)
        if rule.type is not None and field.type != "crm_multifield":
            self._fault((*path, "type"), f"`type` is for PHONE, EMAIL, WEB and IM; {field.name} has no kinds. Leave it out.")
        elif rule.type is not None and kinds and rule.type.upper() not in kinds:
            sentence = f'{field.name} has no kind "{rule.type}".{did_you_mean(rule.type, kinds)} It has {", ".join(kinds)}.'
            self._fault((*path, "type"), sentence)
        if not self._catalogue.is_live and field.name.startswith(OPEN_PREFIXES):
            return
        wrong = {
            "date_formats": rule.date_formats is not None and field.type not in DATE_TYPES,
            "decimal": rule.decimal is not None and field.type not in NUMBER_TYPES,
            "currency": rule.currency is not None and field.type != "money",
        }
        for key, is_wrong in wrong.items():
            if is_wrong:
                self._fault((*path, key), f"`{key}` means nothing for {field.name}, whose type is {field.type}. Leave it out.")

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
        """What the mapping itself sends must be right before the first row is."""
        fixed: list[tuple[KeyPath, str | None]] = [((*path, key), getattr(rule, key)) for key in ("otherwise", "default")]
        fixed += [((*path, "map", word), value) for word, value in (rule.map or {}).items()]
        for place, value in fixed:
            finding = constants(value) if value else ""
            if isinstance(finding, Finding):
                self._fault(place, f"{field.name}: {finding.sentence}")

    def _identity(self) -> Identity | None:
        origin = self._loaded.origin
        if origin is None:
            return None
        found = [self._position(name, ("origin", "id", index)) for index, name in enumerate(origin.id)]
        positions = tuple(position for position in found if position is not None)
        return Identity(origin.originator, positions, tuple(self._columns.header[position] for position in positions))

    def _note_what_is_missing(self) -> None:
        fields = self._loaded.rules.fields
        if "PHONE" in fields and self._loaded.defaults.region is None:
            self._notes.append("`defaults.region` is not set, so only phones with + and a country code are checked.")
        for field in self._catalogue.fields.values():
            if field.is_required and field.name.startswith("UF_") and field.name not in fields:
                called = f' ("{field.label}")' if field.label else ""
                self._notes.append(f"The portal requires {field.name}{called}, and the mapping does not fill it.")
        if "NAME" not in fields and "LAST_NAME" not in fields:
            self._fault(("fields",), "neither NAME nor LAST_NAME is mapped; the portal takes no contact without either. Map one of them.")
