"""How gunicorn runs the portal. `GUNICORN_CMD_ARGS` and command line options win over what stands here.

Start it in the project's folder: `.venv/bin/gunicorn --config deploy/gunicorn.conf.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal.config import SettingError, Settings

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its files there unnamed

try:
    settings = Settings.from_environment()
except SettingError as error:
    sys.exit(str(error))

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{settings.port}"

worker_class = "gthread"
workers = 2
threads = 4
preload_app = False  # what workers open (search readers, database pools) must not cross the fork
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None  # heartbeats that a slow disk cannot delay

timeout = 30
graceful_timeout = 10
keepalive = 5

accesslog = None  # the portal writes its own request log, one structured line each
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Let each worker follow the content that changes on disk, once it has its own process."""
    portal = worker.app.callable.extensions.get("portal")
    if portal is not None:
        portal.start_following()
