"""The least a Flask application can do, with the portal's request log: what the listing page is compared with."""

from __future__ import annotations

from flask import Flask

from portal.web import request_log

request_log.configure()
app = Flask("hello")
app.wsgi_app = request_log.RequestLog(app.wsgi_app)  # type: ignore[method-assign]


@app.get("/")
def hello() -> str:
    return "Hello, World!"


@app.get("/healthz")
def alive() -> str:
    return "ok"
