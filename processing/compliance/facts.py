"""What is known of a picture once it was looked at, in plain numbers: kept with the report, read without numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from processing.compliance.finding import Region


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """`width`, `height`: of the upright picture. `format`: as `sniff` names it. `box`: the product, None where it was
    not found. `cut`: the sides of the frame that cut it off, in alphabetical order. `subject_source`: how it was found:
    `given`, `alpha`, `backdrop`, the engine's name, or empty. `source_type`: IPTC's DigitalSourceType, its last word.
    `over_product`: a watermark that is seen beside the product seems to go on over it.
    """

    width: int
    height: int
    format: str
    bytes: int
    box: Region | None = None
    cut: tuple[str, ...] = ()
    subject_source: str = ""
    source_type: str = ""
    over_product: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"box": list(self.box) if self.box else None, "cut": list(self.cut)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PictureFacts:
        box = stored.get("box")
        return cls(**{**stored, "box": tuple(box) if box else None, "cut": tuple(stored.get("cut") or ())})
