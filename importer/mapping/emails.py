"""E-mail addresses: checked for form only, for the portal refuses a contact whose address has a wrong one.

email-validator judges (no DNS). Plain ASCII addresses, nearly all there are, take a pattern that accepts a
subset of what it accepts and gives the same text; tests hold the two equal.
"""

from __future__ import annotations

import re

import email_validator
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from importer.mapping.findings import Finding, doubted, refused, shown

# No "--" in the domain (that is where IDNA begins) and 63 characters in all, which keeps every length limit.
_PLAIN = re.compile(
    r"(?=.{6,63}\Z)([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@((?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,})\Z"
)
_RESERVED = tuple(f".{name}" for name in email_validator.SPECIAL_USE_DOMAIN_NAMES)
_MAILBOXES = {name: name for name in CASE_INSENSITIVE_MAILBOX_NAMES}
_NAMED = re.compile(r"[^<>]*<\s*(?:mailto:)?([^<>\s]+)\s*>", re.IGNORECASE)

# RFC 5321, section 4.5.3.1.3: a path of 256 octets with its brackets. The library takes seconds to say so of a long text.
_LONGEST = 254

# What stands between several addresses in a cell, the plainest first: as `split` of a rule is written in YAML, and its meaning.
_SPLITS = {text: re.compile(text) for text in ("[;,]", "[;,/|]", r"[;,/| \n]")}


def email(text: str) -> str | Finding:
    """The address as it is sent: without `mailto:` or a name around it, its domain in lower case.

    A wrong form is refused as `bad_email`. A domain that works inside one company only (`.local`) has a good
    form and is sent, with the warning `odd_email`.
    """
    match = _PLAIN.match(text)
    if match:
        local, domain = match.groups()
        domain = domain.lower()
        # Every domain here has a point in it, so none is a reserved name by itself.
        if not domain.endswith(_RESERVED):
            return f"{_MAILBOXES.get(local.lower(), local)}@{domain}"
    return _judged(text, _unwrapped(text))


def _unwrapped(text: str) -> str:
    # A list of one keeps the mark that its program puts behind each.
    bare = text.strip().strip("'").strip().rstrip(";,").strip()
    named = _NAMED.fullmatch(bare)
    if named:
        return named[1]
    if bare[:7].casefold() == "mailto:":
        bare = bare[7:].partition("?")[0]
    return bare.strip()


def _judged(text: str, address: str) -> str | Finding:
    if len(address) > _LONGEST:
        reason = _several(text) or f"it has {len(address)} characters, an address {_LONGEST} at most."
        return refused("bad_email", f"{shown(text)} is not an e-mail address: {reason}", "Correct the cell.")
    domain = address.rpartition("@")[2].casefold()
    is_inside_only = "." in domain and ("." + domain).endswith(_RESERVED)
    try:
        # The library refuses names such as `.local` as never deliverable. The portal looks at the form alone, so
        # the form is judged with an ordinary ending.
        checked = email_validator.validate_email(address + ".com" if is_inside_only else address, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        return refused("bad_email", f"{shown(text)} is not an e-mail address: {_several(text) or error}", "Correct the cell.")
    if is_inside_only:
        value = checked.normalized.removesuffix(".com")
        return doubted("odd_email", f"{shown(text)} has a domain that works in one network only. It is sent as written.", value)
    # As written where it is in letters of the internet already: nobody wrote the domain behind an `xn--`.
    return checked.ascii_email if address.isascii() and checked.ascii_email else checked.normalized


def _several(text: str) -> str:
    """What to do with a cell of several addresses: the split that takes them apart. Empty for any other."""
    count = text.count("@")
    for written, split in _SPLITS.items() if count > 1 else ():
        if sum("@" in part for part in split.split(text)) == count:
            return f'it looks like several; add `split: "{written}"` to the rule.'
    return ""
