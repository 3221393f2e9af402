"""Settings of the portal: the only reader of the environment.

Every setting is a `PORTAL_*` variable (and `PORT`), described in docs/operators.md. With none set the portal runs on
embedded defaults and loopback.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
OPENSTREETMAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
OPENSTREETMAP_CREDIT = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>'
SHORTEST_SECRET = 20
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingError(Exception):
    """A setting is missing or has a value that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class ElasticsearchSettings:
    """Where Elasticsearch is and how the index is laid out there."""

    urls: tuple[str, ...]
    api_key: str | None = None
    ca: Path | None = None
    shards: int = 1
    replicas: int = 0
    index: str = "portal"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs between one installation and another."""

    content: Path
    state: Path
    database_url: str
    secret_key: str
    base_url: str
    port: int = 8000
    proxies: int = 0
    demo: bool = False
    elasticsearch: ElasticsearchSettings | None = None
    tiles: str = OPENSTREETMAP
    tiles_attribution: str = OPENSTREETMAP_CREDIT
    mail_url: str | None = None
    mail_from: str = "no-reply@localhost"
    redis_url: str | None = None
    rate_limit: int = 3000
    rate_limit_anonymous: int = 600
    worker: bool = True
    webhooks_allow_private: bool = False
    second_factor_days: int = 14
    totp_secrets: tuple[str, ...] = ()
    audit_days: int = 400
    translations: Path = ROOT / "translations"
    templates: Path = ROOT / "templates"

    @property
    def secure(self) -> bool:
        """Whether readers reach the portal over https, so that cookies may say `Secure`."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from `PORTAL_*` variables.

        :raises SettingError: naming the variable that is missing or wrong.
        """
        state = _path(environ, "PORTAL_STATE", ROOT / "var")
        port = _number(environ, "PORT", 8000, at_least=0, at_most=65535)
        base_url = _base_url(environ, port)
        demo = _flag(environ, "PORTAL_DEMO")
        return cls(
            content=_path(environ, "PORTAL_CONTENT", ROOT / "content"),
            state=state,
            database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{state / 'portal.sqlite'}",
            secret_key=_secret_key(environ, base_url, state),
            base_url=base_url,
            port=port,
            proxies=_number(environ, "PORTAL_PROXIES", 0, at_least=0, at_most=10),
            demo=demo,
            elasticsearch=_elasticsearch(environ),
            tiles=_tiles(environ),
            tiles_attribution=environ.get("PORTAL_TILES_ATTRIBUTION") or OPENSTREETMAP_CREDIT,
            mail_url=_mail_url(environ),
            mail_from=_mail_from(environ, base_url),
            redis_url=_redis_url(environ),
            rate_limit=_number(environ, "PORTAL_RATE_LIMIT", 3000, at_least=0, at_most=1_000_000),
            rate_limit_anonymous=_number(environ, "PORTAL_RATE_LIMIT_ANONYMOUS", 600, at_least=0, at_most=1_000_000),
            worker=_flag(environ, "PORTAL_WORKER", default=True),
            webhooks_allow_private=_flag(environ, "PORTAL_WEBHOOKS_ALLOW_PRIVATE", default=demo),
            second_factor_days=_number(environ, "PORTAL_SECOND_FACTOR_DAYS", 14, at_least=0),
            totp_secrets=_totp_secrets(environ),
            audit_days=_number(environ, "PORTAL_AUDIT_DAYS", 400, at_least=1),
        )


def _path(environ: Mapping[str, str], name: str, default: Path) -> Path:
    return Path(environ.get(name) or default).expanduser().resolve()


def _number(environ: Mapping[str, str], name: str, default: int, *, at_least: int, at_most: int = 10_000) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not at_least <= int(text) <= at_most:
        raise SettingError(f"{name} must be a whole number from {at_least} to {at_most}, not {text!r}")
    return int(text)


def _flag(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise SettingError(f"{name} must be one of 1, true, yes, on, 0, false, no, off, not {text!r}")


def _base_url(environ: Mapping[str, str], port: int) -> str:
    url = environ.get("PORTAL_BASE_URL") or f"http://127.0.0.1:{port}"
    address = server_address(url)
    if address is None:
        raise SettingError(f"PORTAL_BASE_URL must be like https://tianjin.example, not {url!r}")
    return address


def server_address(url: str) -> str | None:
    """Return the address of a server without a slash at its end; None when it is none, or of something on it."""
    address = url.rstrip("/")
    return address if _is_server(address) else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket without its twin, a port that is none
        return False


def _is_server(url: str) -> bool:
    """Tell whether an address names a server and nothing on it."""
    return _is_web_address(url) and url == "{0.scheme}://{0.netloc}".format(urlsplit(url))


def _secret_key(environ: Mapping[str, str], base_url: str, state: Path) -> str:
    """Return the configured key, or on loopback one made once under the state folder."""
    if key := environ.get("PORTAL_SECRET_KEY"):
        return key
    if urlsplit(base_url).hostname not in LOOPBACK:
        raise SettingError("PORTAL_SECRET_KEY is required when PORTAL_BASE_URL is not on loopback")
    try:
        return keep_secret(state / "secret-key", secrets.token_urlsafe(48))
    except OSError as error:
        raise SettingError(f"PORTAL_STATE must be a folder that can be written: {error}") from error


def keep_secret(file: Path, candidate: str) -> str:
    """Return the secret kept in `file`; the first caller's `candidate` is written there and wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(candidate)
    try:
        os.link(draft, file)  # fails when the file is there, and is never seen half written
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text()


def _totp_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(secret.strip() for secret in environ.get("PORTAL_TOTP_SECRETS", "").split(",") if secret.strip())
    if any(len(secret) < SHORTEST_SECRET for secret in found):
        raise SettingError(f"PORTAL_TOTP_SECRETS must be secrets of {SHORTEST_SECRET} characters or more")
    return found


def _tiles(environ: Mapping[str, str]) -> str:
    url = environ.get("PORTAL_TILES_URL") or OPENSTREETMAP
    if not _is_web_address(url) or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise SettingError(f"PORTAL_TILES_URL must be like https://tiles.example/{{z}}/{{x}}/{{y}}.png, not {url!r}")
    return url


def _mail_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("PORTAL_MAIL_URL") or None
    if url is not None and not _is_mail_server(url):
        raise SettingError("PORTAL_MAIL_URL must be like smtp://user:password@mail.example:587 or smtps://mail.example")
    return url


def _redis_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("PORTAL_REDIS_URL") or None
    if url is not None and not _is_redis(url):
        raise SettingError("PORTAL_REDIS_URL must be like redis://user:password@redis.example:6379/0 or rediss://...")
    return url


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _mail_from(environ: Mapping[str, str], base_url: str) -> str:
    address = environ.get("PORTAL_MAIL_FROM") or f"no-reply@{urlsplit(base_url).hostname}"
    if address.count("@") != 1 or not address.isprintable() or " " in address:
        raise SettingError(f"PORTAL_MAIL_FROM must be an address such as no-reply@tianjin.example, not {address!r}")
    return address


def _elasticsearch(environ: Mapping[str, str]) -> ElasticsearchSettings | None:
    urls = tuple(url.strip() for url in environ.get("PORTAL_ELASTICSEARCH_URL", "").split(",") if url.strip())
    if not urls:
        return None
    for url in urls:
        if not _is_web_address(url):
            raise SettingError(f"PORTAL_ELASTICSEARCH_URL must be http(s) addresses split by commas, not {url!r}")
    ca = environ.get("PORTAL_ELASTICSEARCH_CA")
    return ElasticsearchSettings(
        urls=urls,
        api_key=environ.get("PORTAL_ELASTICSEARCH_API_KEY") or None,
        ca=Path(ca) if ca else None,
        shards=_number(environ, "PORTAL_ELASTICSEARCH_SHARDS", 1, at_least=1),
        replicas=_number(environ, "PORTAL_ELASTICSEARCH_REPLICAS", 0, at_least=0),
        index=environ.get("PORTAL_ELASTICSEARCH_INDEX") or "portal",
    )
