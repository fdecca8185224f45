"""Many calls at once from one thread: each gets its own answer, and what becomes of one touches no other."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from outreach.domain.sending import OutcomeUnknown
from outreach.providers.connection import Connection, Host
from outreach.providers.exchanges import Ended, Exchanges
from outreach.providers.http import Reply, Transport, Wanted, end
from tests.providers.vendor_server import Answer, CutOff, Reset, Silence, VendorServer

LONG = 8_000_000


class Echo(BaseHTTPRequestHandler):
    """Answers with the path that it was asked for, the sooner ones later."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(0.1 / (1 + int(self.path[1:])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.path)))
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""


@contextmanager
def echoing(context: ssl.SSLContext | None = None) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads, server.block_on_close = True, False
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def keep(transport: Transport, port: int, count: int) -> None:
    """Have so many open connections ready."""
    host, context = Host(secure=False, name="127.0.0.1", port=port), ssl.create_default_context()
    for _ in range(count):
        transport.keep(host, Connection(host, time.monotonic() + 5, context))


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's, with a certificate of its own for 127.0.0.1, and that of a client which trusts it."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vendor")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    pem = folder / "vendor.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


def all_of(calls: Exchanges[int, Reply], count: int) -> dict[int, Ended[int, Reply]]:
    ended: dict[int, Ended[int, Reply]] = {}
    while len(ended) < count:
        ended |= {one.key: one for one in calls.wait(5)}
    return ended


def outcomes(server: VendorServer, *bodies: bytes, timeout: float = 5) -> list[object]:
    """Call once with each body; a status, or the kind of the error, in the order of the calls."""
    transport, calls = Transport(timeout=timeout, pool_size=9), Exchanges[int, Reply]()
    keep(transport, server.server_port, len(bodies))
    for number, body in enumerate(bodies):
        assert calls.begin(number, transport.ask("POST", f"{server.url}/", headers={}, body=body)) is None
        while len(server.asked) <= number and len(body) < LONG:
            time.sleep(0.01)
    ended = all_of(calls, len(bodies))
    return [type(one.error) if one.error else one.result and one.result.status for _, one in sorted(ended.items())]


def test_each_of_many_calls_gets_its_own_answer() -> None:
    transport, calls = Transport(timeout=5, pool_size=20), Exchanges[int, Reply]()
    with echoing() as port:
        keep(transport, port, 20)
        for number in range(20):
            asked = transport.ask("POST", f"http://127.0.0.1:{port}/{number}", headers={}, body=b"x")
            assert calls.begin(number, asked) is None
        said = {key: one.result and one.result.body for key, one in all_of(calls, 20).items()}
    assert said == {number: f"/{number}".encode() for number in range(20)}


def test_a_silent_vendor_leaves_its_call_in_doubt_and_no_other(server: VendorServer) -> None:
    server.will(Silence(), Answer(200, b"{}"))
    assert outcomes(server, b"a", b"b", timeout=0.5) == [OutcomeUnknown, 200]


def test_a_broken_answer_leaves_its_call_in_doubt_and_no_other(server: VendorServer) -> None:
    server.will(Reset(), CutOff(), Answer(429, b"{}"))
    assert outcomes(server, b"a", b"b", b"c") == [OutcomeUnknown, OutcomeUnknown, 429]


def test_a_request_that_is_longer_than_what_the_network_takes_at_once_arrives_whole(server: VendorServer) -> None:
    server.will(Answer(202))
    assert outcomes(server, b"x" * LONG) == [202]
    assert [len(asked.body) for asked in server.asked] == [LONG]


def test_a_connection_is_kept_for_the_next_call(server: VendorServer) -> None:
    transport, calls = Transport(timeout=5, pool_size=1), Exchanges[int, Reply]()
    keep(transport, server.server_port, 1)
    server.will(Answer(200), Answer(200), Answer(200))
    for number in range(2):
        assert calls.begin(number, transport.ask("POST", f"{server.url}/", headers={})) is None
        all_of(calls, 1)
    assert transport.request("POST", f"{server.url}/", headers={}).status == 200
    assert len({asked.client_port for asked in server.asked}) == 1


def test_nothing_has_left_of_a_call_for_which_no_connection_is_kept(server: VendorServer) -> None:
    transport, calls = Transport(timeout=5, pool_size=1), Exchanges[int, Reply]()
    call = transport.ask("POST", f"{server.url}/", headers={})
    wanted = calls.begin(1, call)
    assert isinstance(wanted, Wanted)
    assert (len(calls), server.asked) == (0, [])
    server.will(Answer(200))
    assert end(call, transport.exchange, wanted).status == 200


def test_calls_over_tls_get_their_answers_too(tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path)
    transport, calls = Transport(timeout=5, pool_size=5), Exchanges[int, Reply]()
    with echoing(theirs) as port:
        host, deadline = Host(secure=True, name="127.0.0.1", port=port), time.monotonic() + 5
        for _ in range(5):
            connection = Connection(host, deadline, ours)
            assert connection.exchange(b"POST /9 HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", deadline)[0] == 200
            transport.keep(host, connection)
        for number in range(5):
            body = b"x" * (LONG if number == 0 else 1)
            call = transport.ask("POST", f"https://127.0.0.1:{port}/{number}", headers={}, body=body)
            assert calls.begin(number, call) is None
        said = {key: one.result and one.result.body for key, one in all_of(calls, 5).items()}
    assert said == {number: f"/{number}".encode() for number in range(5)}
