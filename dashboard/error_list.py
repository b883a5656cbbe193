"""Every error that can be told, found in the code itself: the documentation cannot forget one."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

from accounts.kit.errors import PackshotError

# Modules below these define errors and import neither OpenCV nor a runtime of networks.
_PLACES = ("accounts.kit", "accounts.access", "accounts.limits")
_MODULES = (
    "processing.imaging.errors",
    "processing.engines.errors",
    "processing.operations.process",
    "processing.actions.blobs",
    "processing.actions.busy",
    "processing.actions.given_up",
    "processing.actions.space",
    "processing.actions.storage_room",
    "processing.actions.face_swap_pool",
    "processing.providers.base",
    "integrations.actions.publishing.request",
    "dashboard.errors",
    "dashboard.api.errors",
    "dashboard.api.rate_limits",
)


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    code: str
    status: int
    title: str
    meaning: str
    module: str


def every_error() -> list[ErrorEntry]:
    """One entry per code, by status and code."""
    for place in _PLACES:
        package = importlib.import_module(place)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{place}.{module.name}")
    for name in _MODULES:
        importlib.import_module(name)
    entries = {
        error.code: ErrorEntry(error.code, error.status, error.title, _first_sentence(error), error.__module__)
        for error in _subclasses(PackshotError)
    }
    return sorted(entries.values(), key=lambda entry: (entry.status, entry.code))


def _subclasses(error: type[PackshotError]) -> list[type[PackshotError]]:
    return [found for child in error.__subclasses__() for found in (child, *_subclasses(child))]


def _first_sentence(error: type[PackshotError]) -> str:
    return " ".join((error.__doc__ or "").split("\n\n")[0].split())
