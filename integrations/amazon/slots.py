"""The places of a listing's images: the slot, the attribute that a seller writes, the name that the catalog shows."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.publishing import MAIN


@dataclass(frozen=True, slots=True)
class Slot:
    """`variant`: as the catalog names what shoppers see; empty where Amazon tells nobody what is shown."""

    name: str
    attribute: str
    variant: str

    @property
    def position(self) -> int | None:
        """0 for the main image; None for what is no part of the gallery."""
        if self.name == MAIN:
            return 0
        return int(self.name) - 1 if self.name.isdecimal() else None


GALLERY = (
    Slot(MAIN, "main_product_image_locator", "MAIN"),
    *(Slot(str(number + 1), f"other_product_image_locator_{number}", f"PT{number:02}") for number in range(1, 9)),
)
EXTRA = (
    Slot("swatch", "swatch_product_image_locator", "SWCH"),
    Slot("offer", "main_offer_image_locator", ""),
    *(Slot(f"offer-{number + 1}", f"other_offer_image_locator_{number}", "") for number in range(1, 6)),
)
SLOTS = {slot.name: slot for slot in (*GALLERY, *EXTRA)}
