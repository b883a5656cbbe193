"""One file that installs Packshot on a machine without a network."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from processing.engines import load, registry

_INSIDE = "packshot"
_NOT_NEEDED = (".ci", "tests", "requirements-dev.txt", ".dockerignore", "Dockerfile", "compose.yaml")


class Command(BaseCommand):
    help = (
        "Writes one file with Packshot as committed, its libraries for machines like this one, and the segmentation "
        "model. There: tar xzf FILE, then packshot/install.sh FOLDER."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it, such as packshot.tar.gz")
        parser.add_argument("--wheels", type=Path, help="a folder with the libraries, instead of fetching them")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        draft = target.with_name(f".{target.name}.draft")
        try:
            with tempfile.TemporaryDirectory() as folder:
                wheels = options["wheels"] or self._fetch_wheels(Path(folder))
                # Libraries and model are packed already: packing them again takes long and saves nothing.
                with tarfile.open(draft, "w:gz", compresslevel=0) as bundle:
                    self._add_product(bundle)
                    for wheel in sorted(wheels.glob("*.whl")):
                        bundle.add(wheel, f"{_INSIDE}/wheels/{wheel.name}")
                    self._add_model(bundle)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{target}: {target.stat().st_size / 1e6:.0f} MB")

    def _fetch_wheels(self, folder: Path) -> Path:
        self.stdout.write("Fetching the libraries …")
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--only-binary=:all:", "--dest", str(folder)),
            *("--requirement", str(settings.BASE_DIR / "requirements.txt")),
        ]
        if subprocess.run(command, check=False).returncode:
            raise CommandError("The libraries could not be fetched; pip says why above.")
        return folder

    def _add_product(self, bundle: tarfile.TarFile) -> None:
        """What is committed: nothing of this machine's own, no data, no secrets."""
        archived = subprocess.run(
            ["git", "archive", "--format=tar", f"--prefix={_INSIDE}/", "HEAD"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            check=False,
        )
        if archived.returncode:
            raise CommandError(f"git could not archive this checkout: {archived.stderr.decode().strip()}")
        without = tuple(f"{_INSIDE}/{each}" for each in _NOT_NEEDED)
        with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as product:
            for member in product:
                if any(member.name == each or member.name.startswith(f"{each}/") for each in without):
                    continue
                bundle.addfile(member, product.extractfile(member) if member.isfile() else None)
        installer = (settings.BASE_DIR / "templates" / "docs" / "parts" / "install.sh.txt").read_bytes()
        entry = tarfile.TarInfo(f"{_INSIDE}/install.sh")
        entry.size, entry.mode = len(installer), 0o755
        bundle.addfile(entry, io.BytesIO(installer))

    def _add_model(self, bundle: tarfile.TarFile) -> None:
        name = settings.SEGMENTATION_MODEL
        if name == "grabcut":
            return
        if name not in load.available(settings.MODELS_DIR):
            raise CommandError(f"The model {name} is not there. First: manage.py models fetch {name}")
        for file in (registry.find(name).file, "models.json"):
            if (settings.MODELS_DIR / file).is_file():
                bundle.add(settings.MODELS_DIR / file, f"{_INSIDE}/models/{file}")
        self.stdout.write(f"With the model {name}. Licence: {registry.find(name).licence}")
