"""The built-in upscaler against the usual filters, and what it costs: python -m tests.benchmarks.upscale

Photographs that scikit-image brings along and generated products on white are reduced by an area filter, as a camera
averages light over its pixels, and enlarged again. Then: how far values are passed beside an edge, linear light, and
time and peak memory of the whole operation, each in a process of its own.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import mean
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage import data, metrics

from processing.imaging.upscaling.to_size import our_own, to_size
from tests.benchmarks.peak_memory import peak_mib
from tests.support.pictures.bottles import bottle
from tests.support.pictures.hollow import hollow
from tests.support.pictures.picture import Picture
from tests.support.pictures.soft import soft
from tests.support.pictures.solid import solid
from tests.support.pictures.thin import thin

Pixels = NDArray[np.uint8]
Enlarge = Callable[[Pixels, tuple[int, int]], Pixels]

_PHOTOGRAPHS: Any = data  # neither of the two is typed
_METRICS: Any = metrics

PHOTOGRAPHS = ("astronaut", "camera", "chelsea", "coffee", "rocket", "brick", "coins", "text")
PRODUCTS: dict[str, Callable[[int], Picture]] = {
    "bottle": bottle,
    "hollow": hollow,
    "soft": soft,
    "solid": solid,
    "thin": thin,
}


def _filter(which: Image.Resampling) -> Enlarge:
    return lambda pixels, size: np.asarray(Image.fromarray(pixels).resize(size, which))


def ours(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return to_size(pixels, size, our_own)


METHODS: dict[str, Enlarge] = {
    "nearest": _filter(Image.Resampling.NEAREST),
    "bicubic": _filter(Image.Resampling.BICUBIC),
    "lanczos": _filter(Image.Resampling.LANCZOS),
    "ours": ours,
}


def pictures() -> dict[str, Pixels]:
    found: dict[str, Pixels] = {}
    for name in PHOTOGRAPHS:
        pixels = np.asarray(getattr(_PHOTOGRAPHS, name)())
        found[name] = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels[:, :, :3]
    for name, make in PRODUCTS.items():
        picture = make(3)
        alpha = picture.alpha[..., None]
        found[name] = np.clip(np.rint(alpha * picture.foreground + 255 * (1 - alpha)), 0, 255).astype(np.uint8)
    return {name: np.ascontiguousarray(pixels) for name, pixels in found.items()}


def smaller(pixels: Pixels, factor: float) -> tuple[Pixels, Pixels]:
    """The picture, its sides a multiple of `factor`, and what is left of it."""
    height, width = (int(side // factor) for side in pixels.shape[:2])
    whole = pixels[: round(height * factor), : round(width * factor)]
    return whole, np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def quality(factor: float) -> None:
    print(f"\n{factor:g} times: PSNR in dB / SSIM")
    print(f"{'':12}" + "".join(f"{name:>16}" for name in METHODS))
    table: dict[str, list[tuple[float, float]]] = {name: [] for name in METHODS}
    for picture, pixels in pictures().items():
        true, small = smaller(pixels, factor)
        for name, enlarge in METHODS.items():
            made = enlarge(small, (true.shape[1], true.shape[0]))
            table[name].append(
                (
                    _METRICS.peak_signal_noise_ratio(true, made),
                    _METRICS.structural_similarity(true, made, channel_axis=2),
                )
            )
        print(f"{picture:12}" + "".join(f"{rows[-1][0]:9.2f} {rows[-1][1]:.4f}" for rows in table.values()))
    means = {name: (mean(psnr for psnr, _ in rows), mean(ssim for _, ssim in rows)) for name, rows in table.items()}
    print(f"{'mean':12}" + "".join(f"{psnr:9.2f} {ssim:.4f}" for psnr, ssim in means.values()))
    gain = means["ours"][0] - means["lanczos"][0]
    wins = [
        sum(own[at] > theirs[at] for own, theirs in zip(table["ours"], table["lanczos"], strict=True)) for at in (0, 1)
    ]
    print(
        f"against Lanczos: {gain:+.2f} dB, {10 ** (-gain / 10):.2f} of its squared error, SSIM "
        f"{means['ours'][1] / means['lanczos'][1]:.4f} of its; better on {wins[0]} (PSNR) and {wins[1]} (SSIM) "
        f"of {len(table['ours'])} pictures"
    )


def ringing(factor: int) -> None:
    """Levels beyond product and backdrop, and the farthest changed pixel on a backdrop that was plain."""
    print(f"\n{factor} times: overshoot beside an edge, levels; reach of the halo, enlarged pixels")
    for product, backdrop in (((30, 40, 120), 255), ((200, 30, 30), 235), ((250, 240, 60), 20)):
        image = Image.new("RGB", (800, 800), (backdrop,) * 3)
        ImageDraw.Draw(image).ellipse((150, 100, 650, 700), fill=product)
        small = np.asarray(image.resize((200, 200), Image.Resampling.BOX))
        low, high = np.minimum(product, backdrop).astype(int), np.maximum(product, backdrop).astype(int)
        plain = np.asarray((small == backdrop).all(axis=2), np.uint8)
        distance = cv2.distanceTransform(np.kron(plain, np.ones((factor, factor), np.uint8)), cv2.DIST_C, 3)
        told = []
        for name in ("bicubic", "lanczos", "ours"):
            made = METHODS[name](small, (200 * factor, 200 * factor)).astype(int)
            beyond = max(int((made - high).max()), int((low - made).max()), 0)
            reach = float(distance[(made != backdrop).any(axis=2)].max())
            told.append(f"{name} {beyond:3d} {reach:4.0f}")
        print(f"  {product!s:15} on {backdrop:3d}:  {'   '.join(told)}")


def linear_light(factor: int) -> None:
    """The same upscaler between two conversions, on pictures that were averaged in linear light themselves."""
    rows = []
    for pixels in pictures().values():
        true, _ = smaller(pixels, factor)
        size = true.shape[1], true.shape[0]
        light = cv2.resize(_linear(true), (size[0] // factor, size[1] // factor), interpolation=cv2.INTER_AREA)
        small = _gamma(np.asarray(light, np.float32))
        rows.append(
            [
                _METRICS.peak_signal_noise_ratio(true, made)
                for made in (ours(small, size), _in_linear_light(small, size))
            ]
        )
    print(f"\n{factor} times, reduced in linear light: ours {mean(r[0] for r in rows):.2f} dB, ", end="")
    print(f"ours in linear light {mean(r[1] for r in rows):.2f} dB")


def _in_linear_light(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    from processing.imaging.upscaling.back_projection import BackProjection

    upscaler = BackProjection(size[0] // pixels.shape[1])
    padded = cv2.copyMakeBorder(_linear(pixels), *(upscaler.halo,) * 4, cv2.BORDER_REFLECT)
    made = cv2.merge(upscaler.colours([np.asarray(plane, np.float32) for plane in cv2.split(padded)]))
    edge = upscaler.halo * upscaler.factor
    return _gamma(np.asarray(made[edge:-edge, edge:-edge], np.float32))


def _linear(pixels: Pixels) -> NDArray[np.float32]:
    share = pixels.astype(np.float32) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32) * 255


def _gamma(light: NDArray[np.float32]) -> Pixels:
    share = np.clip(light / 255, 0, 1)
    levels = np.where(share <= 0.0031308, share * 12.92, 1.055 * share ** (1 / 2.4) - 0.055) * 255
    return np.asarray(np.rint(levels), np.uint8)


COSTS = {
    "12 MP photo, 2 times, jpg": ((4000, 3000), False, {"scale": 2}),
    "12 MP cut-out, 2 times, png": ((4000, 3000), True, {"scale": 2}),
    "5.3 MP photo, 3 times, jpg": ((2660, 2000), False, {"scale": 3}),
    "3 MP photo, 4 times, jpg": ((2000, 1500), False, {"scale": 4}),
    "12 MP cut-out to 7000 wide, png": ((4000, 3000), True, {"width": 7000}),
    "40 MP cut-out to 8000 wide, png": ((7300, 5480), True, {"width": 8000}),
}


def cost(name: str) -> None:
    """Seconds and peak memory of one run, this process being new."""
    from processing.operations.registry import find
    from tests.support.operation_run import Run

    size, transparent, given = COSTS[name]
    image = Image.fromarray(_PHOTOGRAPHS.astronaut()).resize(size)
    if transparent:
        alpha = Image.new("L", size)
        ImageDraw.Draw(alpha).ellipse((size[0] // 8, size[1] // 8, size[0] * 7 // 8, size[1] * 7 // 8), fill=255)
        image.putalpha(alpha)
    buffer = io.BytesIO()
    image.save(buffer, "PNG" if transparent else "JPEG", **({"compress_level": 1} if transparent else {"quality": 92}))
    del image
    source = buffer.getvalue()
    operation = find("upscale")
    before = peak_mib()
    started = time.perf_counter()
    result = operation.run(source, operation.merge({}, given), Run())
    seconds = time.perf_counter() - started
    megapixels = result.width * result.height / 1e6
    print(
        f"  {name:34} {megapixels:5.1f} MP out  {seconds:5.1f} s  peak {peak_mib():5.0f} MiB (before {before:.0f})",
        flush=True,
    )


def main() -> None:
    for factor in (1.25, 1.5, 2, 3, 4):
        quality(factor)
    for whole in (2, 4):
        ringing(whole)
    linear_light(2)
    print("\nThe whole operation, each in a process of its own", flush=True)
    for name in COSTS:
        subprocess.run([sys.executable, "-m", "tests.benchmarks.upscale", name], check=True)


if __name__ == "__main__":
    cost(sys.argv[1]) if len(sys.argv) > 1 else main()
