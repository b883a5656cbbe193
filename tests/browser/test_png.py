"""The PNG writer's files as a browser shows them: the same pixels, to the bit."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from processing.imaging.png import write_png

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_READ = """async (data) => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  return [picture.width, picture.height,
          Array.from(context.getImageData(0, 0, picture.width, picture.height).data)];
}"""


def test_chromium_reads_what_was_written(browser: Browser) -> None:
    random = np.random.default_rng(3)
    colours = random.integers(0, 255, (60, 90, 3), np.uint8)
    # Clear and opaque alone: a canvas keeps colours multiplied by alpha.
    alpha = np.where(random.random((60, 90)) < 0.5, 0, 255).astype(np.uint8)
    opened = browser.new_page()
    try:
        for data, seen in ((write_png(colours), None), (write_png(colours, alpha), alpha)):
            width, height, values = opened.evaluate(_READ, base64.b64encode(data).decode())
            read = np.array(values, np.uint8).reshape(height, width, 4)
            shown = np.full_like(alpha, 255) if seen is None else seen
            assert np.array_equal(read[..., 3], shown)
            assert np.array_equal(read[..., :3][shown > 0], colours[shown > 0])
    finally:
        opened.close()
