"""How gunicorn runs the portal. `GUNICORN_CMD_ARGS` and command line options win over what stands here.

Start it in the project's folder: `.venv/bin/gunicorn --config deploy/gunicorn.conf.py`.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from portal.config import SettingError, Settings

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
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


def pre_fork(arbiter: Arbiter, worker: Worker) -> None:
    """Choose the core that the fewest workers have.

    Python runs one thread at a time; where a worker's threads may run on several cores they wake each other there and
    wait for the lock. A worker that all connections came to then answered a quarter of what it answers on one core.
    """
    if hasattr(os, "sched_getaffinity"):
        taken = Counter(getattr(other, "core", None) for other in arbiter.WORKERS.values())
        worker.core = min(sorted(os.sched_getaffinity(0)), key=lambda core: taken[core])


def post_worker_init(worker: Worker) -> None:
    """Let each worker follow the content that changes on disk, and keep it to its core.

    In this order: what follows the content runs in a process of its own, on whichever core is free.
    """
    portal = worker.app.callable.extensions.get("portal")
    if portal is not None:
        portal.start_following()
    if hasattr(worker, "core"):
        os.sched_setaffinity(0, {worker.core})
