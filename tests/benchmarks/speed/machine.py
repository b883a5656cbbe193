"""The machine that the figures are of."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_TELLING = ("avx2", "avx512f", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "bf16")


def machine() -> dict[str, object]:
    processor, flags = _processor()
    return {
        "processor": processor,
        "processors": os.cpu_count(),
        "instructions": [flag for flag in _TELLING if flag in flags],
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "gpu": _gpu(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "onnxruntime": version("onnxruntime"),
        "openvino": _version("openvino"),
        "measured_on": datetime.now(UTC).date().isoformat(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def sentence(found: dict[str, object]) -> str:
    """`found`: the description as above, perhaps read from a file."""
    instructions = ", ".join(str(each) for each in found["instructions"]) if found["instructions"] else ""  # type: ignore[attr-defined]
    return (
        f"{found['processors']} processors ({found['processor']}{'; ' + instructions if instructions else ''}), "
        f"{found['memory_gib']} GiB, {'a GPU: ' + str(found['gpu']) if found['gpu'] else 'no GPU'}, {found['system']}, "
        f"Python {found['python']}, ONNX Runtime {found['onnxruntime']}, OpenVINO {found['openvino']}"
    )


def _processor() -> tuple[str, set[str]]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine(), set()
    name = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", text, re.MULTILINE)
    return name[1].strip() if name else platform.machine(), set(flags[1].split()) if flags else set()


def _gpu() -> str:
    if shutil.which("nvidia-smi") is None:
        return ""
    asked = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except ImportError:
        return "none"
