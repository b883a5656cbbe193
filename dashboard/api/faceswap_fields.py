"""The fields of the face-swap calls, and how they become a swap."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from accounts.kit.errors import InvalidInput
from accounts.kit.outbound import OutboundError, check_url
from dashboard.api.body import Body, read_body
from dashboard.api.call import call_of
from dashboard.api.fields import split
from dashboard.api.incoming import FilePhoto, RemotePhoto
from dashboard.api.problems import Problems
from dashboard.api.query import refuse_query
from processing.actions.new_photos import NewPhoto
from processing.actions.submit_face_swap import NewSwap
from processing.operations.validate import problem

FILES = ("source_image", "target_image")
_SLACK = 1_000_000


class FaceSwapFields(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    source_image: str | None = Field(
        None,
        description="The picture with the face: its address (http or https on the public internet), or a file.",
        examples=["https://example.com/face.jpg"],
    )
    target_image: str | None = Field(
        None,
        description="The picture that gets the face: its address, or a file.",
        examples=["https://example.com/model.jpg"],
    )
    channel: str | None = Field(
        None,
        max_length=200,
        description="The account that is to do it. Without it: a random one that has credits left.",
        examples=["1128550062683865178"],
    )
    replyUrl: str | None = Field(
        None,
        max_length=1024,
        description="An address that gets the job's body at its end, signed as webhooks are.",
        examples=["https://example.com/hooks/swaps"],
    )
    replyRef: str | None = Field(
        None, max_length=1024, description="Text of your own, returned with the job.", examples=["order-17"]
    )
    consent: bool | None = Field(
        None,
        description="true says that everybody in the pictures has agreed. Your organization may demand it.",
        examples=[True],
    )

    @field_validator("replyUrl")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url:
            try:
                check_url(url)
            except OutboundError as error:
                raise problem(f"replyUrl: {error.detail}") from None
        return url


def read_face_swap(request: HttpRequest, verb: str) -> NewSwap:
    """Raises InvalidInput that names every wrong field."""
    body = read_body(request, limit=2 * settings.MAX_UPLOAD_BYTES + _SLACK)
    problems = Problems()
    with problems.gather():
        refuse_query(request)
    fields = split(body, FaceSwapFields, BaseModel, problems, files=FILES).call
    pictures: list[NewPhoto] = []
    for name in FILES:
        with problems.gather():
            pictures.append(_picture(body, name, getattr(fields, name)))
    problems.refuse()
    return NewSwap(
        source=pictures[0],
        target=pictures[1],
        verb=verb,
        channel=fields.channel or "",
        reply_url=fields.replyUrl or "",
        reply_ref=fields.replyRef or "",
        consent=bool(fields.consent),
        claim=call_of(request).claim,
    )


def _picture(body: Body, name: str, url: str | None) -> NewPhoto:
    files = body.files.get(name, [])
    if len(files) + bool(body.fields.get(name)) > 1:
        raise InvalidInput(f"Send {name} once: as an address or as a file.", field=name)
    if files:
        return FilePhoto(files[0], name)
    if not url:
        raise InvalidInput(f"{name} is missing: send the address of a picture, or a file.", field=name)
    return RemotePhoto(url, name)
