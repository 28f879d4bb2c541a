"""Names of fields: the portal's `LAST_NAME` and `UF_CRM_…` against VibeCode's `lastName` and `ufCrm_…`.

Reference, sections 5 and 7. Which fields there are is decided in `field_list`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {"CREATED_BY_ID": "createdBy", "MODIFY_BY_ID": "updatedBy", "DATE_CREATE": "createdTime", "DATE_MODIFY": "updatedTime"}

#: the other pair of names for the two times, which the vendor's older pages use
OTHER_TIMES = {"createdTime": "createdAt", "updatedTime": "updatedAt"}

_CUSTOM = "UF_CRM_"


# A portal has a few dozen names, asked for with every record.
@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """`LAST_NAME` as `lastName`; custom fields by rules of their own."""
    if name.startswith(_CUSTOM):
        return _custom(name.removeprefix(_CUSTOM))
    return _IRREGULAR.get(name) or _joined(name)


def _joined(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def _custom(stem: str) -> str:
    # Letters only: full camel case. Digits among them: the stem stays as it is.
    return f"ufCrm_{stem}" if re.search(r"\d", stem) else "ufCrm" + "".join(word.capitalize() for word in stem.split("_"))
