"""What of a row differs from the contact that is there: the fields an update sends, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from importer.mapping.communication import are_one_number, email_key, extension, phone_key
from importer.mapping.stored_values import is_empty, is_same

#: fields with values of their own ids
MULTIFIELDS = ("PHONE", "EMAIL", "WEB", "IM", "LINK")

#: the identity of a contact is never taken away from another record
_IDENTITY = ("ORIGINATOR_ID", "ORIGIN_ID")

# An update of one of these without the others empties them. Source: apidocs.bitrix24.com, crm.contact.update, "ADDRESS…:
# for updates pass the complete set".
_ADDRESS_TEXTS = ("ADDRESS", "ADDRESS_2", "ADDRESS_CITY", "ADDRESS_POSTAL_CODE", "ADDRESS_REGION", "ADDRESS_PROVINCE",
                  "ADDRESS_COUNTRY", "ADDRESS_COUNTRY_CODE")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldPolicy:
    """What an update may do to one field."""

    #: the portal's type of the field
    type: str
    #: always: what differs is sent · if_empty: only into an empty field · never: only when the contact is created
    overwrite: str = "always"
    #: an empty cell empties the field; of a multifield, values that the file no longer has are removed
    clears: bool = False
    #: values of a multifield can be added only: no kind is changed
    adds_only: bool = False


@dataclass(frozen=True, slots=True)
class Differences:
    """Compares wanted fields with stored ones. Plain data, so that a run is resumed with what it began with."""

    policies: Mapping[str, FieldPolicy]
    #: where phones without a country are from
    region: str | None = None

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> Differences:
        """As `as_settings` wrote it."""
        policies = {name: FieldPolicy(**policy) for name, policy in dict(settings["policies"]).items()}
        return cls(policies, settings.get("region"))

    def as_settings(self) -> dict[str, object]:
        """For the journal."""
        return {"policies": {name: asdict(policy) for name, policy in self.policies.items()}, "region": self.region}

    def filling(self) -> Differences:
        """The same for `on_match: fill`: only into fields that hold nothing, and nothing is emptied."""
        filled = {name: replace(policy, overwrite="never" if policy.overwrite == "never" else "if_empty", clears=False) for name, policy in self.policies.items()}
        return Differences(filled, self.region)

    def wanted(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields of a mapped row as an update wants them: with those that an empty cell empties, without those
        that only a new contact gets."""
        emptied = {name: [] if name in MULTIFIELDS else "" for name, policy in self.policies.items() if policy.clears and name not in fields}
        return {name: value for name, value in {**fields, **emptied}.items() if self._policy(name).overwrite != "never"}

    def between(self, wanted: Mapping[str, object], stored: Mapping[str, object]) -> dict[str, object]:
        """What crm.contact.update is to be sent so that the stored contact becomes the wanted one; empty when it is.

        `stored` is the contact as the portal gives it, with COMPANY_IDS where they are wanted.
        """
        changes: dict[str, object] = {}
        for name, value in wanted.items():
            policy = self._policy(name)
            held = stored.get(name)
            if policy.overwrite == "never" or (policy.overwrite == "if_empty" and not is_empty(held)):
                continue
            change = self._change(name, policy, value, held)
            if change is not None:
                changes[name] = change
        self._keep_identity(changes, stored)
        complete_address(changes, stored)
        return changes

    def _policy(self, name: str) -> FieldPolicy:
        return self.policies.get(name) or FieldPolicy("string", "if_empty")

    def _change(self, name: str, policy: FieldPolicy, value: object, held: object) -> object | None:
        if name in MULTIFIELDS:
            return self._multifield(name, policy, value if isinstance(value, list) else [], held if isinstance(held, list) else [])
        if name == "COMPANY_IDS" and isinstance(value, list):
            return _companies(policy, value, held)
        return None if is_same(policy.type, value, held) else value

    def _multifield(self, name: str, policy: FieldPolicy, wanted: list, held: list) -> list[dict[str, object]] | None:
        """New values are added, a changed kind is changed by its id, and what the file no longer has goes where it may."""
        left = {str(entry["ID"]): entry for entry in held if isinstance(entry, dict) and entry.get("ID")}
        elements: list[dict[str, object]] = []
        for entry in wanted:
            key = self.key_of(name, entry)
            found = [number for number, one in left.items() if _are_alike(name, key, self.key_of(name, one))]
            # Of two alike the one of the wanted kind is meant.
            found.sort(key=lambda number: left[number].get("VALUE_TYPE") != entry.get("VALUE_TYPE"))
            if not found:
                elements.append(dict(entry))
                continue
            one = left.pop(found[0])
            if not policy.adds_only and entry.get("VALUE_TYPE") and one.get("VALUE_TYPE") != entry["VALUE_TYPE"]:
                # With its value: an element of an ID alone would remove it (crm.contact.update).
                elements.append({"ID": found[0], "VALUE": one.get("VALUE"), "VALUE_TYPE": entry["VALUE_TYPE"]})
        if policy.clears:
            elements += [{"ID": number, "DELETE": "Y"} for number in left]
        return elements or None

    def key_of(self, name: str, entry: Mapping[str, object]) -> object:
        """What makes two values of a multifield the same, whatever their spelling."""
        value = str(entry.get("VALUE") or "").strip()
        if name == "PHONE":
            return (phone_key(value, self.region) or value, extension(value, self.region))
        if name == "EMAIL":
            return email_key(value)
        if name == "IM":
            return (value, entry.get("VALUE_TYPE"))
        return value.rstrip("/")

    def _keep_identity(self, changes: dict[str, object], stored: Mapping[str, object]) -> None:
        """Both parts or none: half of another record's identity with half of ours would be a third one."""
        if any(not is_empty(stored.get(name)) and name not in self.policies for name in _IDENTITY):
            for name in _IDENTITY:
                changes.pop(name, None)


def _are_alike(name: str, key: object, other: object) -> bool:
    """A phone that a contact holds with its country is not new without it, by which `match` may have found the contact."""
    if key == other or name != "PHONE":
        return key == other
    (number, own_extension), (held, held_extension) = key, other  # type: ignore[misc]
    return own_extension == held_extension and are_one_number(number, held)


def _companies(policy: FieldPolicy, wanted: list, held: object) -> list[str] | None:
    """COMPANY_IDS replaces every link, so those that are there go along unless the mapping clears them."""
    there = [str(one) for one in held] if isinstance(held, list) else []
    asked = [str(one) for one in wanted]
    whole = asked if policy.clears else [*there, *(one for one in asked if one not in there)]
    return None if sorted(whole) == sorted(there) else whole


def complete_address(changes: dict[str, object], stored: Mapping[str, object]) -> None:
    """Adds to changes of one part of an address the parts that stay as they are: sent without them, they would be emptied."""
    if any(name in changes for name in _ADDRESS_TEXTS):
        for name in _ADDRESS_TEXTS:
            value = changes.get(name, stored.get(name))
            if not is_empty(value) or name in changes:
                changes[name] = value
