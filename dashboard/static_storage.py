"""Static files under the hash of their content, also where one JavaScript module imports another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Extensions for another major version of htmx: they import by a bare name that only a bundler could resolve.
_NOT_OURS = "django_htmx/ext/"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        ours = {name: path for name, path in paths.items() if not name.startswith(_NOT_OURS)}
        yield from super().post_process(ours, dry_run, **options)
