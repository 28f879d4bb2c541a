"""Adds the bench's rows with fast_bitrix24, in one of two ways. Run by `bench_clients`.

A script for the environment of the other clients, so it imports nothing of ours: `python clients_fast_bitrix24.py
CONTACTS.json SECONDS call|slow`, with the webhook in B24_WEBHOOK_URL. Prints what the client told its user, as JSON; a
client that gives up ends with its own traceback instead.

`call`   one `Bitrix.call` with the whole list, as its README shows
`slow`   the same inside `Bitrix.slow()`, which its README advises when the portal answers with errors
"""

import faulthandler
import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from fast_bitrix24 import Bitrix


def main() -> None:
    """Adds every contact of the file."""
    contacts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    faulthandler.dump_traceback_later(float(sys.argv[2]), exit=True)
    client = Bitrix(os.environ["B24_WEBHOOK_URL"], verbose=False)
    with client.slow() if sys.argv[3] == "slow" else nullcontext():
        results = client.call("crm.contact.add", contacts)
    print(json.dumps({"created": len(results), "refused": 0}))


if __name__ == "__main__":
    main()
