"""What an image operation is, what it is given while it runs, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

if TYPE_CHECKING:  # the web process reads parameters and prices; it must not load numpy for it
    from processing.engines.base import Engine
    from processing.engines.text_to_image import TextToImage
    from processing.imaging.arrays import Alpha, Box, Mask
    from processing.imaging.confidence import Confidence
    from processing.imaging.limits import Limits
    from processing.imaging.placement import Size
    from processing.imaging.upscaling.tiles import Upscaler
    from processing.operations.work.subject import Subject

STEPS = ("decode", "segment", "refine", "compose", "encode")


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001
    """Something the owner of a finished image should know. Codes: processing/operations/warnings.py."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """One finished image.

    `box`: x, y, width, height of the subject in output pixels, without its shadow.
    `coverage`: share of the output's area that the subject's alpha covers, 0..1; None where nothing was cut out.
    `scale`: output pixels per source pixel. `frame`: x, y, width, height of the whole photo in output pixels; it may
    reach beyond the output. `matte`: of a cut that was corrected by hand, the whole photo's alpha as a grey PNG, to be
    kept with the version. `further`: the other images of the same photo, where several were asked for at once.
    """

    data: bytes
    format: str
    width: int
    height: int
    box: Box | None
    coverage: float | None
    confidence: Confidence | None
    engine: str
    runtime: str
    scale: float
    frame: tuple[float, float, float, float] | None = None
    warnings: list[Warning] = field(default_factory=list)
    matte: bytes | None = None
    further: tuple[Result, ...] = ()


class Context(Protocol):
    """What the runner of a job offers to the operation that runs in it."""

    @property
    def limits(self) -> Limits:
        """The largest input and output allowed."""

    @property
    def sandbox(self) -> bool:
        """True for a test key: the image carries a visible watermark."""

    def engine(self, name: str | None) -> Engine:
        """The loaded engine of that name, or the default one."""

    def upscaler(self, name: str) -> Upscaler:
        """The loaded super-resolution network of that name."""

    def step(self, name: str, *, brief: bool = False) -> AbstractContextManager[None]:
        """Times one of STEPS and reports it; raises Canceled before a step when asked to stop. `brief`: it is over
        before anybody looks."""

    def cached_mask(self, engine: Engine) -> Mask | None:
        """The mask this engine made of this source before, if it was kept."""

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        """Keeps the mask for the next run over the same source; answers with what that run will be given."""

    def file(self, role: str) -> bytes | None:
        """A further file of the request, such as `background`."""

    def group_scale(self) -> float | None:
        """Output pixels per source pixel shared by this photo's group, where it shares one."""


@runtime_checkable
class ReachesTextToImage(Protocol):
    """A Context of an installation that may have a text-to-image engine."""

    def text_to_image(self) -> TextToImage | None:
        """The engine, or None where none is set up."""


@runtime_checkable
class KeepsCuts(Protocol):
    """A Context that may remember the cut-out of a photo, for the next run over the same photo."""

    def kept_cut(self, model: str | None, edges: str) -> Subject | None:
        """The cut-out, whose pixels may not be written to."""

    def keep_cut(self, model: str | None, edges: str, subject: Subject) -> None: ...


@runtime_checkable
class KeepsMatte(Protocol):
    """A Context of a photo whose cut may have been corrected by hand in an earlier version."""

    def matte(self) -> Alpha | None:
        """The corrected alpha, uint8 over the whole photo, of the photo's size or another; None where there is none."""


P_contra = TypeVar("P_contra", bound=BaseModel, contravariant=True)


class Operation(Protocol[P_contra]):
    """One image operation. Adding one: a file in this folder with its parameters, `run` and `OPERATION = …()`.

    `name`: as in `operation=`. `title`, `verb`: what was made, and what a button does. `path`: its own call under
    /api/v1, empty for none. `summary`, `description`, `examples` (parameters by what they show): of that call in the
    API's documents. `photo`: whether it can do without one; `run` is then given b"" and `check` the size (0, 0).
    `takes_background`: whether a background image may come with the request. `takes_preset`: whether presets hold its
    parameters.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    verb: ClassVar[str]
    path: ClassVar[str]
    summary: ClassVar[str]
    description: ClassVar[str]
    examples: ClassVar[Mapping[str, Mapping[str, object]]]
    photo: ClassVar[Literal["required", "optional"]]
    takes_background: ClassVar[bool]
    takes_preset: ClassVar[bool]
    cost: ClassVar[int]
    scope: ClassVar[str]

    @property
    def Parameters(self) -> type[BaseModel]:
        """A pydantic model with `extra="forbid"`: fields, forms and API documentation come from it."""

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> BaseModel:
        """Validated parameters: the preset's, with the request's own fields in their place.

        `background_image`: a file with the role `background` comes with the request. `max_pixels`: the
        installation's limit of an output. Raises InvalidInput with a FieldError for each wrong field.
        """

    def size(self, parameters: P_contra, source_size: Size) -> Size | None:
        """Width and height of the image that a photo of that size becomes, in pixels; (0, 0) is no photo.

        None where only its pixels say; the image is then at most as large as the photo.
        """

    def check(self, parameters: P_contra, source_size: Size, *, max_pixels: int) -> None:
        """Raises InvalidInput where a photo of that size (width, height) would make too large an image.

        A header is enough to ask it at submit; `run` asks it again.
        """

    def run(self, source: bytes, parameters: P_contra, context: Context) -> Result:
        """Makes the finished image. Raises PackshotError subclasses, never returns half a result."""

    def measure(self, source: bytes, parameters: P_contra, context: Context) -> float:
        """The scale at which this photo alone would fit; a group shares the smallest of its members'."""
