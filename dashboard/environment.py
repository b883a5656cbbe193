"""Reads settings from the environment; a nonsense value stops the start with a sentence that names it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import secrets
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from cryptography.fernet import Fernet

BASE_DIR = Path(__file__).resolve().parent.parent

_SECRET = {
    "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "API_KEY_PEPPER",
    "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "STORAGE_URL", "EMAIL_URL",
    "IMAGES_ENDPOINT_URL", "IMAGES_ENDPOINT_KEY", "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_CLIENT_SECRET_BEFORE", "METRICS_TOKEN", "SSO_GOOGLE_CLIENT_SECRET", "SSO_GITHUB_CLIENT_SECRET",
    "SSO_GITLAB_CLIENT_SECRET", "SSO_OIDC_CLIENT_SECRET",
}  # fmt: skip


def read_file() -> None:
    """The file ENV_FILE, `.env` by default; what is set in the environment goes before it."""
    wanted = os.environ.get("ENV_FILE")
    path = BASE_DIR / (wanted or ".env")
    if wanted == "" or (wanted is None and not path.is_file()):
        return
    try:
        content = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"The file {path} (setting ENV_FILE) cannot be read: {getattr(error, 'strerror', 'it is not text')}.")
    environ.Env.read_env(io.StringIO(content))


def stop(name: str, wanted: str) -> NoReturn:
    """Ends the start with one plain sentence."""
    # An address may carry a password, and what is said here ends up in a log.
    shown = "set" if name in _SECRET else repr(os.environ.get(name, ""))
    sys.exit(f"The setting {name} is {shown}, but must be {wanted}.")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        stop(name, "1 or 0")
    return default


def integer(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        stop(name, f"a whole number between {least} and {most}")
    if not least <= number <= most:
        stop(name, f"a whole number between {least} and {most}")
    return number


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        stop(name, "one of " + ", ".join(allowed))
    return value


def address(name: str, schemes: set[str], example: str) -> SplitResult | None:
    """A URL of one of the schemes with a host; None where nothing is set."""
    value = text(name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        stop(name, f"an address such as {example}")
    return parts


def redis_or(name: str, others: set[str], example: str) -> str:
    """The address of a Redis database, or of a server of the other schemes; empty where nothing is set."""
    parts = address(name, {"redis", "rediss"} | others, example)
    if parts is None:
        return ""
    if parts.scheme not in others and not re.fullmatch(r"/?|/\d+", parts.path):
        stop(name, f"an address such as {example}")
    return text(name)


def fernet_keys(name: str, default: str) -> list[str]:
    """Keys of 32 bytes in URL-safe base 64, comma-separated."""
    # In secrets.json there may be several too: a restore puts those of the backup there.
    keys = names(name) or [part.strip() for part in default.split(",")]
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            stop(name, "one or more Fernet keys, comma-separated (make one: openssl rand -base64 32 | tr +/ -_)")
    return keys


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def some_of(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Names out of `allowed`, in its order; all of them when nothing is set."""
    wanted = set(names(name))
    if wanted - set(allowed):
        stop(name, "some of " + ", ".join(allowed) + ", with commas between")
    return tuple(each for each in allowed if each in wanted) or allowed


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"The folder {path} (setting {name}) cannot be made: {error.strerror}.")
    if not os.access(path, os.W_OK):
        sys.exit(f"The folder {path} (setting {name}) cannot be written to. Choose another one.")
    return path


def generated_secrets(data_dir: Path) -> dict[str, str]:
    """Secrets of this installation, made at the first start unless they are set; readable by its owner alone."""
    path = data_dir / "secrets.json"
    if not path.exists():
        if text("SECRET_KEY") and text("FIELD_ENCRYPTION_KEYS"):
            return {}
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        }
        if not text("SECRET_KEY"):  # else it would be another one on every machine that shares the setting
            made["API_KEY_PEPPER"] = secrets.token_urlsafe(50)
        draft = path.with_name(f".secrets-{os.getpid()}-{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        # A hard link fails when another process was first: both then read the same secrets.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    try:
        content: dict[str, str] = json.loads(path.read_text())
        return {name: content[name] for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS")} | content
    except (OSError, ValueError, KeyError, TypeError):
        sys.exit(f"The file {path} with this installation's secrets cannot be read. Restore it from a backup.")


read_file()
