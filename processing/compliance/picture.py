"""A picture that was looked at. What several rules ask for is measured once, when the first one asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from processing.compliance import white
from processing.compliance.detectors import marks, sharpness
from processing.compliance.detectors.frame import Frame
from processing.compliance.detectors.marks import Marks, Text, Watermark
from processing.compliance.detectors.sharpness import Sharpness
from processing.compliance.facts import PictureFacts
from processing.compliance.file_facts import FileFacts
from processing.compliance.subject import Subject
from processing.compliance.white import White
from processing.imaging.arrays import RGB

LOSSY = frozenset({"jpeg", "webp", "avif", "heic"})
_EDGE = 2
"""Pixels along the product that mix with it in any format."""
_BLEEDING = 18
"""Pixels along the product into which colour at half the resolution is smeared: a block of 16, and its smoothing."""


@dataclass(frozen=True)
class MeasuredPicture:
    """`rgb`: uint8 (H, W, 3), upright, sRGB, on white where it is see-through. `subject`: the product, None where it
    was not found. `empty`: it is sure that there is none. `frame`: a border around the picture. `see_through`: share of
    the picture that is transparent. `generated`: known to be made by AI, whatever the file says.
    """

    file: FileFacts
    rgb: RGB
    subject: Subject | None
    empty: bool = False
    frame: Frame | None = None
    see_through: float = 0.0
    filename: str = ""
    address: str = ""
    generated: bool = False
    _white: dict[tuple[int, int], White | None] = field(default_factory=dict, repr=False)

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    def background(self, *, band: int, near: int) -> White | None:
        """How white it is. `band`: pixels along the product that are not counted where compression is lossy."""
        counted = band if self.file.format in LOSSY else min(band, _EDGE)
        if (counted, near) not in self._white:
            self._white[counted, near] = white.count(
                self.rgb, self.subject, band=counted, near=near, tinted=_BLEEDING if self.file.coarse_colour else 0
            )
        return self._white[counted, near]

    @cached_property
    def marks(self) -> Marks:
        subject = self.subject
        if subject is None:
            return marks.find(self.rgb, None, self.frame, certain=True)
        return marks.find(self.rgb, subject.alpha, self.frame, certain=subject.open_holes)

    @property
    def text(self) -> Text | None:
        return self.marks.text

    @property
    def watermark(self) -> Watermark | None:
        return self.marks.watermark

    @cached_property
    def sharpness(self) -> Sharpness | None:
        return sharpness.measure(self.rgb, self.subject.alpha if self.subject else None)

    @property
    def blank(self) -> bool:
        """Nothing to see but a plain surface."""
        return self.empty

    @property
    def facts(self) -> PictureFacts:
        mark = self.watermark
        return PictureFacts(
            width=self.width,
            height=self.height,
            format=self.file.format,
            bytes=self.file.bytes,
            box=self.subject.box if self.subject else None,
            cut=tuple(sorted(self.subject.cut)) if self.subject else (),
            subject_source=self.subject.source if self.subject else "",
            source_type=self.file.source_type,
            over_product=bool(mark and mark.over_product),
        )
