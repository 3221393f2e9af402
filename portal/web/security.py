"""Headers that keep a page to itself, and the protection of forms."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect

from portal.accounts.sessions import LONGEST

csrf = CSRFProtect()

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: {tiles}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "form-action 'self'{forms}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies. Who brings no cookie, as partners and most readers, needs no signature looked at."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request, an empty one where it brings none."""
        if app.secret_key and self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask, *, secure: bool, tiles: str) -> None:
    """Send the headers with every answer; cookies are `Secure` where readers come over https.

    :param tiles: where the map's tiles come from.
    """
    app.config.update(
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # or every public page would carry the cookie of whoever asked first
        PERMANENT_SESSION_LIFETIME=LONGEST,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the session it belongs to
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.session_interface = Sessions()
    csrf.init_app(app)

    headers = headers_of(tiles, secure=secure)
    app.extensions["portal-headers"] = headers

    def add_headers(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        response.headers.extend({name: value for name, value in headers.items() if name.lower() not in there})
        return response

    app.after_request(add_headers)


def let_frame(response: Response) -> Response:
    """Let pages of this site show an answer within themselves, which no other page may."""
    policy = current_app.extensions["portal-headers"]["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def headers_of(tiles: str, *, secure: bool, forms: str | None = None) -> dict[str, str]:
    """Return the headers of a page.

    :param forms: where its forms go beside this site.
    """
    policy = CONTENT_SECURITY_POLICY.format(tiles=_origin(tiles), forms=f" {forms}" if forms else "")
    headers = HEADERS | {"Content-Security-Policy": policy}
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def _origin(tiles: str) -> str:
    """Return the servers tiles come from, as a policy names them; `{s}` stands for one of several."""
    parts = urlsplit(tiles)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
