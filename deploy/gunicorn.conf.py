"""How gunicorn serves Piketlijn: threads and persistent connections, because a webhook is short and ASGI halves it.

Everything may be overruled on the command line or by GUNICORN_CMD_ARGS.
"""

from __future__ import annotations

wsgi_app = "config.wsgi"
bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2  # each with its own connection to the database per thread
threads = 4
keepalive = 75  # seconds; longer than the vendor's and a proxy's idle time
timeout = 30  # a webhook has to answer within the vendor's 15 s; an upload may take longer
graceful_timeout = 20  # a call that is being answered is finished first
preload_app = False  # the sweep's thread starts where the application is loaded; it would not survive a fork
control_socket_disable = True
