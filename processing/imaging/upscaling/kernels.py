"""Interpolation kernels for whole factors, and the same made consistent with how cameras sample."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Kernels = NDArray[np.float32]
"""(factor, taps): one kernel for each of the output pixels that lie inside one source pixel."""

_PERIOD = 256


@lru_cache(maxsize=16)
def lanczos(factor: int, *, reach: int) -> Kernels:
    """Lanczos of three lobes, consistent, cut off `reach` source pixels from the middle."""
    return _consistent(_sampled(factor, 3, lambda x: np.where(x < 3, np.sinc(x) * np.sinc(x / 3), 0)), reach)


@lru_cache(maxsize=16)
def cubic(factor: int, *, reach: int) -> Kernels:
    """Keys' cubic with a = −1/2, consistent, cut off `reach` source pixels from the middle."""

    def weights(x: NDArray[np.float64]) -> NDArray[np.float64]:
        near = 1.5 * x**3 - 2.5 * x**2 + 1
        far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
        return np.where(x < 1, near, np.where(x < 2, far, 0))

    return _consistent(_sampled(factor, 2, weights), reach)


@lru_cache(maxsize=16)
def linear(factor: int) -> Kernels:
    """A straight line from one source pixel's middle to the next."""
    return _sampled(factor, 1, lambda x: np.maximum(0, 1 - x)).astype(np.float32)


def _sampled(
    factor: int, reach: int, weights: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    middles = (np.arange(factor) + 0.5) / factor - 0.5
    found = weights(np.abs(np.arange(-reach, reach + 1) - middles[:, None]))
    normed: NDArray[np.float64] = found / found.sum(axis=1, keepdims=True)
    return normed


def _consistent(kernels: NDArray[np.float64], reach: int) -> Kernels:
    """The kernels after the inverse of their own blur, so that the output averaged over each source pixel is it again.

    A source pixel is the light of its whole area, not a sample at its middle. Iterative back-projection (Irani and
    Peleg, 1991) corrects the difference step by step; where all of it is linear, its limit is a kernel of its own.
    """
    shift = kernels.shape[1] // 2
    spectra = np.fft.fft(np.roll(np.pad(kernels, ((0, 0), (0, _PERIOD - kernels.shape[1]))), -shift, axis=1))
    restored = np.fft.ifft(spectra / spectra.mean(axis=0)).real
    cut = np.roll(restored, reach, axis=1)[:, : 2 * reach + 1]
    normed: Kernels = (cut / cut.sum(axis=1, keepdims=True)).astype(np.float32)
    return normed
