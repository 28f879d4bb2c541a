"""Digits of every script as 0-9, the only ones that PHP, and with it the portal, takes for a number."""

from __future__ import annotations

import unicodedata


def ascii_digits(text: str) -> str:
    """The text with its decimal digits as 0-9 (`１２３` and `١٢٣` are 123), everything else as it stands."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
