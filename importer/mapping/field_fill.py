"""All rules of one field together: one value, a list of values, or the entries of a multifield."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.mapping.contact_fields import VALUE_TYPES
from importer.mapping.mapper import Fill
from importer.mapping.rule_steps import Cells, Found, Steps, one_value, several_values
from importer.records import PortalField, RowProblem

#: all values of one rule, without empty ones
Values = Callable[[Cells, Found], Sequence[str]]


def filling(field: PortalField, steps: Sequence[Steps]) -> Fill:
    """The function that gives the field's value for a row's cells.

    One text; for a multiple field a list of texts; for a multifield a list of {"VALUE": …, "VALUE_TYPE": …} (LINK,
    whose kinds are not documented, without VALUE_TYPE unless the rule names one). Nothing is given twice. A file is
    {"file": …} with its path from the source's folder: its content is read when it is sent.
    """
    if field.type == "crm_multifield":
        return _multifield(field.name, steps)
    fill = _list([_values(step) for step in steps]) if field.is_multiple else one_value(steps[0])
    return _files(fill) if field.type == "file" else fill


def insisting(field: PortalField, fill: Fill, column: str | None) -> Fill:
    """The same, with the warning `required_by_portal` for a row that gives such a field nothing.

    Whether the portal then refuses the contact depends on its setting "Check for required custom fields"
    (apidocs.bitrix24.com, crm.contact.add). A value that was refused is told by its own problem alone.
    """
    called = f'{field.name} ("{field.label}")' if field.label else field.name
    sentence = f"The portal requires {called}, and the row has no value for it; the portal may refuse the contact. Fill it, or give the rule a `default`."
    problem = RowProblem("required_by_portal", sentence, column, is_warning=True)

    def insist(cells: Cells, found: Found) -> object:
        before = len(found)
        value = fill(cells, found)
        if not value and len(found) == before:
            found.append(problem)
        return value

    return insist


def _files(fill: Fill) -> Fill:
    def wrapped(cells: Cells, found: Found) -> object:
        value = fill(cells, found)
        if isinstance(value, list):
            return [{"file": path} for path in value]
        return {"file": value} if value else ""

    return wrapped


def _list(rules: Sequence[Values]) -> Fill:
    def fill(cells: Cells, found: Found) -> list[str]:
        return list(dict.fromkeys(value for rule in rules for value in rule(cells, found)))

    return fill


def _multifield(name: str, steps: Sequence[Steps]) -> Fill:
    kinds = VALUE_TYPES.get(name, ("",))
    rules = [(_values(step), (step.rule.type or kinds[0]).upper()) for step in steps]
    same = _SAME.get(name)

    def fill(cells: Cells, found: Found) -> list[dict[str, str]]:
        entries: dict[object, dict[str, str]] = {}
        for rule, kind in rules:
            for value in rule(cells, found):
                key = value if same is None else same(value, kind)
                if key not in entries:
                    entries[key] = {"VALUE": value, "VALUE_TYPE": kind} if kind else {"VALUE": value}
        return list(entries.values())

    return fill


# What makes two values of one multifield the same, where it is not the value alone: an e-mail's case does not
# count, a messenger's kind does.
_SAME: dict[str, Callable[[str, str], object]] = {
    "EMAIL": lambda value, kind: value.lower(),
    "IM": lambda value, kind: (value, kind),
}


def _values(steps: Steps) -> Values:
    """A rule's values; the quick form for the usual rule that gives at most one."""
    if steps.rule.split is not None:
        return several_values(steps)
    one = one_value(steps)

    def values(cells: Cells, found: Found) -> Sequence[str]:
        value = one(cells, found)
        return (value,) if value else ()

    return values
