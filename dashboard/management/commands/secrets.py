from __future__ import annotations

import secrets
from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints new secrets for a .env file. Machines that work together need the same ones. It changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"SECRET_KEY={secrets.token_urlsafe(50)}")
        self.stdout.write(f"FIELD_ENCRYPTION_KEYS={Fernet.generate_key().decode()}")
        # Parts of addresses in compose.yaml: letters and digits alone need no quoting there.
        self.stdout.write(f"POSTGRES_PASSWORD={secrets.token_hex(24)}")
        self.stdout.write(f"STORE_SECRET={secrets.token_hex(24)}")
