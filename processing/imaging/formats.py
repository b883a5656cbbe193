"""The one table of formats: what a file's extension and media type are."""

from __future__ import annotations

EXTENSIONS = {
    "jpg": "jpg",
    "jpeg": "jpg",
    "png": "png",
    "webp": "webp",
    "avif": "avif",
    "heic": "heic",
    "tiff": "tif",
    "bmp": "bmp",
    "gif": "gif",
}
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "gif": "image/gif",
}
