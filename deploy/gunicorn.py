"""The web server as it runs for real: ``gunicorn config.wsgi --config deploy/gunicorn.py``.

A proxy stands before it, which takes bodies whole before it passes them on: these threads have no limit for slow ones.
"""

import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "3"))
threads = int(os.environ.get("WEB_THREADS", "4"))

timeout = 60
graceful_timeout = 20
# Longer than the proxy keeps a connection that idles, so that it never sends into one that is being closed.
keepalive = 75
# What grew stays no longer than some thousand pages; not all processes at once.
max_requests = 5000
max_requests_jitter = 500
# Signs of life between its processes are no load on the disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108

control_socket_disable = True
loglevel = "warning"
# Method and path without the query string, which may say what a person looked for.
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG") == "1" else None
access_log_format = (
    '{"at": "%(t)s", "method": "%(m)s", "path": "%(U)s", "status": %(s)s, "seconds": %(L)s}'
)
