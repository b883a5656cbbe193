"""What can go wrong with a model."""

from __future__ import annotations

from accounts.kit.errors import InvalidImage, InvalidInput, PackshotError


class ModelNotInstalled(InvalidInput):
    """A known model whose file is not on this machine."""

    code = "model_not_installed"
    title = "Model not installed"


class BrokenModel(PackshotError):
    """A file that ONNX Runtime cannot load, or that takes or answers something else than the registry says."""

    code = "model_broken"
    title = "The model is damaged"


class RuntimeMissing(PackshotError):
    """What is set to compute networks is not installed, or has no processor here."""

    code = "runtime_missing"
    title = "The runtime is not here"


class ModelUnavailable(PackshotError):
    """No source gave the file; the sentence says why for each of them."""

    code = "model_unavailable"
    status = 503
    title = "The model could not be fetched"
    retryable = True


class FolderNotWritable(PackshotError):
    """MODELS_DIR cannot be written to, or its disk is full."""

    code = "models_folder_not_writable"
    title = "The models folder cannot be written to"


class BackdropNotPlain(InvalidImage):
    """Without a network only a plain backdrop can be told from the subject."""

    code = "backdrop_not_plain"
    title = "The backdrop is not plain"


class ImageEngineFailed(PackshotError):
    """The text-to-image engine gave no picture, for a reason that is not the prompt's."""

    code = "image_engine_failed"
    status = 502
    title = "The text-to-image engine failed"
    retryable = True


class PromptRefused(PackshotError):
    """The text-to-image engine does not make a picture of this prompt."""

    code = "prompt_refused"
    status = 400
    title = "Prompt refused"
