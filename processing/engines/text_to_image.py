"""What a text-to-image engine offers. The one there is lies in processing/actions/images_endpoint.py."""

from __future__ import annotations

from typing import Protocol


class TextToImage(Protocol):
    """Makes a picture of words."""

    @property
    def name(self) -> str:
        """For the answer: what made the picture."""

    @property
    def takes_seed(self) -> bool:
        """Whether the same seed can give the same picture again."""

    def picture(self, prompt: str, *, width: int, height: int, seed: int) -> bytes:
        """An image file of about the ratio `width` to `height`.

        Raises PromptRefused where the engine does not want to, ImageEngineFailed for anything else.
        """
