"""The mapping file in memory: what may stand in it, and what must not.

Shape and single values are checked here; what needs the file's header or the portal's fields is checked in
`binding`. Every scalar arrives as the text of the file (see `yaml_text`), so 007 stays 007 and `no` a word.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, field_validator, model_validator

from importer.mapping.nearest import did_you_mean, nearest
from importer.mapping.rule_values import (
    DELIMITERS,
    Currency,
    DateFormats,
    DecimalMark,
    Delimiter,
    Off,
    Pattern,
    Region,
    Scalar,
    Sheet,
    Strict,
    Template,
    Texts,
    YesNo,
    as_list,
    one_or_more,
)
from importer.mapping.template_text import parse_template, template_columns
from importer.mapping.transforms import checked_pattern, replacement

TransformName = Literal[
    "strip", "collapse", "lower", "upper", "title", "digits",
    "first_name", "last_name", "second_name", "html_to_bb",
]  # fmt: skip


class SourceRules(Strict):
    """How to read the file. The command line wins over it."""

    sheet: Sheet | None = Field(None, description="Name of the sheet, or its number from 1.")
    header_row: int | None = Field(None, ge=1, description="Row of the header, as the sheet numbers its rows.")
    encoding: str = Field("auto", description="auto, utf-8, cp1251, utf-16 …")
    delimiter: Delimiter = Field("auto", description='auto, ",", ";", tab or "|".')

    @field_validator("delimiter")
    @classmethod
    def _delimiter(cls, value: str) -> str:
        if value not in DELIMITERS:
            raise ValueError(f'the delimiter "{value}" is not known. Write auto, ",", ";", tab or "|".')
        return DELIMITERS[value]


class Defaults(Strict):
    """What holds for all rules that do not say otherwise."""

    region: Region | None = Field(None, description="Country of phones and numbers, two letters: RU, DE, US …")
    timezone: str | None = Field(None, description="Where times without an offset are from: Europe/Moscow …")
    date_formats: DateFormats | None = Field(None, description="How dates are written, as strptime has it; ISO is always read.")
    currency: Currency | None = Field(None, description="Currency of amounts that name none: RUB, EUR …")
    decimal: DecimalMark | None = Field(None, description="The decimal mark, where the region leaves it open.")

    @field_validator("region")
    @classmethod
    def _region(cls, value: str) -> str:
        if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f'"{value}" is no country. Write its two letters, such as RU, KZ, DE or US.')
        return value.upper()

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        zones = zoneinfo.available_timezones()
        if value not in zones:
            raise ValueError(f'there is no time zone "{value}".{did_you_mean(value, zones) or " Write it like Europe/Moscow."}')
        return value


class Origin(Strict):
    """The row's identity: ORIGINATOR_ID, and the columns that make ORIGIN_ID, joined by a bar."""

    originator: str = Field(min_length=1, description="Name of the system the contacts come from.")
    id: Texts = Field(description="Column with the record's id there; several are joined by a bar.")
    field: str | None = Field(
        None,
        pattern=r"^UF_CRM_\w+$",
        description="Custom text field that carries the identity where ORIGINATOR_ID and ORIGIN_ID cannot be written (VibeCode).",
    )


OriginSetting = Annotated[
    Annotated[Origin, Tag("origin")] | Annotated[Off, Tag("off")],
    Discriminator(lambda value: "origin" if isinstance(value, dict | Origin) else "off"),
]


class Match(Strict):
    """What happens to a row whose contact is already in the portal."""

    by: Annotated[
        list[Literal["origin", "email", "phone"]],
        BeforeValidator(as_list),
        Field(min_length=1),
        one_or_more({"enum": ["origin", "email", "phone"]}),
    ]
    on_match: Literal["create", "skip", "update", "fill"] | None = Field(
        None, description="create regardless, skip the row, update what differs, or fill empty fields; --on-match may say it instead."
    )
    on_many: Literal["reject", "oldest"] = Field("reject", description="When several contacts fit: reject the row, or take the oldest.")


class Params(Strict):
    """The `params` of crm.contact.add, as words for yes and no (apidocs.bitrix24.com, crm.contact.add)."""

    IMPORT: YesNo = Field(
        True, description="Import mode: original dates, no workflows, the import right is enough."
    )
    REGISTER_SONET_EVENT: YesNo = Field(
        False, description="An entry in the activity stream for every contact."
    )


class ReplaceStep(Strict):
    """`replace: {pattern: …, with: …}`: a regular expression and what stands in its place."""

    pattern: str
    with_: str = Field(alias="with")

    @model_validator(mode="after")
    def _fits(self) -> ReplaceStep:
        replacement(checked_pattern(self.pattern), self.with_)
        return self


class Replace(Strict):
    """A transform with settings of its own."""

    replace: ReplaceStep


TransformStep = Annotated[
    Annotated[TransformName, Tag("name")] | Annotated[Replace, Tag("replace")],
    Discriminator(lambda value: "replace" if isinstance(value, dict | Replace) else "name"),
]


CompanyKeys = Annotated[
    list[Literal["id", "title", "origin"]],
    BeforeValidator(as_list),
    Field(min_length=1),
    one_or_more({"enum": ["id", "title", "origin"]}),
]


#: where a rule may take its value from; it has one of them
SOURCES = ("column", "columns", "template", "value")
#: key of a rule → the key without which it means nothing
NEEDED = {"join": "columns", "otherwise": "map", "by": "lookup"}


def wrong_together(keys: Collection[str]) -> Iterator[str]:
    """What is wrong with a rule that has these keys, whatever stands behind them."""
    sources = [key for key in SOURCES if key in keys]
    if not sources:
        yield "the rule takes its value from nowhere. Give it `column`, `columns`, `template` or `value`."
    if len(sources) > 1:
        named = " and ".join(f"`{key}`" for key in sources)
        yield f"the rule has {named}. A value comes from one of them; use `template` to join several."
    yield from (f"`{key}` means nothing without `{needed}`." for key, needed in NEEDED.items() if key in keys and needed not in keys)


class FieldRule(Strict):
    """Where one value of a field comes from, and what is done to it on the way."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [key]} for key in SOURCES], "dependentRequired": {key: [needed] for key, needed in NEEDED.items()}}
    )

    column: str | None = Field(None, description="The column of the file.")
    columns: Texts | None = Field(None, description="Several columns, joined by `join`; empty ones are left out.")
    join: str | None = Field(None, description="What stands between `columns`; a blank by default.")
    template: Template | None = Field(None, description="Text with {Column name} in it; {{ and }} are braces.")
    value: Scalar | None = Field(None, description="A fixed value.")
    split: Pattern | None = Field(None, description="A regular expression; each part becomes a value of its own.")
    transform: Annotated[list[TransformStep], BeforeValidator(as_list)] = Field(
        default_factory=list, description="Functions applied in this order."
    )
    map: dict[str, Scalar | None] | None = Field(None, description="Words of the file, and what is sent for them.")
    otherwise: Scalar | None = Field(None, description="For values that are not in `map`.")
    lookup: Literal["user", "company"] | None = Field(None, description="Where the value is looked up.")
    by: CompanyKeys | None = Field(None, description="What `lookup: company` goes by: id, title, origin; all three by default.")
    create: bool = Field(False, description="Create the company, list item or directory entry that is not there.")
    default: Scalar | None = Field(None, description="Sent when the value is empty after all that.")
    required: bool = Field(False, description="A row without a value is rejected.")
    type: str | None = Field(None, description="Kind of a phone, e-mail, site or messenger: WORK, MOBILE …")
    date_formats: DateFormats | None = Field(None, description="How this column's dates are written.")
    currency: Currency | None = Field(None, description="Currency of this column's amounts.")
    decimal: DecimalMark | None = Field(None, description="This column's decimal mark.")
    files: str | None = Field(None, description="Folder beside the source in which the named files lie.")
    overwrite: Literal["always", "if_empty", "never"] | None = Field(None, description="What an update may replace.")
    clear: bool = Field(False, description="An empty cell empties the field on update.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @field_validator("split")
    @classmethod
    def _split(cls, value: str) -> str:
        if checked_pattern(value).fullmatch(""):
            raise ValueError(f'"{value}" fits between any two characters, and would split there. Write it with + instead of *.')
        return value

    @field_validator("template")
    @classmethod
    def _template(cls, value: str) -> str:
        parse_template(value)
        return value

    @model_validator(mode="after")
    def _takes_once(self) -> FieldRule:
        if sentences := list(wrong_together(self.model_fields_set)):
            raise ValueError(" ".join(sentences))
        return self

    def source_columns(self) -> list[str]:
        """The columns of the file this rule reads."""
        if self.template is not None:
            return template_columns(self.template)
        return [self.column] if self.column is not None else list(self.columns or ())


class AddressRule(Strict):
    """A requisite with an address, made of single rules."""

    street: FieldRule | None = None
    street_2: FieldRule | None = None
    city: FieldRule | None = None
    region: FieldRule | None = None
    province: FieldRule | None = None
    postal_code: FieldRule | None = None
    country: FieldRule | None = None

    def parts(self) -> list[tuple[str, FieldRule]]:
        """The parts that are mapped, with their rules."""
        return [(part, rule) for part, rule in self if rule is not None]


Rules = Annotated[list[FieldRule], BeforeValidator(as_list), Field(min_length=1)]


def kind_of_entry(value: Any) -> str:
    """`address` for what has the parts of an address, `rules` for anything else."""
    if isinstance(value, AddressRule):
        return "address"
    if not isinstance(value, dict) or value.keys() & FieldRule.model_fields.keys():
        return "rules"
    parts = AddressRule.model_fields.keys()
    # A slip in the only part of an address is to be told as that, not as a slip in a rule.
    is_address = any(nearest(str(key), [*parts, *FieldRule.model_fields])[:1] in ([part] for part in parts) for key in value)
    return "address" if is_address else "rules"


FieldEntry = Annotated[Annotated[Rules, Tag("rules")] | Annotated[AddressRule, Tag("address")], Discriminator(kind_of_entry)]


class Mapping(Strict):
    """A whole mapping: how the rows of one kind of file become contacts."""

    version: Annotated[Literal[1], BeforeValidator(lambda value: 1 if value == "1" else value), WithJsonSchema({"enum": [1, "1"]})] = 1
    name: str | None = Field(None, min_length=1, description="What reports call this mapping; the file's name by default.")
    entity: Literal["contact"] = "contact"
    source: SourceRules = SourceRules()
    defaults: Defaults = Defaults()
    origin: OriginSetting | None = Field(None, description="The row's identity; false: none, lost answers then stay unsettled.")
    match: Match | None = None
    params: Params = Params()
    unsupported: Literal["refuse", "ignore"] = Field(
        "refuse", description="What the way into the portal cannot do (VibeCode lacks import mode, for one): refuse the file, or go on without it."
    )
    fields: dict[str, FieldEntry] = Field(min_length=1, description="Portal field → where its value comes from.")

    def all_rules(self) -> list[tuple[tuple[str | int, ...], FieldRule]]:
        """Every rule with the keys that lead to it, in the file's order; the parts of an address too."""
        found: list[tuple[tuple[str | int, ...], FieldRule]] = []
        for name, entry in self.fields.items():
            if isinstance(entry, list):
                found += [(("fields", name, index), rule) for index, rule in enumerate(entry)]
            else:
                found += [(("fields", name, part), rule) for part, rule in entry.parts()]
        return found
