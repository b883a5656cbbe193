"""The web process. It refuses to start while a route does not say who may use it."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

from dashboard.access import refuse_undeclared_routes  # noqa: E402

refuse_undeclared_routes()

# What is loaded by now stays. A full collection would walk through all of it again, in the middle of somebody's page:
# a tenth of a second.
gc.collect()
gc.freeze()
