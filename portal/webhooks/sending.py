"""One message to one address: a single POST to the address that was checked, no redirect followed, no answer kept."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from portal.webhooks import guard
from portal.webhooks.guard import Forbidden, Resolve, Unknown
from portal.webhooks.model import Failure

DEADLINE_S = 15.0
"""How long an endpoint has to answer, from the first byte of the question to the last header of the answer."""
FAILURES: Mapping[type[Exception], Failure] = {
    Forbidden: Failure.FORBIDDEN,
    Unknown: Failure.UNKNOWN,
    SSLError: Failure.TLS,
    ssl.SSLError: Failure.TLS,
    NewConnectionError: Failure.UNREACHABLE,
    ConnectTimeoutError: Failure.SLOW,
    TimeoutError: Failure.SLOW,
}
"""What an exception means, the first that fits."""
AGENT = "charming-tianjin-webhooks/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered, or why there is no answer."""

    status: int | None
    error: Failure | None
    ms: int
    retry_after: str | None = None

    @property
    def taken(self) -> bool:
        """Whether the message was received."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages.

    :ivar private: whether this machine and private networks may be called.
    """

    private: bool
    resolver: Resolve = guard.resolve
    deadline_s: float = DEADLINE_S

    def post(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Send a message and return how it went; nothing that an endpoint does raises."""
        began = time.monotonic()
        try:
            status, retry_after = self._post(url, headers, body.encode())
        except (Forbidden, Unknown, HTTPError, HTTPException, OSError, ValueError) as error:
            return Answer(None, Failure.SLOW if self._is_late(began) else _failure(error), _ms(began))
        if self._is_late(began):  # and half an answer, since we hung up
            return Answer(None, Failure.SLOW, _ms(began))
        return Answer(status, Failure.MOVED if 300 <= status < 400 else None, _ms(began), retry_after)

    def _is_late(self, began: float) -> bool:
        return time.monotonic() - began >= self.deadline_s

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str | None]:
        parts = urlsplit(url)
        secure, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if secure else 80)
        address = guard.checked(host, port, private=self.private, resolver=self.resolver)
        connection = self._connection(address, port, host, secure=secure)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        sent = {"User-Agent": AGENT, "Content-Type": "application/json", **headers, "Host": parts.netloc}
        # A timeout of a socket is one of each byte; this is one of the whole.
        hang_up = threading.Timer(self.deadline_s, _hang_up, (connection,))
        hang_up.start()
        try:
            connection.request("POST", target, body=body, headers=sent, preload_content=False)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Retry-After")
        finally:
            hang_up.cancel()
            connection.close()

    def _connection(self, address: str, port: int, host: str, *, secure: bool) -> HTTPConnection:
        # The socket keeps this timeout; the certificate is checked against the name, not the address.
        if not secure:
            return HTTPConnection(address, port, timeout=self.deadline_s)
        return HTTPSConnection(address, port, timeout=self.deadline_s, server_hostname=host)


def _hang_up(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _failure(error: Exception) -> Failure:
    return next((failure for kind, failure in FAILURES.items() if isinstance(error, kind)), Failure.BROKEN)


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
