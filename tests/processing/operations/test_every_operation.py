"""What holds for every operation, those of tomorrow too: its first example runs, and a canceled job ends at once."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from processing.operations.registry import EVERY_OPERATION
from tests.support.operation_run import BACKDROP, Run, Stopped


def photo() -> bytes:
    image = Image.new("RGB", (640, 480), BACKDROP)
    draw = ImageDraw.Draw(image)
    draw.ellipse((140, 60, 520, 430), fill=(150, 40, 30))
    draw.ellipse((380, 280, 440, 340), fill=BACKDROP)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def run(name: str, context: Run) -> bytes:
    operation = EVERY_OPERATION[name]
    example = next(each for each in operation.examples.values() if "preset" not in each)
    return operation.run(photo(), operation.merge({}, dict(example)), context).data


@pytest.mark.parametrize("name", sorted(EVERY_OPERATION))
def test_a_canceled_job_ends_before_its_next_step(name: str) -> None:
    whole = Run()
    pixels = np.asarray(Image.open(io.BytesIO(run(name, whole))))
    assert pixels.std() > 0
    assert len(whole.steps) >= 3
    for step in dict.fromkeys(whole.steps):
        context = Run(stop_before=step)
        with pytest.raises(Stopped):
            run(name, context)
        assert context.steps == whole.steps[: whole.steps.index(step)]
