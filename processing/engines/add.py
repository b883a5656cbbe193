"""Takes a model file that somebody already has."""

from __future__ import annotations

import shutil
from pathlib import Path

from accounts.kit.errors import InvalidInput
from processing.engines import store
from processing.engines.digests import Digest, digest_of
from processing.engines.registry import MODELS, SCALES, find, names, super_resolution_name
from processing.engines.spec import Kind, ModelFile, ModelSpec
from processing.engines.store import Say


def add(path: Path, models_dir: Path, say: Say, *, name: str | None = None, kind: Kind | None = None) -> ModelSpec:
    """Copies the file to MODELS_DIR and answers with the model that it belongs to.

    A published version is known by its digest. Any other file is taken for the model `name`, or the one that the
    file is named after, if ONNX Runtime loads it and it takes the input that the registry says. One of the kind
    super-resolution needs no name: how many times it enlarges is tried out. Raises InvalidInput where it is not clear
    which model is meant, BrokenModel where it does not fit.
    """
    if not path.is_file():
        raise InvalidInput(f"There is no file {path}.", field="path")
    digest = digest_of(path)
    known = _published(digest)
    if known is not None:
        spec, file = known
        if name is not None and name != spec.name:
            raise InvalidInput(f"{path} is a file of {spec.name}, not of {name}.", field="name")
    else:
        spec, file = _meant(path, name, kind)
        from processing.engines.network import check  # ONNX Runtime: only where a file must be tried

        check(path, spec)
        say(f"{path.name} is no published version of {spec.name}, but it loads and takes the right input.")
    with store.opened(models_dir, say) as drafts:
        draft = drafts / file.name
        shutil.copyfile(path, draft)
        if digest_of(draft) != digest:
            raise InvalidInput(f"{path} changed while it was copied; try again.", field="path")
        store.put(draft, models_dir / file.name, digest, origin="added by hand", known=known is not None)
    say(f"Added as {spec.name}: {models_dir / file.name} (SHA-256 {digest.sha256})")
    return spec


def _published(digest: Digest) -> tuple[ModelSpec, ModelFile] | None:
    for spec in MODELS.values():
        for file in spec.files:
            if digest.is_one_of(file):
                return spec, file
    return None


def _meant(path: Path, name: str | None, kind: Kind | None) -> tuple[ModelSpec, ModelFile]:
    if name is None and path.stem not in MODELS:
        if kind == "super-resolution":
            name = _by_scale(path)
        else:
            raise InvalidInput(
                f"{path.name} is no published model file. Say which model it is for: models add PATH --name NAME, "
                f"with one of {', '.join(name for name in names('segmentation') if len(MODELS[name].files) == 1)}; "
                "or models add PATH --kind super-resolution for a network that enlarges.",
                field="name",
            )
    spec = find(name or path.stem, kind=kind)
    if len(spec.files) != 1:
        raise InvalidInput(f"Only the published files of {spec.name} can be added.", field="name")
    return spec, spec.files[0]


def _by_scale(path: Path) -> str:
    from processing.engines import network, super_resolution

    scale = super_resolution.measured_scale(network.session(path, find(super_resolution_name(2)), threads=0), path)
    if scale not in SCALES:
        raise InvalidInput(f"{path.name} enlarges {scale} times; 2, 3 and 4 times can be used.", field="path")
    return super_resolution_name(scale)
