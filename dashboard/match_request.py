"""What the page of matching is asked: which images or names, of which shop, read in which way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from dashboard.listing import asked
from integrations.matching.match import Wish
from integrations.matching.table import read_table
from integrations.matching.templates import TEMPLATES, template
from integrations.models import Connection
from integrations.queries.connections import connections
from integrations.queries.match import MOST, wishes_of, wishes_of_table
from processing.models import JobImage
from processing.queries.library import chosen_images
from processing.queries.named_images import images_named, job_images, labeled_images, latest_images
from processing.queries.studio import result, strip

MOST_BYTES = 1_000_000
FIELDS = ("connection", "source", "label", "job", "template")


@dataclass(slots=True)
class MatchRequest:
    """`wishes` is empty where nothing was asked yet. `problems`: lines of the table that were left out, with why.

    `names`: what was typed. `renamed`: by image, the name that a person has typed in place of the file's.
    """

    fields: Mapping[str, str]
    connection: Connection | None
    connections: Sequence[Connection]
    names: str = ""
    images: list[JobImage] = field(default_factory=list)
    renamed: Mapping[uuid.UUID, str] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    too_many: bool = False


def read(request: HttpRequest, actor: Actor) -> MatchRequest:
    """Raises InvalidInput (fields `connection`, `names`, `template`, `image`)."""
    known = list(connections(actor))
    given = asked(request, *FIELDS)
    given |= {name: _clean(request.POST[name]) for name in FIELDS if name in request.POST}
    wanted = MatchRequest(given, _connection(known, given["connection"]), known, _names(request))
    if given["template"]:
        template(given["template"])
    ways = (given["template"],) if given["template"] else TEMPLATES
    wanted.images = _images(request, actor, given)
    wanted.too_many = len(wanted.images) > MOST
    wanted.images = wanted.images[:MOST]
    if wanted.images:
        wanted.renamed = _renamed(request, wanted.images)
        wanted.wishes = wishes_of(
            ((wanted.renamed.get(image.pk) or name_of(image), image.pk) for image in wanted.images), templates=ways
        )
    elif given["source"] == "latest" and request.method == "POST":
        raise InvalidInput(gettext("There is no finished image yet. Process photos in the Studio first."))
    elif given["source"] == "names" and request.method == "POST":
        _add_names(actor, wanted, ways)
    return wanted


def chosen_connection(request: HttpRequest, actor: Actor) -> Connection:
    """The one that a form was sent for. Raises InvalidInput (field `connection`)."""
    found = _connection(list(connections(actor)), request.POST.get("connection", ""))
    if found is None:
        raise InvalidInput(gettext("Choose a shop."), field="connection")
    return found


def name_of(image: JobImage) -> str:
    """The photo's name: the output's is the same with another ending."""
    return image.name


def _images(request: HttpRequest, actor: Actor, given: Mapping[str, str]) -> list[JobImage]:
    if request.method == "POST" and (ids := _ids(request)):
        return chosen_images(actor, ids[:MOST])
    if given["source"] == "studio":
        return [image for image in map(result, strip(actor)) if image][: MOST + 1]
    if given["source"] == "latest":
        return latest_images(actor, most=MOST + 1)
    if given["source"] in ("", "job") and given["job"]:
        return job_images(actor, job_id=_id(given["job"], "job"), most=MOST + 1)
    if given["source"] in ("", "label") and given["label"]:
        return labeled_images(actor, label=given["label"], most=MOST + 1)
    return []


def _ids(request: HttpRequest) -> list[uuid.UUID]:
    """Those that the library has sent, or the page itself in one field."""
    if request.POST.get("source", "") not in ("", "images"):
        return []
    texts = [*request.POST.getlist("image"), *request.POST.get("images", "").split(",")]
    return [_id(text, "image") for text in dict.fromkeys(texts) if text]


def _renamed(request: HttpRequest, images: Sequence[JobImage]) -> dict[uuid.UUID, str]:
    typed = {image.pk: _clean(request.POST.get(f"as:{image.pk}", ""))[:300] for image in images}
    return {pk: text for pk, text in typed.items() if text}


def _add_names(actor: Actor, wanted: MatchRequest, ways: Sequence[str]) -> None:
    """A table, where the first line names columns, else one file name a line."""
    lines = [line.strip() for line in wanted.names.splitlines() if line.strip()]
    if not lines:
        raise InvalidInput(gettext("Paste file names or a table, or choose a file."), field="names")
    if _is_table(lines[0]):
        table = read_table(wanted.names)
        wanted.problems, rows = table.problems, table.rows
        found = images_named(actor, {row.file for row in rows})
        pairs = [(row, image) for row in rows for image in _or_none(found, row.file)]
        wanted.too_many = len(pairs) > MOST
        wanted.wishes = wishes_of_table(((row, _pk(image)) for row, image in pairs[:MOST]), templates=ways)
        wanted.images = _once(image for _, image in pairs[:MOST])
        return
    lines = list(dict.fromkeys(line[:500] for line in lines))
    wanted.too_many = len(lines) > MOST
    found = images_named(actor, lines[:MOST])
    named = [(line, image) for line in lines[:MOST] for image in _or_none(found, line)][:MOST]
    wanted.wishes = wishes_of(((line, _pk(image)) for line, image in named), templates=ways)
    wanted.images = _once(image for _, image in named)


def _or_none(found: Mapping[str, list[JobImage]], name: str) -> Sequence[JobImage | None]:
    return found.get(name) or (None,)


def _pk(image: JobImage | None) -> uuid.UUID | None:
    return image.pk if image else None


def _once(images: Iterable[JobImage | None]) -> list[JobImage]:
    return list({image.pk: image for image in images if image is not None}.values())


def _is_table(line: str) -> bool:
    cells = {cell.strip().strip('"').lower() for cell in line.replace(";", ",").replace("\t", ",").split(",")}
    return bool(cells & {"file", "filename", "file name", "image"})


def _names(request: HttpRequest) -> str:
    """What was typed, or the file that was chosen in its place."""
    upload = request.FILES.get("table")
    if upload is None:
        return request.POST.get("names", "")[:MOST_BYTES].replace("\0", "").removeprefix("\ufeff")
    if upload.size is not None and upload.size > MOST_BYTES:
        raise InvalidInput(gettext("The file is larger than 1 MB."), field="names")
    data = upload.read()
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"):
        try:
            return str(data, encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    # Excel's “CSV” of western Europe.
    return str(data, "cp1252", errors="replace").replace("\0", "")


def _connection(known: Sequence[Connection], text: str) -> Connection | None:
    """The one that is named, or the only one there is."""
    if not text:
        return known[0] if len(known) == 1 else None
    found = next((row for row in known if str(row.pk) == text), None)
    if found is None:
        raise InvalidInput(gettext("There is no such shop."), field="connection")
    return found


def _id(text: str, what: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidInput(gettext("There is no such {what}.").format(what=what), field=what) from None


def _clean(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()
