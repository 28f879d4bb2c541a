"""Adds the bench's rows with fast_bitrix24, the way its README shows for lists: one `Bitrix.call`. Run by `bench_clients`.

A script for the environment of the other clients, so it imports nothing of ours: `python clients_fast_bitrix24.py
CONTACTS.json SECONDS`, with the webhook in B24_WEBHOOK_URL. Prints what the client told its user, as JSON; a client
that gives up ends with its own traceback instead.
"""

import faulthandler
import json
import os
import sys
from pathlib import Path

from fast_bitrix24 import Bitrix


def main() -> None:
    """Adds every contact of the file."""
    contacts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    faulthandler.dump_traceback_later(float(sys.argv[2]), exit=True)
    results = Bitrix(os.environ["B24_WEBHOOK_URL"], verbose=False).call("crm.contact.add", contacts)
    print(json.dumps({"created": len(results), "refused": 0}))


if __name__ == "__main__":
    main()
