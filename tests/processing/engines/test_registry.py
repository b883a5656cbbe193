"""The registry is data: it must be complete, consistent and honest."""

from __future__ import annotations

import re

import pytest

from accounts.kit.errors import InvalidInput
from processing.engines.registry import DEFAULT, MODELS, find
from processing.engines.spec import ModelSpec, NpmPackage, RembgRelease

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}")


def test_the_default_is_is_net_as_packaged_by_imgly_or_by_rembg() -> None:
    spec = find(DEFAULT)
    assert spec.name == "isnet-general-use"
    assert spec.file == "isnet-general-use.onnx"
    assert "b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb" in spec.sha256
    assert len(spec.sha256) == 2
    assert [type(source) for source in spec.sources] == [RembgRelease, NpmPackage]


def test_what_comes_under_the_agpl_says_so() -> None:
    for spec in MODELS.values():
        if any(isinstance(source, NpmPackage) for source in spec.sources):
            assert "AGPL-3.0" in spec.licence
            assert all("AGPL-3.0" in source.licence for source in spec.sources if isinstance(source, NpmPackage))


@pytest.mark.parametrize("spec", MODELS.values(), ids=lambda spec: spec.name)
def test_every_row_can_be_used(spec: ModelSpec) -> None:
    assert spec.licence
    assert all(_DIGEST.fullmatch(digest) for file in spec.files for digest in file.digests)
    if spec.session == "onnx" and spec.kind == "segmentation":
        assert spec.normalisation
        assert spec.input_size
    if spec.session == "onnx":
        assert len(spec.files) == 1
    # What is fetched is checked, and what nobody publishes is not said to be fetchable.
    for file in spec.files:
        assert bool(spec.sources) == bool(file.digests)
        assert bool(file.asset) == any(isinstance(source, RembgRelease) for source in spec.sources)


def test_no_two_models_share_a_file() -> None:
    files = [file.name for spec in MODELS.values() for file in spec.files]
    digests = [digest for spec in MODELS.values() for file in spec.files for digest in file.digests]
    assert len(files) == len(set(files))
    assert len(digests) == len(set(digests))


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as caught:
        find("isnet")
    assert caught.value.errors[0].field == "model"
    assert "'isnet'" in caught.value.detail
    assert "isnet-general-use, " in caught.value.detail
