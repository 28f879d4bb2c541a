"""What each way of losing an answer means, over a real socket; and that the webhook's secret is in no message."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from importer.portals import exchange as exchange_module
from importer.portals.bitrix24.rest import Rest
from importer.portals.bitrix24.webhook import Webhook
from importer.portals.portal import Failure, Verdict
from tests.portals.conftest import SECRET, Reset, Scripted, Serve, Server, Silence, http, json_answer

_GOOD = json_answer({"result": {"ID": "1"}, "time": {}})
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_BODY = b'{"result": {"ID": "1"}}'


def _location(address: str, status: int = 302) -> bytes:
    return http(status, b"", f"Location: {address}")


async def test_an_answer_is_read_whatever_its_status(serve: Serve, call) -> None:
    answer = await call(await serve(json_answer({"error": "", "error_description": "Not found"}, 400)))
    assert (answer.status, answer.body) == (400, {"error": "", "error_description": "Not found"})


@pytest.mark.parametrize("said", [b"\xef\xbb\xbf" + _BODY, b'{"result": {"ID": "1"}, "x": "\\ud83d"}'], ids=["a byte order mark", "half a surrogate pair"])
async def test_an_answer_is_read_whatever_odd_things_are_in_it(serve: Serve, call, said: bytes) -> None:
    assert (await call(await serve(http(200, said)))).body["result"] == {"ID": "1"}


async def test_a_call_is_a_json_post_to_the_method_under_the_webhook(serve: Serve, call) -> None:
    server = await serve(_GOOD)
    await call(server)
    [asked] = server.asked
    assert asked.target == f"/rest/1/{SECRET}/profile.json"
    assert asked.body == {"a": "b"}
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("said", "verdict", "code"),
    [
        pytest.param(Reset(), Verdict.DOUBT, "connection_lost", id="reset before the answer"),
        pytest.param(Reset(_GOOD[:60]), Verdict.DOUBT, "connection_lost", id="reset in the head"),
        pytest.param(Reset(_GOOD[:-5]), Verdict.DOUBT, "connection_lost", id="reset in the body"),
        pytest.param(b"", Verdict.DOUBT, "connection_lost", id="closed without a word"),
        pytest.param(_GOOD[:-5], Verdict.DOUBT, "connection_lost", id="cut body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + _BODY[:-5], Verdict.DOUBT, "garbled_answer", id="cut body of no length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + _BODY[:5], Verdict.DOUBT, "connection_lost", id="cut chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Verdict.DOUBT, "connection_lost", id="broken chunk"),
        pytest.param(b"\x16\x03\x01nonsense\r\n\r\n", Verdict.DOUBT, "connection_lost", id="not HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}", Verdict.DOUBT, "connection_lost", id="wrong length"),
        pytest.param(http(200, b"no gzip", "Content-Encoding: gzip"), Verdict.DOUBT, "connection_lost", id="not the encoding it says"),
        pytest.param(http(200, b"x", "X-Long: " + "y" * 20_000), Verdict.DOUBT, "connection_lost", id="endless header"),
        pytest.param(http(200), Verdict.DOUBT, "garbled_answer", id="empty 200"),
        pytest.param(http(200, _HTML), Verdict.DOUBT, "garbled_answer", id="HTML 200"),
        pytest.param(http(200, b"\xff\xfe\x00"), Verdict.DOUBT, "garbled_answer", id="bytes that are no text"),
        pytest.param(http(200, b"[" * 100_000), Verdict.DOUBT, "garbled_answer", id="bottomless JSON"),
        pytest.param(json_answer([]), Verdict.DOUBT, "garbled_answer", id="a list"),
        pytest.param(json_answer("ok"), Verdict.DOUBT, "garbled_answer", id="a word"),
        pytest.param(json_answer(None), Verdict.DOUBT, "garbled_answer", id="null"),
        pytest.param(json_answer({"time": {}}), Verdict.DOUBT, "garbled_answer", id="neither result nor error"),
        pytest.param(http(204), Verdict.DOUBT, "garbled_answer", id="no content"),
        pytest.param(http(202, _HTML), Verdict.DOUBT, "garbled_answer", id="accepted, by whom"),
        pytest.param(http(500, _HTML), Verdict.DOUBT, "http_500", id="HTML 500"),
        pytest.param(http(502, _HTML), Verdict.DOUBT, "http_502", id="HTML 502"),
        pytest.param(http(503), Verdict.DOUBT, "http_503", id="empty 503"),
        pytest.param(http(504, _HTML), Verdict.DOUBT, "http_504", id="HTML 504"),
        pytest.param(http(429, _HTML), Verdict.AGAIN, "http_429", id="a proxy's limit"),
        pytest.param(http(404, _HTML), Verdict.STOP, "http_404", id="HTML 404"),
        pytest.param(http(413, _HTML), Verdict.STOP, "http_413", id="HTML 413"),
        pytest.param(http(304), Verdict.DOUBT, "http_304", id="not modified"),
    ],
)
async def test_a_lost_answer_has_its_verdict(serve: Serve, call, said: Scripted, verdict: Verdict, code: str) -> None:
    with pytest.raises(Failure) as caught:
        await call(await serve(said))
    assert (caught.value.verdict, caught.value.code) == (verdict, code)
    assert SECRET not in str(caught.value) + caught.value.text + caught.value.advice


async def test_no_answer_in_time_leaves_a_doubt(serve: Serve, call) -> None:
    with pytest.raises(Failure) as caught:
        await call(await serve(Silence()), answer_timeout_s=0.05)
    assert (caught.value.verdict, caught.value.code) == (Verdict.DOUBT, "timeout")


async def test_an_answer_that_does_not_end_is_not_read_for_ever(serve: Serve, call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_module, "_MOST_BYTES", 1000)
    with pytest.raises(Failure) as caught:
        await call(await serve(http(200, b" " * 100_000)))
    assert (caught.value.verdict, caught.value.code) == (Verdict.DOUBT, "answer_too_long")


async def test_a_refused_connection_certainly_ran_nothing(call) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Failure) as caught:
            await call(Server([], unused.getsockname()[1]))
    assert (caught.value.verdict, caught.value.code, caught.value.is_elsewhere) == (Verdict.AGAIN, "no_connection", True)
    assert SECRET not in str(caught.value)


async def test_a_connection_that_does_not_come_about_in_time_certainly_ran_nothing(call, monkeypatch: pytest.MonkeyPatch) -> None:
    # A full queue of a listener that accepts nobody: the next connection is not refused, it waits.
    monkeypatch.setattr(exchange_module, "CONNECT_TIMEOUT_S", 0.05)
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        with pytest.raises(Failure) as caught:
            await call(Server([], listening.getsockname()[1]))
    assert (caught.value.verdict, caught.value.code, caught.value.is_elsewhere) == (Verdict.AGAIN, "no_connection", False)


async def test_a_name_nobody_knows_certainly_ran_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    rest = Rest(Webhook.parse(f"https://portal.invalid/rest/1/{SECRET}/"))
    with pytest.raises(Failure) as caught:
        await rest.call("profile", {})
    await rest.close()
    assert (caught.value.verdict, caught.value.code, caught.value.is_elsewhere) == (Verdict.AGAIN, "no_connection", True)


@pytest.mark.parametrize(("body", "is_page"), [(_HTML, True), (b"", False), (_BODY[:-5], False), (b"[]", False)])
async def test_a_web_page_in_the_portals_place_is_told_from_an_answer_that_is_cut_off(call, serve, body: bytes, is_page: bool) -> None:
    with pytest.raises(Failure) as caught:
        await call(await serve(http(200, body)))
    assert (caught.value.is_elsewhere, "web page" in caught.value.text) == (is_page, is_page)


# -- TLS ---------------------------------------------------------------------------------------


async def test_a_certificate_nobody_vouches_for_stops_us_before_anything_is_sent(serve: Serve, call) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).parent / "self_signed_for_tests.pem")
    server = await serve(_GOOD, tls=tls)
    with pytest.raises(Failure) as caught:
        await call(server)
    assert (caught.value.verdict, caught.value.code) == (Verdict.STOP, "tls")
    assert server.asked == []
    assert SECRET not in str(caught.value)


async def test_a_portal_that_speaks_no_tls_stops_us_before_anything_is_sent(call) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(400))
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    with pytest.raises(Failure) as caught:
        await call(Server([], listening.sockets[0].getsockname()[1], scheme="https"))
    listening.close()
    assert (caught.value.verdict, caught.value.code) == (Verdict.STOP, "tls")


# -- renamed portals ---------------------------------------------------------------------------


async def test_a_renamed_portal_is_followed_at_once_and_remembered(serve: Serve) -> None:
    new = await serve(_GOOD)
    old = await serve(_location(f"{new.base}/rest/1/{SECRET}/profile.json"))
    rest = Rest(old.webhook)
    assert (await rest.call("profile", {"a": "b"})).body["result"] == {"ID": "1"}
    assert (rest.moved_to, rest.authorisation.host) == (new.base, f"127.0.0.1:{new.port}")
    await rest.call("profile", {})
    await rest.close()
    assert len(old.asked) == 1
    assert [asked.body for asked in new.asked] == [{"a": "b"}, {}]
    assert new.asked[0].target == f"/rest/1/{SECRET}/profile.json"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_of_redirect_repeats_the_post(serve: Serve, call, status: int) -> None:
    new = await serve(_GOOD)
    await call(await serve(_location(f"{new.base}/", status)))
    assert new.asked[0].body == {"a": "b"}


async def test_a_portal_that_points_on_and_on_stops_us_and_is_not_remembered(serve: Serve) -> None:
    old, new = await serve(b""), await serve(b"")
    old.script, new.script = [_location(f"{new.base}/")], [_location(f"{old.base}/")]
    rest = Rest(old.webhook)
    with pytest.raises(Failure) as caught:
        await rest.call("profile", {})
    await rest.close()
    assert (caught.value.verdict, caught.value.code) == (Verdict.STOP, "renamed_again")
    assert (len(old.asked), len(new.asked)) == (1, 1)
    assert (rest.moved_to, rest.authorisation.base) == (None, old.base)


async def test_a_new_address_where_nobody_answers_is_not_remembered(serve: Serve) -> None:
    old = await serve(_location("http://127.0.0.1:9/"))
    rest = Rest(old.webhook)
    with pytest.raises(Failure) as caught:
        await rest.call("profile", {})
    await rest.close()
    assert caught.value.verdict is Verdict.AGAIN
    assert (rest.moved_to, rest.authorisation.base) == (None, old.base)


@pytest.mark.parametrize(
    "location",
    [
        "http://portal.example.com/rest/",
        "ftp://127.0.0.1/",
        "https://portal.example.com/rest/",
        "https://ann:pw@127.0.0.1/",
        "https://@127.0.0.1/",
        "//127.0.0.1/",
        "/auth/",
        "https://[broken/",
        "https://127.0.0.1:port/",
        "javascript:alert(1)",
        "",
    ],
)
async def test_the_secret_is_not_carried_to_an_address_that_cannot_be_trusted(serve: Serve, call, location: str) -> None:
    server = await serve(_location(location))
    with pytest.raises(Failure) as caught:
        await call(server)
    assert (caught.value.verdict, caught.value.code) == (Verdict.STOP, "renamed")
    assert len(server.asked) == 1


async def test_a_redirect_without_an_address_stops_us(serve: Serve, call) -> None:
    with pytest.raises(Failure) as caught:
        await call(await serve(http(302)))
    assert caught.value.verdict is Verdict.STOP


# -- connections -------------------------------------------------------------------------------


async def test_a_session_cookie_is_not_sent_back(serve: Serve) -> None:
    server = await serve(http(200, _BODY, "Set-Cookie: PHPSESSID=abc; path=/"))
    # Under a name: cookies of bare addresses are kept by no client.
    rest = Rest(Webhook.parse(f"http://localhost:{server.port}/rest/1/{SECRET}/"))
    await rest.call("profile", {})
    await rest.call("profile", {})
    await rest.close()
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, None]


async def test_the_proxy_of_the_environment_is_not_asked_for_a_portal_on_this_machine(
    serve: Serve, call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (await call(await serve(_GOOD))).status == 200


async def test_calls_leave_side_by_side(serve: Serve) -> None:
    server = await serve(Silence())
    # Long enough for sixty connections on a slow machine, far too short for sixty calls one after another.
    rest = Rest(server.webhook, answer_timeout_s=4)
    lost = await asyncio.gather(*(rest.call("profile", {}) for _ in range(60)), return_exceptions=True)
    await rest.close()
    assert len(server.asked) == 60
    assert {failure.code for failure in lost} == {"timeout"}
