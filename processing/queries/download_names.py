"""Names of downloaded images, from a template such as `{name}-{preset}`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from accounts.kit.errors import InvalidInput
from processing.imaging.formats import EXTENSIONS
from processing.models import JobImage

DEFAULT_TEMPLATE = "{name}"
PLACEHOLDERS = ("name", "label", "preset", "n")
# Of the product that an image belongs to, where whoever downloads knows it; `n` is its place then, counted from 1.
PRODUCT_PLACEHOLDERS = ("sku", "barcode", "handle", "asin", "slot")
NO_PRODUCT = "not matched"

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
    product: Mapping[str, str] = field(default_factory=dict)


def download_of(image: JobImage, product: Mapping[str, str] | None = None) -> Download:
    """A finished image (its output and job loaded) as a download. Raises InvalidInput when it has no output."""
    if image.output is None:
        raise InvalidInput(gettext("{name} has no image to download.").format(name=image.name), field="names")
    stem, dot, _ = image.name.rpartition(".")
    return Download(
        name=stem if dot and stem else image.name,
        extension=EXTENSIONS[image.output.format],
        label=image.label or image.job.preset_label,
        preset=image.job.preset,
        product=product or {},
    )


def of_product(template: str) -> bool:
    """Whether the template names files after products."""
    return any(placeholder in PRODUCT_PLACEHOLDERS for placeholder in _PLACEHOLDER.findall(template))


def check_template(template: str, *, products: bool = False) -> str:
    """The template to use: trimmed, the default for an empty one. `products`: whether those of products are known.

    Raises InvalidInput (field `names`).
    """
    known = (*PLACEHOLDERS, *PRODUCT_PLACEHOLDERS) if products else PLACEHOLDERS
    template = " ".join(template.split()) or DEFAULT_TEMPLATE
    if len(template) > _LONGEST_TEMPLATE:
        raise InvalidInput(
            gettext("Use at most {longest_template} characters.").format(longest_template=_LONGEST_TEMPLATE),
            field="names",
        )
    for placeholder in _PLACEHOLDER.findall(template):
        if placeholder not in known:
            raise InvalidInput(
                gettext("There is no {{{placeholder}}}. Use {known}.").format(
                    placeholder=placeholder, known=_known(known)
                ),
                field="names",
            )
    rest = _PLACEHOLDER.sub("", template)
    if "{" in rest or "}" in rest:
        raise InvalidInput(
            gettext("A brace stands alone. Placeholders are {known}.").format(known=_known(known)), field="names"
        )
    if unsafe := _UNSAFE.search(rest):
        raise InvalidInput(
            gettext("Not every system allows {group} in file names. Use - or _ instead.").format(group=unsafe.group()),
            field="names",
        )
    return template


def download_names(template: str, downloads: Sequence[Download], *, products: bool = False) -> list[str]:
    """A file name for each, in order: safe on every system, and no two alike whatever their case.

    `{n}` counts from 1, with as many digits as the last one needs. A template of products puts what it cannot name
    into a folder of its own, under the photo's name. Raises InvalidInput (field `names`).
    """
    template = check_template(template, products=products)
    asked = set(_PLACEHOLDER.findall(template)) & set(PRODUCT_PLACEHOLDERS)
    digits = len(str(len(downloads)))
    names: list[str] = []
    taken: set[str] = set()
    next_number: defaultdict[str, int] = defaultdict(lambda: 2)
    for index, download in enumerate(downloads, start=1):
        number = f"{index:0{digits}d}"
        if asked and not all(download.product.get(placeholder) for placeholder in asked):
            stem = f"{NO_PRODUCT}/{_stem(DEFAULT_TEMPLATE, download, number)}"
        else:
            stem = _stem(template, download, download.product.get("n", number) if asked else number)
        name = f"{stem}.{download.extension}"
        while name.casefold() in taken:
            name = f"{stem}-{next_number[stem.casefold()]}.{download.extension}"
            next_number[stem.casefold()] += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _stem(template: str, download: Download, number: str) -> str:
    values = {
        **download.product,
        "name": download.name,
        "label": download.label,
        "preset": download.preset,
        "n": number,
    }
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


def _known(placeholders: Sequence[str]) -> str:
    *others, last = (f"{{{name}}}" for name in placeholders)
    return f"{', '.join(others)} or {last}"
