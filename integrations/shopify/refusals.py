"""What Shopify says of an image, a file or a product that it does not take, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.base import Blame, MarketplaceError
from integrations.publishing import Issue, Outcome, Sent
from integrations.shopify import diagnosis

# MediaErrorCode and FileErrorCode, as far as images have them.
_OF_IMAGES = {
    "DUPLICATE_FILENAME_ERROR": "The shop has another file of this name.",
    "FILE_STORAGE_LIMIT_EXCEEDED": "The shop's file storage is full. Its plan says how much fits.",
    "GENERIC_FILE_DOWNLOAD_FAILURE": "Shopify could not read the upload. Try again.",
    "GENERIC_FILE_INVALID_SIZE": "The file is too large for this shop: 20 MB at most.",
    "IMAGE_DOWNLOAD_FAILURE": "Shopify could not read the upload. Try again.",
    "IMAGE_PROCESSING_FAILURE": "Shopify could not process the image. Make it again as JPEG or PNG.",
    "INVALID_IMAGE_ASPECT_RATIO": "The image is too long or too wide: its sides may differ by 100 to 1 at most.",
    "INVALID_IMAGE_FILE_SIZE": "The file is too large: 20 MB at most.",
    "INVALID_IMAGE_RESOLUTION": "The image has too many pixels: 5000 × 5000 or 25 megapixels at most.",
    "INVALID_SIGNED_URL": "The upload's permission had ended. Try again.",
    "MEDIA_TIMEOUT_ERROR": "Shopify took too long to process the image. Try again.",
    "UNSUPPORTED_IMAGE_FILE_TYPE": "Shopify does not take this format. Use JPEG, PNG or WebP.",
}
# FilesErrorCode and MediaUserErrorCode.
_OF_CALLS = {
    "PRODUCT_MEDIA_LIMIT_EXCEEDED": "The product has 250 images and videos, and takes no more.",
    "SHOP_MEDIA_LIMIT_EXCEEDED": "The shop holds as many files as its plan allows.",
    "PRODUCT_SUSPENDED": "Shopify has suspended this product, so it cannot be changed.",
    "UNACCEPTABLE_TRIAL_ASSET": "A shop on trial may not take this file. Choose a plan in Shopify.",
    "UNACCEPTABLE_UNVERIFIED_TRIAL_ASSET": "A shop on trial may not take this file. Choose a plan in Shopify.",
    "UNACCEPTABLE_ASSET": "Shopify does not take this file.",
    "ALT_VALUE_LIMIT_EXCEEDED": "The alternative text is too long: 512 characters at most.",
    "MEDIA_CANNOT_BE_MODIFIED": "Shopify does not let this image be changed.",
}
WAITING = {"FILE_LOCKED", "NON_READY_STATE", "NON_READY_MEDIA"}
GONE = {"PRODUCT_DOES_NOT_EXIST", "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT", "REFERENCE_TARGET_DOES_NOT_EXIST"}


class Refused(Exception):
    """Shopify understood what was asked and does not do it."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said

    def issue(self) -> Issue:
        detail = _OF_CALLS.get(self.code) or f"Shopify refused it: {self.said or self.code}"
        return Issue(self.code.lower() or "refused", detail, said=self.said)


def judge(errors: Iterable[Mapping[str, Any]]) -> None:
    """Raises MarketplaceError for what passes or is gone, Refused for the rest of the `userErrors` of an answer."""
    for each in errors:
        code, said = str(each.get("code") or ""), str(each.get("message") or "")[:200]
        if code in WAITING:
            raise MarketplaceError(
                "busy", "Shopify is still working on this image. It is tried again.", blame=Blame.SHOP,
                permanent=False, said=said,
            )  # fmt: skip
        # productUpdate has no codes.
        if code in GONE or "product does not exist" in said.lower():
            raise diagnosis.gone()
        raise Refused(code, said)


def failed(errors: Iterable[Mapping[str, Any]]) -> Sent:
    """For an image that Shopify could not process."""
    issues = [
        Issue(
            str(each.get("code", "")).lower(),
            _OF_IMAGES.get(str(each.get("code", "")), "Shopify could not process the image."),
            said=str(each.get("details") or each.get("message") or "")[:200],
        )
        for each in errors
    ]
    return Sent(Outcome.REJECTED, issues=tuple(issues) or (Issue("failed", "Shopify could not process the image."),))


def changed_since(detail: str) -> Sent:
    return Sent(Outcome.REJECTED, issues=(Issue("changed_since", detail),))
