"""How a picture came about, in IPTC's vocabulary, and the XMP packet that says so inside a file."""

from __future__ import annotations

import re

from processing.imaging.png_text import texts

_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"

ALGORITHMIC = _VOCABULARY + "algorithmicMedia"
"""Made by an algorithm that no data has trained: the built-in backdrops by themselves."""

COMPOSITE = _VOCABULARY + "composite"
"""Several elements of different origin: a photographed product on a built-in backdrop."""

TRAINED_ALGORITHMIC = _VOCABULARY + "trainedAlgorithmicMedia"
"""Made by a trained model: the picture of a text-to-image engine."""

COMPOSITE_WITH_TRAINED_ALGORITHMIC = _VOCABULARY + "compositeWithTrainedAlgorithmicMedia"
"""A photograph around which a trained model has made something: a product on such a picture."""

_TERMS = (ALGORITHMIC, COMPOSITE, TRAINED_ALGORITHMIC, COMPOSITE_WITH_TRAINED_ALGORITHMIC)
_TRAINED = (TRAINED_ALGORITHMIC, COMPOSITE_WITH_TRAINED_ALGORITHMIC)
_SAID = re.compile(rb"newscodes/digitalsourcetype/([A-Za-z]{3,60})")
_PNG = b"\x89PNG"

_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
    "<Iptc4xmpExt:DigitalSourceType>{term}</Iptc4xmpExt:DigitalSourceType>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="r"?>'
)


def xmp_packet(digital_source_type: str) -> bytes:
    """The packet with one of the terms above, UTF-8. Raises ValueError for anything else."""
    if digital_source_type not in _TERMS:
        raise ValueError(f"{digital_source_type} is not a digital source type that is written here")
    return _PACKET.format(term=digital_source_type).encode()


def said_in(data: bytes) -> str | None:
    """The term that a file carries, where it is one of those above."""
    found = _SAID.search(data) or (_SAID.search(texts(data)) if data.startswith(_PNG) else None)
    term = _VOCABULARY + found[1].decode("ascii") if found else ""
    return term if term in _TERMS else None


def carried(source: bytes, made: str | None = None) -> str | None:
    """The term of an image that was made from the file `source`: what that file says, and what was `made` now.

    Work on a picture does not undo how it came about; where both say something, the whole is a composite.
    """
    before = said_in(source)
    if before is None or made is None or before == made:
        return made or before
    return COMPOSITE_WITH_TRAINED_ALGORITHMIC if before in _TRAINED or made in _TRAINED else COMPOSITE
