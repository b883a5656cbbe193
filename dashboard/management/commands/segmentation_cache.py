"""`manage.py segmentation_cache show | clear`: the masks that are kept for a second operation on the same photo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from processing.actions import mask_room
from processing.queries.masks import kept_masks


class Command(BaseCommand):
    help = "Shows or takes away the masks that are kept so that a second operation on a photo asks no network."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="show | clear")
        actions.add_parser("show", help="how many there are, and how much they take")
        actions.add_parser("clear", help="take all of them away; works beside a running server")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "clear":
            self.stdout.write(f"Taken away: {mask_room.clear():,} masks.")
            return
        found, most = kept_masks(), settings.SEGMENTATION_CACHE_BYTES
        if not most:
            self.stdout.write("Switched off (SEGMENTATION_CACHE_MB=0).")
        self.stdout.write(f"{found.count:,} masks, {found.bytes / 1e6:,.1f} MB of {most / 1e6:,.0f} MB.")
        if found.oldest:
            self.stdout.write(f"The one that goes first was used at {found.oldest:%Y-%m-%d %H:%M} UTC.")
