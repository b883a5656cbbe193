"""What is known of one model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Size = tuple[int, int]
Kind = Literal["segmentation", "super-resolution"]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RembgRelease:
    """The release that rembg itself downloads from; each ModelFile names its `asset` there."""

    address: str = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"
    licence: str = ""


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """A package whose dist/resources.json lists the chunks that, joined, are the file."""

    package: str
    resource: str
    licence: str


Source = RembgRelease | NpmPackage


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it is called in MODELS_DIR, and the digests of every published version of it.

    `digests`: "sha256:…" or "md5:…" (what rembg publishes); a file that has any one of them is genuine.
    Empty: nobody publishes this file, it is the user's own.
    """

    name: str
    digests: tuple[str, ...] = ()
    asset: str = ""

    @property
    def sha256(self) -> tuple[str, ...]:
        return tuple(digest.partition(":")[2] for digest in self.digests if digest.startswith("sha256:"))


@dataclass(frozen=True, slots=True)
class Normalisation:
    """The network's input is (value / brightest value of the photo − mean) / deviation, for R, G, B."""

    mean: Colour
    deviation: Colour


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One row of the registry.

    `kind`: whether it cuts products out or enlarges pictures; `scale` is how many times it enlarges.
    `session` says what runs it: our own ONNX Runtime engine, one of rembg's sessions, or OpenCV's GrabCut.
    `input_size` (height, width) of the network; None where it is not one fixed size.
    `normalisation` and `output` (which of the network's outputs is the mask) only where `session` is "onnx":
    rembg's sessions bring their own.
    `licence` is that of the weights as far as their authors say; `licence_note` says what they leave open.
    """

    name: str
    title: str
    session: Literal["onnx", "rembg", "grabcut"]
    licence: str
    licence_note: str = ""
    files: tuple[ModelFile, ...] = ()
    input_size: Size | None = None
    normalisation: Normalisation | None = None
    output: int = 0
    kind: Kind = "segmentation"
    scale: int = 1
    sources: tuple[Source, ...] = field(default=())

    @property
    def file(self) -> str:
        """The name of the (first) file, or "" where the engine needs none."""
        return self.files[0].name if self.files else ""

    @property
    def sha256(self) -> tuple[str, ...]:
        """The known SHA-256 digests of the (first) file."""
        return self.files[0].sha256 if self.files else ()
