"""The web process. It refuses to start while a route does not say who may use it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

from dashboard.access import refuse_undeclared_routes  # noqa: E402

refuse_undeclared_routes()
