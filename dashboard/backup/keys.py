"""The secrets without which a backup's rows cannot be read: told apart by fingerprints, and in it only when asked."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from dashboard import environment as env
from dashboard.backup.manifest import Damaged, file_sha256

FILE = "keys.json"
NAMES = ("SECRET_KEY", "API_KEY_PEPPER", "FIELD_ENCRYPTION_KEYS")


class WrongPassphrase(Exception):
    """It does not open the keys of this backup."""


def here() -> dict[str, list[str]]:
    """This installation's."""
    return {
        "SECRET_KEY": [settings.SECRET_KEY],
        "API_KEY_PEPPER": [settings.API_KEY_PEPPER],
        "FIELD_ENCRYPTION_KEYS": list(settings.FIELD_ENCRYPTION_KEYS),
    }


def described(folder: Path, *, included: bool, passphrase: str) -> dict[str, Any]:
    """For the manifest: fingerprints, and the keys themselves beside it where they are `included`."""
    salt = secrets.token_hex(16)
    found: dict[str, Any] = {
        "salt": salt,
        "fingerprints": {name: [_fingerprint(salt, each) for each in values] for name, values in here().items()},
        "included": included,
    }
    if not included:
        return found
    text = json.dumps(here())
    content = {"sealed": _fernet(salt, passphrase).encrypt(text.encode()).decode()} if passphrase else {"plain": text}
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    return found | {"sha256": file_sha256(folder / FILE)}


def missing(said: dict[str, Any], values: dict[str, list[str]]) -> list[str]:
    """Names of settings of which a value that the backup was made with is not among `values`."""
    salt = said["salt"]
    return [
        name for name in NAMES if set(said["fingerprints"][name]) - {_fingerprint(salt, each) for each in values[name]}
    ]


def included(folder: Path, said: dict[str, Any], passphrase: str) -> dict[str, list[str]] | None:
    """The keys in the backup; None where it holds none. Raises Damaged, WrongPassphrase."""
    if not said["included"]:
        return None
    try:
        content = json.loads((folder / FILE).read_text())
        text = content.get("plain") or _fernet(said["salt"], passphrase).decrypt(content["sealed"].encode()).decode()
        found: dict[str, list[str]] = json.loads(text)
    except InvalidToken:
        raise WrongPassphrase(
            "The passphrase does not open the keys of this backup."
            if passphrase
            else "The keys of this backup are under a passphrase: give it with --passphrase-file."
        ) from None
    except (OSError, ValueError, KeyError):
        raise Damaged(f"{FILE} of {folder.name} is damaged.") from None
    return found


def set_elsewhere() -> list[str]:
    """Those that come from the environment, which no file of the data folder can change."""
    return [name for name in NAMES if env.text(name)]


def put_in_place(data_dir: Path, values: dict[str, list[str]]) -> Path | None:
    """Writes them as secrets.json; the path under which the one of before is kept, if there was another."""
    path = data_dir / "secrets.json"
    made = {name: ",".join(each) for name, each in values.items()}
    before = None
    if path.exists():
        before = path.with_name("secrets.json.before-restore")
        path.rename(before)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    return before


def _fingerprint(salt: str, value: str) -> str:
    """Slow on purpose: an operator may have chosen a short one."""
    return _derived(salt, "fingerprint", value).hex()[:32]


def _fernet(salt: str, passphrase: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(salt, "passphrase", passphrase)))


def _derived(salt: str, purpose: str, value: str) -> bytes:
    return hashlib.scrypt(value.encode(), salt=f"{purpose}:{salt}".encode(), n=2**14, r=8, p=1, dklen=32)
