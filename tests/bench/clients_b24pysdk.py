"""Adds the bench's rows with b24pysdk, in one of two ways. Run by `bench_clients`.

A script for the environment of the other clients, so it imports nothing of ours: `python clients_b24pysdk.py
CONTACTS.json SECONDS batches|retry`, with the webhook in B24_WEBHOOK_URL. Prints what the client told its user, as
JSON; a client that gives up ends with its own traceback instead.

`batches`   `client.call_batches`, which its README recommends for more than one batch
`retry`     `client.call_batch` for each 50 rows, and again up to three times when it raises: the loop that a user
            writes round it who does not want to lose everything with one answer
"""

import faulthandler
import importlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixRequestError, BitrixResponseError

_BATCH = 50
_ATTEMPTS = 3


def main() -> None:
    """Adds every contact of the file."""
    contacts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    faulthandler.dump_traceback_later(float(sys.argv[2]), exit=True)
    client = _client(os.environ["B24_WEBHOOK_URL"])
    requests = [client.crm.contact.add(contact["fields"], params=contact["params"]) for contact in contacts]
    created, refused = _in_batches(client, requests) if sys.argv[3] == "batches" else _with_retry(client, requests)
    print(json.dumps({"created": created, "refused": refused}))


def _client(webhook: str) -> Client:
    """A client that speaks plain HTTP like the others here, although the SDK's scheme is fixed to https."""
    caller = importlib.import_module("b24pysdk.api.callers.call_method")._MethodCaller
    caller._base_url = property(lambda self: f"http://{self._domain}/rest")
    address = urlsplit(webhook)
    return Client(BitrixWebhook(domain=address.netloc, webhook_token=address.path.removeprefix("/rest/").strip("/")))


def _in_batches(client: Client, requests: list) -> tuple[int, int]:
    result = client.call_batches(requests).result
    return len(result.result), len(result.result_error)


def _with_retry(client: Client, requests: list) -> tuple[int, int]:
    created = refused = 0
    for start in range(0, len(requests), _BATCH):
        for attempt in range(_ATTEMPTS):
            try:
                result = client.call_batch(requests[start : start + _BATCH]).result
            except (BitrixRequestError, BitrixResponseError) as error:
                print(f"rows from {start + 1}: {type(error).__name__}", file=sys.stderr)
                time.sleep(2**attempt)
                continue
            created += len(result.result)
            refused += len(result.result_error)
            break
    return created, refused


if __name__ == "__main__":
    main()
