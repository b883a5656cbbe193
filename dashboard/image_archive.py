"""Finished images as one download: the file itself for one, a ZIP for more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from accounts.kit.errors import NotFound
from dashboard.zip_stream import entry, zip_response
from processing.models import JobImage
from processing.queries.download_names import DEFAULT_TEMPLATE, download_names, download_of


def image_archive(
    images: Sequence[JobImage],
    *,
    name: str,
    template: str = DEFAULT_TEMPLATE,
    products: Mapping[uuid.UUID, Mapping[str, str]] | None = None,
    pack_one: bool = False,
) -> HttpResponseBase:
    """The outputs (blobs loaded) of these images with their jobs, in order, named by the template.

    `products`: what the products of the images are called, by the image's id, where the template may ask for it.

    Raises InvalidInput for a template that cannot be used, NotFound when no output is left.
    """
    done = [(image, image.output) for image in images if image.output]
    if not done:
        raise NotFound(gettext("None of these images is left to download."))
    downloads = [download_of(image, (products or {}).get(image.pk)) for image, _ in done]
    names = download_names(template, downloads, products=products is not None)
    if len(done) == 1 and not pack_one:
        return redirect(
            f"{reverse('image', args=[done[0][1].pk])}?{urlencode({'download': names[0].rpartition('/')[2]})}"
        )
    return zip_response([entry(output, to) for (_, output), to in zip(done, names, strict=True)], name=name)
