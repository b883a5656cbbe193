"""Which test process gets which file: the first takes those that need a browser or a running product, the others the
rest. So there is one product and one Chromium in most runs, and each wait of theirs is another process's time."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

_WITH_A_PRODUCT = ("tests/browser/", "tests/contract/", "tests/concurrency/")


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]
    """A file stays together. Whoever has none of its kind left helps with the other kind."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = node is self.nodes[0]
        mine = (scope for scope in self.workqueue if scope.startswith(_WITH_A_PRODUCT) is first)
        if chosen := next(mine, None):
            self.workqueue.move_to_end(chosen, last=False)
        super()._assign_work_unit(node)
