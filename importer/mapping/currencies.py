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

# Code → signs and words for it, separated by bars. What stands under several codes means the mapping's own currency where
# that is one of them (a peso is written $, too), else the first of them.
_NAMES = {
    "RUB": "₽|руб|р|рубль|рубля|рублей|рубли|рос руб", "USD": "$|us$|us $|долл|доллар|доллара|долларов|доллары|долл сша|dollar|dollars",
    "EUR": "€|евро|євро|euro|euros", "GBP": "£|фунт|фунта|фунтов|pound|pounds", "KZT": "₸|тг|тенге|теңге|tenge",
    "UAH": "₴|грн|гривна|гривны|гривен|гривень|гривні|гривня", "BYN": "br|бел руб|руб|р|рубль|рубля|рублей|рубли",
    "PLN": "zł|zl|złoty|złote|złotych", "TRY": "₺|tl", "INR": "₹|rs", "KRW": "₩|원", "ILS": "₪", "GEL": "₾|лари", "AMD": "֏|драм",
    "AZN": "₼|манат", "BRL": "r$|reais|real", "KGS": "сом", "UZS": "сум|сўм|so'm", "CZK": "kč|kc", "HUF": "ft|forint", "VND": "₫|đ",
    "THB": "฿", "RON": "lei|leu", "MDL": "lei|leu|лей|лея|леев", "BGN": "лв|лева", "CHF": "fr|sfr", "JPY": "円|¥|￥|yen",
    "CNY": "元|人民币|cn¥|rmb|¥|￥|yuan|юань|юаня|юаней", "SEK": "kr", "NOK": "kr", "DKK": "kr", "ISK": "kr", "PKR": "rs", "LKR": "rs",
    "NPR": "rs", "CAD": "$|c$|ca$|can$", "AUD": "$|a$|au$", "NZD": "$|nz$", "HKD": "$|hk$", "SGD": "$|s$|sg$", "TWD": "$|nt$",
    "MXN": "$|mx$|mex$", "ARS": "$", "CLP": "$", "COP": "$", "UYU": "$", "EGP": "£", "ZAR": "r",
}  # fmt: skip
# Nobody's sign in the first place: without the mapping's own currency these are open.
_OPEN = frozenset(("kr", "rs", "r", "¥", "￥", "lei", "leu", "fr", "yen"))


def currency_code(word: str) -> str | None:
    """The code in capitals; None for a word that is none."""
    code = word.upper() if word.isascii() else ""
    return code if code in CURRENCIES and (word == code or code not in _WORDS) else None


def _by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, names in _NAMES.items():
        for name in names.split("|"):
            found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


_CODES = _by_name()


def currency_of(word: str, own: str | None) -> str | None:
    """The currency that a word or sign beside an amount means; None for one that is not known, or that several share.

    `own` is the mapping's: it is known whatever it is, and meant by a sign that it shares.
    """
    if own is not None and word.upper() == own.upper():
        return own
    name = " ".join(word.casefold().replace(".", " ").split())
    codes = _CODES.get(name, ())
    if own in codes:
        return own
    if codes and name not in _OPEN:
        return codes[0]
    return currency_code(word) or _twice(word, own)


def _twice(word: str, own: str | None) -> str | None:
    """Of a sign and a code together, `$ USD` or `₽ RUB`, the code, where the sign may mean it."""
    sign, _blank, code = word.partition(" ")
    for one, other in ((sign, code), (code, sign)):
        known = currency_code(other)
        if known is not None and known in _CODES.get(one.casefold().strip("."), (known if one.upper() == known else "",)):
            return known
    return None
