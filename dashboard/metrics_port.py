"""A worker's own private port for its metrics: where no web process runs beside it on the machine."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import structlog
from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST

from dashboard.metrics import collected

log = structlog.get_logger(__name__)


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            body = collected()
        finally:
            connections.close_all()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Scrapes are no events."""


def serve_metrics(host: str, port: int) -> None:
    """In a thread until the process ends. A port that is taken is told in the log: the work goes on."""
    try:
        server = ThreadingHTTPServer((host, port), _Answer)
    except OSError as error:
        log.error("metrics_port_taken", host=host, port=port, error=str(error))
        return
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
