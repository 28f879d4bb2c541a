"""Clients that others wrote do their work against the sandbox: whatever we both misread, they would not.

fast_bitrix24 over http and https, b24pysdk over https, on which it insists. Skipped only where they are not installed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from importlib import metadata
from urllib.parse import urlsplit

import aiohttp
import pytest

from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests.bench.clients_environment import CLIENTS

_WHY = "the test extra's outside clients are not installed: pip install -e '.[test]'"
b24pysdk = pytest.importorskip("b24pysdk", reason=_WHY)
fast_bitrix24 = pytest.importorskip("fast_bitrix24", reason=_WHY)
pytest.importorskip("trustme", reason=_WHY)

from b24pysdk import errors as sdk_errors  # noqa: E402
from fast_bitrix24.server_response import ErrorInServerResponseException  # noqa: E402

# Two pages and a bit, three batches.
_ROWS = 120


def _people(count: int) -> list[dict[str, object]]:
    return [{"NAME": f"P{number}", "EMAIL": [{"VALUE": f"p{number}@example.com", "VALUE_TYPE": "WORK"}]} for number in range(count)]


def test_the_judges_are_those_that_the_bench_measures() -> None:
    assert {name: metadata.version(name) for name in CLIENTS} == CLIENTS


@pytest.fixture(params=["http", "https"])
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """A portal for fast_bitrix24, plain and with TLS."""
    async with Sandbox(SandboxSettings(is_tls=request.param == "https", is_latency_real=False, plan="enterprise")) as started:
        yield started


@pytest.fixture
async def fast(sandbox: Sandbox) -> AsyncIterator[object]:
    """fast_bitrix24 on that portal."""
    trusted = ssl.create_default_context(cafile=sandbox.authority_file)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted), raise_for_status=True) as session:
        yield fast_bitrix24.BitrixAsync(sandbox.webhook_url, verbose=False, client=session)


async def test_fast_bitrix24_adds_lists_updates_and_deletes(sandbox: Sandbox, fast) -> None:
    first = await fast.call("crm.contact.add", {"fields": {"NAME": "Mara"}})
    ids = await fast.call("crm.contact.add", [{"fields": fields} for fields in _people(_ROWS)])
    assert (first, sorted(ids)) == (1, list(range(2, _ROWS + 2)))
    listed = await fast.get_all("crm.contact.list", {"select": ["ID", "NAME"]})
    assert sorted(int(contact["ID"]) for contact in listed) == [first, *sorted(ids)]
    found = await fast.get_by_ID("crm.contact.get", ids)
    # Its results come batch by batch as they arrive, so which id belongs to which item it does not say.
    assert {contact["EMAIL"][0]["VALUE"] for contact in found.values()} == {f"p{number}@example.com" for number in range(_ROWS)}
    await fast.call("crm.contact.update", [{"ID": number, "fields": {"POST": "Buyer"}} for number in ids])
    assert {contact["POST"] for contact in sandbox.store.contacts()} == {None, "Buyer"}
    await fast.call("crm.contact.delete", [{"ID": number} for number in ids])
    assert sandbox.store.count() == 1


async def test_fast_bitrix24_sees_a_commands_error_as_its_own(fast) -> None:
    with pytest.raises(ErrorInServerResponseException, match="Not found"):
        await fast.call_batch({"halt": 0, "cmd": {"good": "profile", "bad": "crm.contact.get?ID=60"}})


async def test_fast_bitrix24_sees_wrong_credentials_as_a_401(sandbox: Sandbox, fast) -> None:
    sandbox.control.set_state(is_webhook_expired=True)
    with pytest.raises(aiohttp.ClientResponseError) as refused:
        await fast.call("profile", raw=True)
    assert refused.value.status == 401


@pytest.fixture
async def secure(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A portal with TLS whose authority `requests`, on which b24pysdk rests, trusts."""
    async with Sandbox(SandboxSettings(is_tls=True, is_latency_real=False, plan="enterprise")) as started:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(started.authority_file))
        yield started


def _sdk(sandbox: Sandbox) -> object:
    address = urlsplit(sandbox.webhook_url)
    webhook = b24pysdk.BitrixWebhook(domain=address.netloc, webhook_token=address.path.removeprefix("/rest/").strip("/"))
    return b24pysdk.Client(webhook, max_retries=1)


async def test_b24pysdk_adds_lists_updates_and_deletes(secure: Sandbox) -> None:
    def work(client) -> tuple[object, ...]:
        contact = client.crm.contact
        first = contact.add({"NAME": "Mara"}).result
        batch = client.call_batch([contact.add(fields) for fields in _people(50)]).result
        batches = client.call_batches([contact.add(fields) for fields in _people(_ROWS)]).result
        listed = [int(item["ID"]) for item in contact.list(select=["ID"]).as_list().result]
        fast = [int(item["ID"]) for item in contact.list(select=["ID"]).as_list_fast().result]
        updated = contact.update(first, {"NAME": "Nora"}).result
        name = contact.get(first).result["NAME"]
        deleted = client.call_batches([contact.delete(number) for number in listed[1:]]).result
        return first, len(batch.result), len(batches.result), sorted(listed), sorted(fast), updated, name, len(deleted.result)

    everybody = list(range(1, 50 + _ROWS + 2))
    assert await asyncio.to_thread(work, _sdk(secure)) == (1, 50, _ROWS, everybody, everybody, True, "Nora", 50 + _ROWS)
    assert [contact["NAME"] for contact in secure.store.contacts()] == ["Nora"]


async def test_b24pysdk_sees_which_command_of_a_batch_failed(secure: Sandbox) -> None:
    def work(client) -> tuple[object, object]:
        contact = client.crm.contact
        result = client.call_batch({"good": contact.add({"NAME": "Mara"}), "bad": contact.get(99)}, halt=False).result
        return result.result, result.result_error

    good, bad = await asyncio.to_thread(work, _sdk(secure))
    assert (good, bad) == ({"good": 1}, {"bad": {"error": "", "error_description": "Not found"}})


def _get_a_stranger(client) -> object:
    return client.crm.contact.get(99).result


@pytest.mark.parametrize(
    ("state", "fault", "error"),
    [
        ({}, None, sdk_errors.BitrixAPIBadRequest),
        ({"is_webhook_expired": True}, None, sdk_errors.BitrixAPIInvalidCredentials),
        ({"scopes": []}, None, sdk_errors.BitrixAPIInsufficientScope),
        ({"is_overloaded": True}, None, sdk_errors.BitrixAPIOverloadLimit),
        ({}, {"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": "Too many requests"}, sdk_errors.BitrixAPIQueryLimitExceeded),
        ({}, "operating_refusal", sdk_errors.BitrixAPIOperationTimeLimit),
        ({}, "reset_before", sdk_errors.BitrixRequestError),
        ({}, "not_json", sdk_errors.BitrixResponseJSONDecodeError),
    ],
)
async def test_b24pysdk_sees_the_portals_errors_as_its_own(secure: Sandbox, state: dict, fault: object, error: type[Exception]) -> None:
    secure.control.set_state(**state)
    if fault:
        secure.control.add_fault({"do": fault})
    work: Callable[[object], object] = _get_a_stranger
    with pytest.raises(error):
        await asyncio.to_thread(work, _sdk(secure))
