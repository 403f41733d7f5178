"""The web server, in bin/serve and in production: `gunicorn -c config/gunicorn.conf.py`."""

import os

wsgi_app = "config.wsgi"
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
graceful_timeout = 10
# Longer than the idle time of most proxies' connections to us.
keepalive = 75
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True
# Addresses carry tracking tokens, so there is no access log.
accesslog = None
loglevel = "warning"

# One connection per thread, kept open: that alone is worth a factor of three.
os.environ.setdefault("DATABASE_POOL_SIZE", str(threads))
