"""`manage.py models list | fetch [NAME] | add PATH [--name NAME | --kind KIND] | verify [NAME]`. Needs no database."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any, get_args

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.kit.errors import PackshotError
from processing.engines import add, fetch, load, verify
from processing.engines.registry import MODELS, find
from processing.engines.spec import Kind, ModelSpec


class Command(BaseCommand):
    help = "Lists, fetches, adds and checks the models of this installation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="list | fetch | add | verify")
        listing = actions.add_parser("list", help="every model, whether it is here, and its licence")
        listing.add_argument("--json", action="store_true", help="one JSON array, for programs")
        fetching = actions.add_parser("fetch", help="bring a model's file here")
        fetching.add_argument("name", nargs="?", default=settings.SEGMENTATION_MODEL, help="default: %(default)s")
        adding = actions.add_parser("add", help="take a model file that is on this machine")
        adding.add_argument("path", type=Path)
        adding.add_argument("--name", help="the model it is for, where it is no published file")
        adding.add_argument("--kind", choices=get_args(Kind), help="what it does; super-resolution needs no name then")
        verifying = actions.add_parser("verify", help="compare the files with their published digests")
        verifying.add_argument("name", nargs="?", help="default: all that are here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(**options)
        except PackshotError as error:
            raise CommandError(error.detail) from error

    def _list(self, **options: Any) -> None:
        installed = load.available(settings.MODELS_DIR)
        if options["json"]:
            rows = [_row(spec, installed=spec.name in installed) for spec in MODELS.values()]
            self.stdout.write(json.dumps(rows))
            return
        width = max(len(name) for name in MODELS)
        for spec in MODELS.values():
            state = "here" if spec.name in installed else "-"
            marks = " (default)" if spec.name == settings.SEGMENTATION_MODEL else ""
            self.stdout.write(f"{spec.name:<{width}}  {state:<4}  {spec.title}{marks}")
            indent = " " * (width + 8)
            about = f"Licence: {spec.licence}. {spec.licence_note}"
            if spec.files and not spec.sha256:
                about += " Its SHA-256 is not known, its MD5 is." if spec.files[0].digests else " No published file."
            self.stdout.write(textwrap.fill(about, 110, initial_indent=indent, subsequent_indent=indent))

    def _fetch(self, **options: Any) -> None:
        fetch.fetch(find(options["name"]), settings.MODELS_DIR, self._say)

    def _add(self, **options: Any) -> None:
        add.add(options["path"], settings.MODELS_DIR, self._say, name=options["name"], kind=options["kind"])

    def _verify(self, **options: Any) -> None:
        names = [options["name"]] if options["name"] else load.available(settings.MODELS_DIR)
        bad = []
        for name in names:
            finding = verify.verify(find(name), settings.MODELS_DIR)
            self.stdout.write(f"{name}: {finding.detail}")
            if not finding.good:
                bad.append(name)
        if bad:
            raise CommandError(f"Not as it should be: {', '.join(bad)}. Try: manage.py models fetch NAME")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _row(spec: ModelSpec, *, installed: bool) -> dict[str, object]:
    return {
        "name": spec.name,
        "title": spec.title,
        "kind": spec.kind,
        "installed": installed,
        "default": spec.name == settings.SEGMENTATION_MODEL,
        "licence": spec.licence,
        "licence_note": spec.licence_note,
        "files": [{"name": file.name, "digests": list(file.digests)} for file in spec.files],
    }
