"""The kinds of values a mapping holds: how each is read from the text of the file, and what the JSON Schema says of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from importer.mapping.dates import compile_format
from importer.mapping.yes_no import NO_WORDS, YES_WORDS, pattern_of, truth


def as_list(value: Any) -> Any:
    """One value as a list of it; a list as it is."""
    return value if isinstance(value, list) else [value]


def one_or_more(item: dict[str, Any]) -> WithJsonSchema:
    """The schema of what may stand alone or in a list."""
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]})


#: what an editor may take the text of a file for
SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
Texts = Annotated[list[str], BeforeValidator(as_list), Field(min_length=1), one_or_more(SCALAR)]
#: a fixed value; an editor may write it as number or word, here it is the text of the file
Scalar = Annotated[str, WithJsonSchema(SCALAR)]


def _date_format(text: str) -> str:
    compile_format(text)
    return text


# Day, month and year in any order; the rest of what makes a format is for `compile_format`.
_DATE_PATTERN = "^(?=.*%d)(?=.*%[mbB])(?=.*%[yY])"
DateFormats = Annotated[
    list[Annotated[str, AfterValidator(_date_format)]], BeforeValidator(as_list), Field(min_length=1),
    one_or_more({"type": "string", "pattern": _DATE_PATTERN}),
]  # fmt: skip
Currency = Annotated[
    str, Field(pattern=r"^[A-Z]{3}$"), BeforeValidator(lambda code: code.upper() if isinstance(code, str) else code),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{3}$"}),
]  # fmt: skip
DecimalMark = Literal[",", "."]


class Strict(BaseModel):
    """A part of the mapping that knows its keys: any other is a fault, and so is one with nothing behind it.

    An unfinished line says neither what is wanted nor that nothing is, and would be taken for one that is not there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_filled(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("nothing", "nothing stands behind the key")
        return value


def _sheet(value: Any) -> Any:
    if not isinstance(value, str | int):
        raise PydanticCustomError("sheet_type", "neither a name nor a number")
    return value


Sheet = Annotated[str | int, BeforeValidator(_sheet), WithJsonSchema(SCALAR)]

#: as the mapping writes it → the character, or `auto`
DELIMITERS = {"auto": "auto", "tab": "\t", "\\t": "\t", "\t": "\t", ",": ",", ";": ";", "|": "|"}
Delimiter = Annotated[str, WithJsonSchema({"enum": list(DELIMITERS)})]
# Which countries there are changes with the library that knows them; the schema does not.
Region = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2}$"})]


def _off_word(value: Any) -> Any:
    return False if isinstance(value, str) and truth(value) is False else value


Off = Annotated[
    Literal[False], BeforeValidator(_off_word),
    WithJsonSchema({"anyOf": [{"const": False}, {"const": 0}, {"type": "string", "pattern": pattern_of(NO_WORDS)}]}),
]  # fmt: skip


def _yes_no(value: Any) -> Any:
    # As the portal takes it; nothing at all behind the key is refused as behind any other.
    if value == "":
        return False
    meant = value if isinstance(value, bool) else truth(str(value))
    if meant is None:
        raise ValueError(f'"{value}" is neither yes nor no. Write Y or N.')
    return meant


_YES_NO_WORDS = {"anyOf": [{"type": "boolean"}, {"enum": ["", 0, 1]}, {"type": "string", "pattern": pattern_of(YES_WORDS | NO_WORDS)}]}
YesNo = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema(_YES_NO_WORDS)]


Template = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"\{[^{}]*[^{}\s][^{}]*\}"})]
Pattern = Annotated[str, WithJsonSchema(SCALAR | {"minLength": 1})]
