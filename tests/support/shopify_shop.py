"""What a Shopify shop holds and how its files behave: products, variants, media that are processed, uploads, jobs."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

READY, PROCESSING, UPLOADED, FAILED = "READY", "PROCESSING", "UPLOADED", "FAILED"
_MIME = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@dataclass
class Media:
    """A file. `coming`: new bytes that are being processed; `steps`: how many questions until they are there."""

    id: str
    filename: str
    mime: str
    data: bytes = b""
    alt: str = ""
    status: str = READY
    version: int = 1
    coming: bytes | None = None
    steps: int = 0
    error: str = ""
    kind: str = "MediaImage"


@dataclass
class Variant:
    id: str
    title: str
    sku: str
    barcode: str = ""
    media: str = ""


@dataclass
class Product:
    id: str
    title: str
    handle: str
    media: list[str] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    status: str = "ACTIVE"
    updated_at: float = 0.0


@dataclass
class Holdings:
    """`next_error`: a MediaErrorCode that the next processed image ends with. `jobs`: what is done later, by id."""

    address: str = ""
    products: dict[str, Product] = field(default_factory=dict)
    files: dict[str, Media] = field(default_factory=dict)
    staged: dict[str, bytes | None] = field(default_factory=dict)
    jobs: dict[str, Callable[[], None] | None] = field(default_factory=dict)
    processing_steps: int = 1
    next_error: str = ""
    clock: Callable[[], float] = time.time
    numbers: Any = field(default_factory=lambda: itertools.count(9_000_000))

    def add(
        self, number: int, *, images: int = 1, variants: int = 0, title: str = "", sku: str = "", mime: str = "jpg"
    ) -> Product:
        """A product. The first variant shows its second image, or its only one."""
        product = Product(f"gid://shopify/Product/{number}", title or f"Product {number}", f"product-{number}")
        for index in range(images):
            filename = f"{number}-{index}.{mime}"
            found = self.new_file(filename, f"view {index} of {number}".encode(), alt=f"View {index}")
            product.media.append(found.id)
        sku = sku or f"SKU-{number:03}"
        names = [f"{sku}-{index}" for index in range(variants)] or [sku]
        for index, each in enumerate(names):
            shown = product.media[min(1, images - 1)] if variants and images and index == 0 else ""
            product.variants.append(
                Variant(f"gid://shopify/ProductVariant/{number}{index:03}",
                        f"Size {index}" if variants else "Default Title", each, f"40{number:08}{index:03}", shown)
            )  # fmt: skip
        product.updated_at = self.clock()
        self.products[product.id] = product
        return product

    def new_file(self, filename: str, data: bytes, *, alt: str = "", status: str = READY) -> Media:
        mime = _MIME[filename.rpartition(".")[2].lower()]
        media = Media(f"gid://shopify/MediaImage/{next(self.numbers)}", filename, mime, data, alt, status)
        self.files[media.id] = media
        return media

    def url(self, media: Media) -> str:
        return f"{self.address}/cdn/{media.id.rpartition('/')[2]}/{media.filename}?v={media.version}"

    def process(self, media: Media, data: bytes) -> None:
        media.coming, media.steps, media.status = data, self.processing_steps, UPLOADED

    def tick(self) -> None:
        """Time goes by: with each question one step."""
        for media in self.files.values():
            if media.coming is None:
                continue
            media.steps -= 1
            media.status = PROCESSING
            if media.steps >= 0:
                continue
            if self.next_error:
                media.status, media.error, self.next_error = FAILED, self.next_error, ""
            else:
                media.data, media.status = media.coming, READY
                media.version += 1
            media.coming = None
        for job, work in list(self.jobs.items()):
            if work:
                work()
                self.jobs[job] = None

    def later(self, work: Callable[[], None]) -> str:
        job = f"gid://shopify/Job/{next(self.numbers)}"
        self.jobs[job] = work
        return job

    def moved(self, product: Product, moves: list[tuple[str, int]]) -> Callable[[], None]:
        def move() -> None:
            for media, position in moves:
                if media in product.media:
                    product.media.remove(media)
                    product.media.insert(position, media)

        return move
