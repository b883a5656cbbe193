"""The shapes of answers under /api/v1, as they are sent and as the OpenAPI document describes them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

JobStatus = Literal["queued", "running", "succeeded", "failed", "canceled"]
FileFormat = Literal["jpg", "png", "webp", "avif", "heic", "tiff", "bmp", "gif"]


class Answer(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class FieldProblem(Answer):
    field: str = Field(description="The field, as it was sent.", examples=["width"])
    detail: str = Field(description="What it must be.", examples=["width must be a whole number from 1 to 10000."])


class Problem(Answer):
    """RFC 9457."""

    type: str = Field(
        description="A page that explains this error.",
        examples=["https://images.example.com/docs/errors/#invalid_input"],
    )
    title: str = Field(description="The kind of error, for people.", examples=["Invalid input"])
    status: int = Field(description="The HTTP status again.", examples=[400])
    detail: str = Field(
        description="One sentence about this very call.", examples=["width must be a whole number from 1 to 10000."]
    )
    code: str = Field(description="What programs should look at; /docs/errors/ lists all.", examples=["invalid_input"])
    request_id: str = Field(
        description="As in X-Request-Id. Name it when you ask about the call.",
        examples=["01985b6c7a3e7c1d9b0a2f6c1d4e5f60"],
    )
    errors: list[FieldProblem] | None = Field(None, description="One entry for each wrong field.")


class Output(Answer):
    url: str = Field(
        description="Works without a key for 24 hours (setting); whoever has it can see the image.",
        examples=["https://images.example.com/i/3Zk…9fQ.jpg"],
    )
    file_id: uuid.UUID = Field(description="For /api/v1/files, and as fileId of further calls.")
    width: int = Field(description="In pixels.", examples=[2000])
    height: int = Field(description="In pixels.", examples=[2000])
    format: FileFormat = Field(description="The file format.", examples=["jpg"])
    bytes: int = Field(description="The weight of the file.", examples=[184213])
    sha256: str = Field(
        description="Of the file, in hex.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )


class Subject(Answer):
    box: list[int] | None = Field(
        description="x, y, width, height of the product in pixels of the output, without its shadow.",
        examples=[[300, 212, 1400, 1576]],
    )
    coverage: float | None = Field(description="Share of the image that the product covers, 0 to 1.", examples=[0.41])
    confidence: float | None = Field(
        description="How sure the cut-out is, 0 to 1. Look at images below 0.5 before you publish them.",
        examples=[0.97],
    )


class Credits(Answer):
    charged: int = Field(description="What it has cost.", examples=[1])
    remaining: int = Field(description="The balance after it.", examples=[99])


class WarningNote(Answer):
    code: str = Field(description="What programs should look at.", examples=["enlarged"])
    detail: str = Field(
        description="One sentence for people.", examples=["The photo was enlarged 2.4 times and may look soft."]
    )


class ImageAnswer(Answer):
    """A finished image."""

    success: Literal[True] = Field(default=True, description="Always true.")
    job_id: uuid.UUID = Field(description="The job that made it; GET /api/v1/jobs/{jobId} reads it.")
    operation: str = Field(description="What was done.", examples=["process"])
    preset_label: str | None = Field(description="The label that was sent.", examples=["spring-catalog"])
    output: Output = Field(description="The finished image.")
    subject: Subject = Field(description="What was cut out.")
    engine: str = Field(description="The segmentation model that was used.", examples=["isnet-general-use"])
    credits: Credits = Field(description="What the call has cost, and what is left.")
    warnings: list[WarningNote] = Field(description="What you should know about the image; mostly empty.")
    timings: dict[str, float] = Field(
        description="Milliseconds by step.",
        examples=[{"decode": 41.2, "segment": 612.5, "refine": 96.1, "compose": 33.8, "encode": 52.4}],
    )


class Accepted(Answer):
    """The job goes on by itself; ask for it at `statusUrl`."""

    job_id: uuid.UUID = Field(description="The new job.")
    status: Literal["queued", "running"] = Field(description="Where it stands.", examples=["queued"])
    status_url: str = Field(
        description="Ask here until the job has ended.",
        examples=["https://images.example.com/api/v1/jobs/01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"],
    )


class Failure(Answer):
    code: str = Field(description="As in the answers to refused calls.", examples=["broken_image"])
    detail: str = Field(
        description="One sentence for people.",
        examples=["The file starts like a JPEG, but what follows cannot be read."],
    )


class JobOutput(Output):
    """One finished image of a job."""

    index: int = Field(description="Which of the images that were sent, from 0.", examples=[0])
    name: str = Field(description="The name of the photo that was sent.", examples=["mug-front.jpg"])
    subject: Subject = Field(description="What was cut out.")
    engine: str = Field(description="The segmentation model that was used.", examples=["isnet-general-use"])
    warnings: list[WarningNote] = Field(description="What you should know about this image; mostly empty.")


class JobFailure(Answer):
    """One image of a job that could not be made."""

    index: int = Field(description="Which of the images that were sent, from 0.", examples=[1])
    name: str = Field(description="The name of the photo that was sent.", examples=["mug-back.jpg"])
    error: Failure = Field(description="Why there is no image.")


class Step(Answer):
    name: str = Field(description="decode, segment, refine, compose or encode.", examples=["segment"])
    ms: float = Field(description="Milliseconds.", examples=[612.5])


class JobAnswer(Answer):
    """A job: one image or a batch."""

    job_id: uuid.UUID = Field(description="The job.")
    operation: str = Field(description="What is done to every image.", examples=["process"])
    status: JobStatus = Field(description="Where it stands; the last three are its end.", examples=["succeeded"])
    progress: int = Field(ge=0, le=100, description="In percent.", examples=[100])
    preset_label: str | None = Field(description="The label that was sent.", examples=["spring-catalog"])
    steps: list[Step] = Field(description="Of a batch: the sum over its images.")
    outputs: list[JobOutput | JobFailure] = Field(
        description="The images that have ended, in the order in which they were sent."
    )
    error: Failure | None = Field(
        description="Why the job failed; of a batch, why its first image did.", examples=[None]
    )
    warnings: list[WarningNote] = Field(description="Those of all its images.")
    credits: Credits = Field(description="What the job has cost so far, and what is left.")
    created_at: datetime = Field(description="When it was submitted.")
    started_at: datetime | None = Field(description="When its first image was taken up.")
    finished_at: datetime | None = Field(description="When it ended.")


class JobList(Answer):
    jobs: list[JobAnswer] = Field(description="Newest first.")
    next_cursor: str | None = Field(
        description="Send it as cursor for the next page; null on the last one.", examples=[None]
    )


class FileAnswer(Answer):
    """An image of the organization, uploaded or made here."""

    file_id: uuid.UUID = Field(description="For /api/v1/files, and as fileId of further calls.")
    width: int = Field(description="Of the upright picture, in pixels.", examples=[4032])
    height: int = Field(description="Of the upright picture, in pixels.", examples=[3024])
    format: FileFormat = Field(description="The file format, by its content.", examples=["jpg"])
    bytes: int = Field(description="The weight of the file.", examples=[2841992])
    sha256: str = Field(
        description="Of the file, in hex.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    name: str = Field(description="The file name.", examples=["mug-front.jpg"])
    kind: Literal["upload", "output"] = Field(description="Sent by you, or made here.", examples=["upload"])
    url: str = Field(
        description="Works without a key for 24 hours (setting).", examples=["https://images.example.com/i/3Zk…9fQ.jpg"]
    )
    created_at: datetime = Field(description="When it came or was made.")


class FileList(Answer):
    files: list[FileAnswer] = Field(description="Newest first.")
    next_cursor: str | None = Field(
        description="Send it as cursor for the next page; null on the last one.", examples=[None]
    )


class ComplianceFinding(Answer):
    rule: str = Field(description="The rule's name in the profile.", examples=["fill"])
    status: Literal["pass", "warn", "fail"] = Field(
        description="fail only for what is required and sure.", examples=["fail"]
    )
    severity: Literal["required", "recommended"] = Field(description="How binding the rule is.", examples=["required"])
    measured: str = Field(description="What the image has, for people.", examples=["61 % of the frame"])
    wanted: str = Field(description="What the rule asks for, for people.", examples=["at least 85 % of the frame"])
    detail: str = Field(description="One sentence about it.", examples=["The product is small in the frame."])
    source: str = Field(description="Who says so.", examples=["Amazon: product image requirements"])
    checked_on: date | None = Field(description="When somebody last read it there.", examples=["2026-11-01"])
    fix: str | None = Field(
        description="What an operation can do about it; null where none can.", examples=["Enlarge the product."]
    )
    region: list[int] | None = Field(
        description="Where: x, y, width, height in pixels of the upright image.", examples=[[0, 0, 640, 48]]
    )


class ComplianceAnswer(Answer):
    """An image judged by a profile."""

    success: Literal[True] = Field(default=True, description="Always true.")
    marketplace: str = Field(description="The marketplace or own profile that was asked for.", examples=["amazon"])
    slot: str = Field(description="main or additional.", examples=["main"])
    profile_version: str = Field(description="The rules change: this is their version.", examples=["2026-11-1"])
    verdict: Literal["pass", "warn", "fail"] = Field(
        description="fail when a required rule is broken, warn when anything else is not in order.", examples=["fail"]
    )
    score: int = Field(ge=0, le=100, description="Weighted share of what is in order.", examples=[41])
    findings: list[ComplianceFinding] = Field(description="One for each rule that has something to say.")


class CreditBalance(Schema):
    success: Literal[True] = Field(default=True, description="Always true.")
    credits: int = Field(description="What can be spent.", examples=[99])
    user_id: int = Field(description="The person who made the key.", examples=[7])


class HeySwapFailure(Schema):
    success: Literal[False] = Field(default=False, description="Always false.")
    message: str = Field(description="One sentence about this very call.", examples=["This API key is not known here."])
    errors: dict[str, list[str]] | None = Field(
        None,
        description="What is wrong, by field.",
        examples=[{"bg_color": ["bg_color must be a colour such as #ffffff."]}],
    )


def problems(*statuses: int) -> dict[Any, Any]:
    """For `response=` of an operation: these statuses answer with a problem."""
    return dict.fromkeys(statuses, Problem)
