"""`flask prepare`, then gunicorn, in processes that share one import of the portal: that halves the time to start.

Runs under .venv's Python. The portal opens nothing when it is imported, so its modules may be loaded before the forks;
preparing, which opens everything, has a process of its own.
"""

from __future__ import annotations

import importlib
import multiprocessing
import signal
import sys

from flask import Flask
from gunicorn.app.wsgiapp import WSGIApplication

from tools.processes import die_with_parent


def main() -> None:
    """Prepare, and serve when that went well."""
    app = importlib.import_module("wsgi").app
    preparation = multiprocessing.get_context("fork").Process(target=prepare, args=(app,))
    preparation.start()
    preparation.join()
    if preparation.exitcode:
        sys.exit(f"flask prepare failed with exit code {preparation.exitcode}")
    sys.argv = ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
    WSGIApplication().run()


def prepare(app: Flask) -> None:
    """Do what `flask prepare` does."""
    die_with_parent(signal.SIGTERM)()
    with app.app_context():
        app.cli.main(args=["prepare"], prog_name="flask")


if __name__ == "__main__":
    main()
