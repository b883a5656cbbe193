"""Names of downloaded images, from a template such as `{name}-{preset}`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.kit.errors import InvalidInput
from processing.imaging.formats import EXTENSIONS
from processing.models import JobImage

DEFAULT_TEMPLATE = "{name}"
PLACEHOLDERS = ("name", "label", "preset", "n")

_LONGEST_TEMPLATE = 120
_MOST_BYTES = 200  # of a name without its extension: file systems end at 255
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NOTHING = "\0"
_AROUND_NOTHING = re.compile(r"([-_ .]*)\0(?:[-_ .]*\0)*([-_ .]*)")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Windows refuses them with any extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Download:
    """One image that will be a file: `name` is its photo's name without extension, `extension` without a dot."""

    name: str
    extension: str
    label: str = ""
    preset: str = ""


def download_of(image: JobImage) -> Download:
    """A finished image (its output and job loaded) as a download. Raises InvalidInput when it has no output."""
    if image.output is None:
        raise InvalidInput(f"{image.name} has no image to download.", field="names")
    stem, dot, _ = image.name.rpartition(".")
    return Download(
        name=stem if dot and stem else image.name,
        extension=EXTENSIONS[image.output.format],
        label=image.label or image.job.preset_label,
        preset=image.job.preset,
    )


def check_template(template: str) -> str:
    """The template to use: trimmed, the default for an empty one. Raises InvalidInput (field `names`)."""
    template = " ".join(template.split()) or DEFAULT_TEMPLATE
    if len(template) > _LONGEST_TEMPLATE:
        raise InvalidInput(f"Use at most {_LONGEST_TEMPLATE} characters.", field="names")
    for placeholder in _PLACEHOLDER.findall(template):
        if placeholder not in PLACEHOLDERS:
            raise InvalidInput(f"There is no {{{placeholder}}}. Use {_known()}.", field="names")
    rest = _PLACEHOLDER.sub("", template)
    if "{" in rest or "}" in rest:
        raise InvalidInput(f"A brace stands alone. Placeholders are {_known()}.", field="names")
    if unsafe := _UNSAFE.search(rest):
        raise InvalidInput(
            f"Not every system allows {unsafe.group()} in file names. Use - or _ instead.", field="names"
        )
    return template


def download_names(template: str, downloads: Sequence[Download]) -> list[str]:
    """A file name for each, in order: safe on every system, and no two alike whatever their case.

    `{n}` counts from 1, with as many digits as the last one needs. Raises InvalidInput (field `names`).
    """
    template = check_template(template)
    digits = len(str(len(downloads)))
    names: list[str] = []
    taken: set[str] = set()
    next_number: defaultdict[str, int] = defaultdict(lambda: 2)
    for index, download in enumerate(downloads, start=1):
        stem = _stem(template, download, f"{index:0{digits}d}")
        name = f"{stem}.{download.extension}"
        while name.casefold() in taken:
            name = f"{stem}-{next_number[stem.casefold()]}.{download.extension}"
            next_number[stem.casefold()] += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _stem(template: str, download: Download, number: str) -> str:
    values = {"name": download.name, "label": download.label, "preset": download.preset, "n": number}
    text = _PLACEHOLDER.sub(lambda found: values[found.group(1)].replace(_NOTHING, "") or _NOTHING, template)
    text = _AROUND_NOTHING.sub(_joint, text)
    text = _UNSAFE.sub("-", unicodedata.normalize("NFC", text))
    text = _shortened("".join(character for character in text if character.isprintable())).strip(" .")
    return f"_{text}" if _DEVICES.match(text) else text or "image"


def _joint(nothing: re.Match[str]) -> str:
    """What stays where something was empty: without a label, {name}-{label}-{n} is name-n and not name--n."""
    at_an_end = nothing.start() == 0 or nothing.end() == len(nothing.string)
    return "" if at_an_end else nothing.group(1) or nothing.group(2)


def _shortened(text: str) -> str:
    return text.encode()[:_MOST_BYTES].decode(errors="ignore")


def _known() -> str:
    *others, last = (f"{{{name}}}" for name in PLACEHOLDERS)
    return f"{', '.join(others)} or {last}"
