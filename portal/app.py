"""The Flask application: blueprints and what they share."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.services import Services
from portal.web import (
    addresses,
    api,
    crawlers,
    errors,
    formats,
    health,
    hooks,
    media,
    octo,
    reports,
    security,
    templating,
    visitors,
)
from portal.web.bookings import choosing, finding, visiting
from portal.web.businesses import (
    account,
    accounts,
    administration,
    bookings,
    claims,
    coverage,
    editor,
    gate,
    guest_lists,
    history,
    pictures,
    protection,
    review,
    sale,
    sale_texts,
    slots,
)
from portal.web.context import language
from portal.web.folding import LanguageEnvironment
from portal.web.page_cache import PageCache
from portal.web.partners import keys, members, partners, reference, sandbox, webhooks
from portal.web.request_log import RequestLog

LARGEST_BODY = 1024 * 1024


def create_app(services: Services) -> Flask:
    """Return the portal as a WSGI application."""
    settings = services.settings
    app = Flask("portal", template_folder=str(settings.templates))
    app.jinja_environment = LanguageEnvironment  # type: ignore[assignment]
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LARGEST_BODY, SESSION_COOKIE_NAME="portal")
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(settings.translations), BABEL_DEFAULT_LOCALE="en")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["portal"] = services
    addresses.init_app(app)
    Babel(app, locale_selector=lambda: language().locale)
    for module in (errors, formats, media, templating):
        module.init_app(app)
    security.init_app(app, secure=settings.secure, tiles=settings.tiles)
    for module in (octo, hooks):
        security.csrf.exempt(module.blueprint)
    for module in (visitors, choosing, visiting, finding, reports, media, crawlers, health, api, octo, hooks):
        app.register_blueprint(module.blueprint)
    for module in (
        *(accounts, account, protection, administration, claims, coverage),
        *(editor, pictures, history, review, sale, sale_texts, bookings, gate, guest_lists, slots),
        *(partners, reference, keys, sandbox, members, webhooks),
    ):
        app.register_blueprint(module.blueprint)
    cached = PageCache(app.wsgi_app, services.catalog.generation)
    app.wsgi_app = ProxyFix(RequestLog(cached), x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    return app
