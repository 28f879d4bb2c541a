"""Faults on order: YAML rules that make the portal fail the way real ones do, at a chosen request, command or row.

A file holds a list `faults`; each rule has `do` and, optionally, `when`. The first rule that fits a request (or, for
the last two deeds, a command) is applied; requests are the REST requests since the start, the first being 1.

    faults:
      - when: {request: 3}                       # a number, a list, or a range "10-20"
        do: {status: 502, body: html, after: 5}  # commands 1-5 ran and stay, then a gateway's page
      - when: {row: [K-17, K-18], times: 1}      # requests that carry these ORIGIN_IDs, at most once
        do: {reset_after: 2}
      - when: {method: crm.contact.add, probability: 0.02, seed: 7}
        do: {command_error: {code: ERROR_CORE, text: Something is locked}}

`when`  request · command (position within its request, from 1) · method (`batch` is one, too; `oauth.token` is the
        token server, whose requests are counted apart) · row ·
        probability with seed · times (how often the rule is applied at most). All that are given must fit.

`do`, exactly one of
    status: N                the answer has this HTTP status; `body: json|html|empty`, and `code`, `text` for the JSON
    redirect: URL            302 to the same path on another portal
    reset_before             connection reset, nothing ran
    reset_after: K           connection reset after commands 1..K ran
    cut_body                 200, but the body stops in the middle and the connection closes
    not_json                 200 with an HTML page
    empty                    200 with no body
    missing_keys: [P, …]     the batch answer lacks all entries of the commands at these positions; `result`: the
                             answer has no `result` at all
    garbage: KIND            200 with JSON of the wrong shape: `result` is string, number, null, list, or `entries`:
                             the batch's five maps hold such values
    delay_s: S               the answer comes S seconds later
    keep_writing_s: S        the connection is dropped, the remaining commands go on for S seconds; `after: K` first
    refuse_connections: S    connection reset, then no connection is accepted for S seconds; nothing ran
    command_error: {code, text}   this command fails, the others do not
    operating_refusal        this command is refused with OPERATION_TIME_LIMIT

`after: K | all` says how many commands run before a destroyed answer (none for status, redirect and the refusals; all
for the rest), `delay_s` may stand beside any deed. Seconds are real ones, whatever the portal's speed.

At VibeCode's door the rules are the same and name the same methods (`crm.contact.add`, `batch`). There a `status` with JSON has
VibeCode's envelope and the code that belongs to the status, unless `code` names another; a `command_error` whose code is one of
VibeCode's is told as that, any other as BITRIX_ERROR with the text.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from importer.sandbox.commands import Command
from importer.sandbox.fault_rules import COMMAND_DEEDS, Deed, FaultError, Rule, read_rule


@dataclass(slots=True)
class _Armed:
    rule: Rule
    dice: random.Random
    applied: int = 0

    def strikes(self) -> bool:
        """Whether the rule, which fits, is applied this time; if so, it is counted."""
        when = self.rule.when
        if when.times is not None and self.applied >= when.times:
            return False
        if self.dice.random() >= when.probability:
            return False
        self.applied += 1
        return True


@dataclass(slots=True)
class Faults:
    """The rules in force and how often each deed was done."""

    #: deed → times applied since the start
    counts: Counter[str] = field(default_factory=Counter)
    _armed: list[_Armed] = field(default_factory=list)

    def load(self, path: Path) -> None:
        """Add the rules of a YAML file. Raises FaultError, naming file and rule, for one that cannot be meant."""
        try:
            content = YAML(typ="safe").load(path.read_text("utf-8"))
        except OSError as error:
            raise FaultError(f"{path}: cannot be read ({error.strerror}).") from error
        except YAMLError as error:
            raise FaultError(f"{path}: is no YAML ({' '.join(str(error).split())}).") from error
        rules = content.get("faults") if isinstance(content, dict) else None
        if not isinstance(rules, list) or set(content) != {"faults"}:
            raise FaultError(f"{path}: needs one key, `faults`, with a list of rules.")
        for number, rule in enumerate(rules, 1):
            self._arm(read_rule(rule, f"{path}, rule {number}"))

    def add(self, rule: dict[str, object]) -> None:
        """Add one rule, shaped as in the file. Raises FaultError for one that cannot be meant."""
        self._arm(read_rule(rule, f"fault rule {len(self._armed) + 1}"))

    def clear(self) -> None:
        """Forget all rules; the counts stay."""
        self._armed.clear()

    def _arm(self, rule: Rule) -> None:
        self._armed.append(_Armed(rule, random.Random(rule.when.seed)))

    def for_request(self, ordinal: int, method: str, commands: Sequence[Command]) -> Deed | None:
        """What happens to a request, if anything."""
        for armed in self._armed:
            rule = armed.rule
            if rule.deed.name in COMMAND_DEEDS or not rule.when.fits_request(ordinal):
                continue
            if rule.when.fits_any(method, commands) and armed.strikes():
                self.counts[rule.deed.name] += 1
                return rule.deed
        return None

    def for_method(self, ordinal: int, method: str) -> Deed | None:
        """What happens to a request beside the REST ones: only rules that name its method are about it."""
        for armed in self._armed:
            when = armed.rule.when
            if method in (when.methods or ()) and when.fits_request(ordinal) and armed.strikes():
                self.counts[armed.rule.deed.name] += 1
                return armed.rule.deed
        return None

    def for_command(self, ordinal: int, command: Command) -> Deed | None:
        """What happens to one command, if anything."""
        for armed in self._armed:
            rule = armed.rule
            if rule.deed.name not in COMMAND_DEEDS or not rule.when.fits_request(ordinal):
                continue
            if rule.when.fits_command(command) and armed.strikes():
                self.counts[rule.deed.name] += 1
                return rule.deed
        return None

    def __bool__(self) -> bool:
        return bool(self._armed)
