"""All rules of one field together: one value, a list of values, or the entries of a multifield."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.mapping.contact_fields import VALUE_TYPES
from importer.mapping.mapper import Fill
from importer.mapping.rule_steps import Cells, Found, Several, Steps, one_value, several_values
from importer.records import PortalField


def filling(field: PortalField, steps: Sequence[Steps]) -> Fill:
    """The function that gives the field's value for a row's cells.

    One text; for a multiple field a list of texts; for a multifield a list of {"VALUE": …, "VALUE_TYPE": …} (LINK,
    whose kinds are not documented, without VALUE_TYPE unless the rule names one). Nothing is given twice.
    """
    if field.type == "crm_multifield":
        return _multifield(field.name, steps)
    if not field.is_multiple:
        return one_value(steps[0])
    return _list([several_values(step) for step in steps])


def _list(rules: Sequence[Several]) -> Fill:
    def fill(cells: Cells, found: Found) -> list[str]:
        return list(dict.fromkeys(value for rule in rules for value in rule(cells, found)))

    return fill


def _sameness(name: str) -> Callable[[str, str], object]:
    """What makes two values of one multifield the same: an e-mail's case does not count, a messenger's kind does."""
    if name == "EMAIL":
        return lambda value, kind: value.lower()
    if name == "IM":
        return lambda value, kind: (value, kind)
    return lambda value, kind: value


def _multifield(name: str, steps: Sequence[Steps]) -> Fill:
    kinds = VALUE_TYPES.get(name, ("",))
    rules = [(several_values(step), (step.rule.type or kinds[0]).upper()) for step in steps]
    same = _sameness(name)

    def fill(cells: Cells, found: Found) -> list[dict[str, str]]:
        entries: dict[object, dict[str, str]] = {}
        for rule, kind in rules:
            for value in rule(cells, found):
                entry = {"VALUE": value, "VALUE_TYPE": kind} if kind else {"VALUE": value}
                entries.setdefault(same(value, kind), entry)
        return list(entries.values())

    return fill
