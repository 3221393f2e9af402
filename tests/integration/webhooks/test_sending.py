"""Over TLS: the connection goes to the checked address, the certificate is checked against the name."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from portal.webhooks.model import Failure
from portal.webhooks.sending import Sender
from tests.plugins.receiver import Receiver


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of shop.example, with its key."""
    file = tmp_path / "shop.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=shop.example"]
    names = ["-addext", "subjectAltName=DNS:shop.example", "-keyout", str(file), "-out", str(tmp_path / "chain.pem")]
    subprocess.run([*new, *names], check=True, capture_output=True)
    file.write_text(file.read_text() + (tmp_path / "chain.pem").read_text())
    return file


@pytest.fixture
def shop(receiver: Receiver, certificate: Path) -> Receiver:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    return receiver


def test_a_certificate_has_to_be_of_the_name_and_trusted(
    shop: Receiver, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender(private=True, resolver=lambda *_: ["127.0.0.1"], deadline_s=5)
    stranger = sender.post(f"https://shop.example:{shop.port}/hooks", {}, "{}")
    assert stranger.error is Failure.TLS
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert sender.post(f"https://shop.example:{shop.port}/hooks", {}, "{}").status == 200
    assert sender.post(f"https://other.example:{shop.port}/hooks", {}, "{}").error is Failure.TLS
    assert [one.headers["host"] for one in shop.received] == [f"shop.example:{shop.port}"]
