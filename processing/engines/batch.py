"""Photos of several jobs that are computed together: for processors on which a batch costs less than its parts."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


class _Waiting:
    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.answer: Tensor | None = None
        self.error: Exception | None = None

    @property
    def ended(self) -> bool:
        return self.answer is not None or self.error is not None


class Batch:
    """Whoever finds the network free computes for all that wait then; nobody waits for a batch to fill up.

    `run`: (N, …) to (N, …). At most `most` at once, in powers of two: a runtime plans anew for each number it meets.
    A batch that fails (the memory of a GPU) is computed one by one, and no batch so large is tried again.
    """

    def __init__(self, run: Callable[[Tensor], Tensor], most: int) -> None:
        self.most = most
        self._run = run
        self._turn = threading.Lock()
        self._waiting: deque[_Waiting] = deque()

    def __call__(self, tensor: Tensor) -> Tensor:
        """Of one picture (1, …): its answer (1, …). Raises what `run` raises for this picture alone."""
        own = _Waiting(tensor)
        self._waiting.append(own)
        with self._turn:
            while not own.ended:
                self._compute(self._next())
        if own.answer is None:
            assert own.error is not None
            raise own.error
        return own.answer

    def _next(self) -> list[_Waiting]:
        count = min(self.most, len(self._waiting))
        return [self._waiting.popleft() for _ in range(1 << (count.bit_length() - 1))]

    def _compute(self, some: list[_Waiting]) -> None:
        try:
            answers = self._run(np.concatenate([each.tensor for each in some]) if len(some) > 1 else some[0].tensor)
        except Exception as error:  # noqa: BLE001   runtimes' errors share no base; it is raised where it belongs
            if len(some) == 1:
                some[0].error = error
                return
            self.most = max(1, len(some) // 2)
            for each in some:
                self._compute([each])
            return
        for index, each in enumerate(some):
            each.answer = answers[index : index + 1]
