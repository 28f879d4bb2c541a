"""Codes of currencies: ISO 4217, without funds, metals and test codes.

The portal stores any three letters as a currency, so a word such as `mln` must be told from a code here.
"""

from __future__ import annotations

# ISO 4217, list one, as of 2026 (the maintenance agency's list, by way of pycountry 24).
_IN_USE = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC
CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
ZWG"""
# ISO 4217, list three: withdrawn, and still in the data of systems of the last twenty years.
_WITHDRAWN = "ANG BGN BYR CUC EEK HRK LTL LVL MRO ROL RUR SKK SLL STD TMM TRL VEF VEB ZMK ZWL AZM GHC"

CURRENCIES = frozenset(f"{_IN_USE} {_WITHDRAWN}".split())

# Codes that in small letters are words people write beside a number: "5 lak" is half a million, "100 all" is no lek.
_WORDS = frozenset("ALL CUP GEL LAK MOP PEN TOP TRY".split())


def currency_code(word: str) -> str | None:
    """The code in capitals; None for a word that is none."""
    code = word.upper() if word.isascii() else ""
    return code if code in CURRENCIES and (word == code or code not in _WORDS) else None
