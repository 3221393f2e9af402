"""Where letters go: files in a folder, or a mail server."""

from __future__ import annotations

import os
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from portal.mail.outbox import Letter

FAILURES = (OSError, smtplib.SMTPException)
"""What a transport may raise; the letter is tried again."""
TIMEOUT_S = 20


class Transport(Protocol):
    """Takes letters."""

    def send(self, letter: Letter, identity: int, now: datetime) -> None:
        """Send a letter.

        :raises OSError, smtplib.SMTPException: when it could not be sent.
        """
        ...


def message(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """Return a letter as it goes over the wire. Line breaks in a subject would begin new headers, so they go."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.recipient
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    if letter.calendar:
        method = "CANCEL" if "\nMETHOD:CANCEL" in letter.calendar else "PUBLISH"
        mail.add_attachment(letter.calendar, subtype="calendar", filename="booking.ics", params={"method": method})
    return mail


class Folder:
    """Writes each letter into a file of its own, readable by the portal's user only."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter, identity: int, now: datetime) -> None:
        """Write a letter, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._folder / f"{identity:08d}.eml"
        draft = file.with_suffix(".part")
        draft.touch(mode=0o600)
        draft.write_bytes(bytes(message(letter, self._sender, now)))
        os.replace(draft, file)


class Smtp:
    """Hands letters to a mail server.

    :param url: `smtp://user:password@host:587` (with STARTTLS where offered), or `smtps://...` (TLS from the start).
    """

    def __init__(self, url: str, sender: str) -> None:
        self._parts = urlsplit(url)
        self._sender = sender

    def send(self, letter: Letter, identity: int, now: datetime) -> None:
        """Send a letter."""
        parts = self._parts
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "", parts.port or 0, timeout=TIMEOUT_S) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message(letter, self._sender, now))


def transport(url: str | None, folder: Path, sender: str) -> Transport:
    """Return the transport of a setting; without one, letters become files in `folder`."""
    return Smtp(url, sender) if url else Folder(folder, sender)
