"""Models on the processor by OpenVINO: several times as fast as torch, and without importing it.

A model is converted once, by tracing the torch module, and kept in a cache folder; from then on
neither torch nor transformers is needed. The only file that imports openvino.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import platform
import queue
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.weights import file_sha256
from rag.settings import default_cache

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]
    import torch
    from tokenizers import Encoding, Tokenizer

Matrix = NDArray[np.float32]
Texts = Sequence[str] | Sequence[tuple[str, str]]

_FORM = 1  # of a converted folder: raised when what is in it changes
_BATCH = 8  # measured: larger batches fall out of the processor's cache
# OpenVINO keeps about half a MB for each shape that it has met, without end: lengths are rounded up
# to this many tokens, so that there are few. From the 100th to the 400th of random shapes memory
# grew by 148 MB, and so rounded by 8.
_STEP = 16
_FACTS, _FILES = "facts.json", ("model.xml", "model.bin", "tokenizer.json")
_MADE_OF = ("*.safetensors", "pytorch_model*.bin", "*.json", "*.txt", "*.model")
_TOLERANCE = 5e-3  # between torch and a conversion run in float32, its weights kept in float16
# Pairs of different lengths: a conversion that fits only the traced one is found out.
_TRACED = (["Why?", "Who said so?"], ["A passage.", "Talks broke down again on Friday."])
_TRIED = (["What is it?", "Who?", "When?"], ["The third week began on Monday. " * 9, "", "A b c."])
_one_at_a_time = threading.Lock()  # tracing changes state that torch shares between threads
# Who opens a model that is in use already gets the same one: a second index costs no second model.
_compiled: MutableMapping[tuple[str, str, str], Runner] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Compute:
    """How models run: the settings of the same names."""

    inference: str = "auto"  # "openvino", "torch"; "auto": torch with a GPU, else openvino
    precision: str = "auto"  # "f32"; "auto": bfloat16 where the processor has it
    cache: Path = field(default_factory=default_cache)  # holds the converted models


@dataclass(frozen=True, slots=True)
class Source:
    """A torch model to convert.

    `module` takes and returns a dictionary of tensors, as sentence-transformers' models do; from
    what it returns `output` takes float32 of shape (texts, columns). `tokenizer` is transformers'.
    """

    module: torch.nn.Module
    output: Callable[[dict[str, Any]], torch.Tensor]
    tokenizer: Any
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a converted model needs besides its graph and its tokenizer."""

    max_tokens: int  # that the model reads of a text, special ones included
    columns: int  # of its output
    pad: int  # token number
    pad_type: int


class _Crowd:
    """How many threads run models at this moment, whichever they are."""

    def __init__(self) -> None:
        self._inside = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1

    @property
    def is_one(self) -> bool:
        return self._inside < 2


_crowd = _Crowd()


class Runner:
    """A converted model compiled for this processor, with its tokenizer. Threads may share it.

    Who runs it alone has all cores. Where several run models at once each batch has one core:
    threads that share cores wait for one another.
    """

    def __init__(
        self, model: openvino.Model, tokenizer: str, facts: Facts, precision: str = "auto"
    ) -> None:
        """Compile `model`; `tokenizer` is the JSON of a tokenizers.Tokenizer."""
        self.facts = facts
        self._plain = _tokenizer(tokenizer)
        self._cutting = _tokenizer(tokenizer)
        self._cutting.enable_truncation(facts.max_tokens, strategy="longest_first")
        self._names = [port.get_any_name() for port in model.inputs]
        self._alone = alone = _requests(model, precision, 1)
        cores = _usable_cores()
        self._single = functools.cache(  # compiled when it is first needed
            lambda: alone if cores == 1 else _requests(model, precision, cores)
        )

    def run(self, texts: Texts) -> Matrix:
        """The model's output for each text or pair of texts, shape (len(texts), columns)."""
        encodings = self.encode(texts)
        by_length = sorted(range(len(encodings)), key=lambda i: len(encodings[i]))
        output = np.zeros((len(encodings), self.facts.columns), np.float32)
        with _crowd:
            for start in range(0, len(encodings), _BATCH):
                rows = by_length[start : start + _BATCH]
                output[rows] = self._batch([encodings[row] for row in rows])
        return output

    def encode(self, texts: Texts) -> list[Encoding]:
        """What the model reads of each text or pair: the longer of a pair is cut first."""
        return self._cutting.encode_batch_fast(list(texts))

    def token_starts(self, text: str) -> list[int]:
        """Where each token of the whole `text` starts, special tokens left out."""
        return [start for start, _ in self._plain.encode(text, add_special_tokens=False).offsets]

    def _batch(self, encodings: Sequence[Encoding]) -> Matrix:
        longest = max(len(item) for item in encodings)
        shape = (len(encodings), padded(longest, self.facts.max_tokens))
        ids = np.full(shape, self.facts.pad, np.int64)
        mask = np.zeros(shape, np.int64)
        types = np.full(shape, self.facts.pad_type, np.int64)
        for row, item in enumerate(encodings):
            ids[row, : len(item)] = item.ids
            mask[row, : len(item)] = 1
            types[row, : len(item)] = item.type_ids
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        free = self._alone if _crowd.is_one else self._single()
        request = free.get()
        try:
            result = request.infer({name: inputs[name] for name in self._names})
            return np.asarray(result[0], np.float32)
        finally:
            free.put(request)


def _requests(model: openvino.Model, precision: str, streams: int) -> queue.SimpleQueue[Any]:
    """As many free requests, which share the cores among them."""
    compiled = _openvino().Core().compile_model(model, "CPU", _options(precision, streams))
    free: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for _ in range(streams):
        free.put(compiled.create_infer_request())
    return free


def padded(length: int, most: int) -> int:
    """A length in tokens, rounded up to one of few, but to no more than the model reads."""
    return min(-(-length // _STEP) * _STEP, most)


def open_runner(
    kind: str, folder: Path, load: Callable[[], Source], compute: Compute
) -> Runner | None:
    """The model in `folder`, converted from what `load` gives if the cache has it not yet.

    None: use sentence-transformers, because there is a GPU, `compute` says so or the model cannot
    be converted (said on stderr).

    Vectors in bfloat16 have a cosine of .9999 and more with those in float32: indexes need not
    remember which it was.

    Raises:
        ModelError: the model cannot be converted, and `compute` demands it.

    """
    if compute.inference == "torch" or (compute.inference == "auto" and _has_gpu()):
        return None
    try:
        with _one_at_a_time:
            place = _place(folder, kind, compute.cache)
            return _from_cache(place, compute) or _converted(place, load(), compute)
    except Exception as error:  # tracing runs any model's code: it may fail in any way
        reason = f"{folder} cannot run by OpenVINO: {error or type(error).__name__}"
        if compute.inference == "openvino":
            raise ModelError(f"{reason} Set inference to auto or torch.") from error
        _say(f"{reason} It runs by sentence-transformers; inference=torch hides this line.")
        return None


def _place(folder: Path, kind: str, cache: Path) -> Path:
    """The folder of the converted model: named by all that its content depends on."""
    digest = hashlib.sha256(f"{_FORM} {_openvino().__version__}".encode())
    for file in sorted({item for pattern in _MADE_OF for item in folder.rglob(pattern)}):
        digest.update(f"{file.relative_to(folder).as_posix()} {file_sha256(file)} ".encode())
    return cache.expanduser() / f"{kind}-{digest.hexdigest()[:32]}"


def _from_cache(place: Path, compute: Compute) -> Runner | None:
    """The model kept in `place`; None if there is none or it is damaged, which is then removed."""
    try:
        kept = json.loads((place / _FACTS).read_text(encoding="utf-8"))
        facts = Facts(**kept["facts"])
        if any(file_sha256(place / name) != kept["sha256"][name] for name in _FILES):
            raise ValueError(f"{place} is damaged")
    except (OSError, ValueError, KeyError, TypeError):
        shutil.rmtree(place, ignore_errors=True)
        return None
    same = (str(place), kept["sha256"]["model.bin"], compute.precision)
    runner = _compiled.get(same)
    if runner is None:
        model = _openvino().Core().read_model(place / "model.xml")
        tokenizer = (place / "tokenizer.json").read_text(encoding="utf-8")
        _compiled[same] = runner = Runner(model, tokenizer, facts, compute.precision)
    return runner


def _converted(place: Path, source: Source, compute: Compute) -> Runner:
    """Convert, compare with torch, keep."""
    facts = _facts(source)
    tokenizer: str = source.tokenizer.backend_tokenizer.to_str()
    model = _traced(source)
    _compare(Runner(model, tokenizer, facts, "f32"), source)
    try:
        _keep(place, model, tokenizer, facts)
    except OSError as error:
        _say(
            f"{place.parent} cannot hold the converted model ({error.strerror}): each start makes "
            "it again. Set cache to a folder that can be written."
        )
    return _from_cache(place, compute) or Runner(model, tokenizer, facts, compute.precision)


def _facts(source: Source) -> Facts:
    tokenizer = source.tokenizer
    if not getattr(tokenizer, "is_fast", False) or tokenizer.padding_side != "right":
        raise ModelError("its tokenizer is of another kind.")
    shape = _by_torch(source, *_TRACED).shape
    if len(shape) != 2:
        raise ModelError(f"its output has {len(shape)} dimensions.")
    return Facts(
        source.max_tokens, shape[1], tokenizer.pad_token_id, tokenizer.pad_token_type_id or 0
    )


def _inputs(source: Source, firsts: list[str], seconds: list[str]) -> dict[str, torch.Tensor]:
    return dict(
        source.tokenizer(
            firsts,
            seconds,
            padding=True,
            truncation=True,
            max_length=source.max_tokens,
            return_tensors="pt",
        )
    )


def _by_torch(source: Source, firsts: list[str], seconds: list[str]) -> Matrix:
    import torch

    with torch.no_grad():
        output = source.output(source.module.eval()(_inputs(source, firsts, seconds)))
    return np.asarray(output.float().numpy(), np.float32)


def _traced(source: Source) -> openvino.Model:
    """`source` as a graph over input_ids, attention_mask and, where it has them, token types."""
    import torch

    class Traced(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.module = source.module.eval()

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None) -> Any:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                inputs["token_type_ids"] = token_type_ids
            return source.output(self.module(inputs))

    with torch.no_grad(), warnings.catch_warnings(), _quiet("transformers"):
        warnings.simplefilter("ignore")  # tracing warns of much; the result is compared anyway
        return _openvino().convert_model(Traced(), example_input=_inputs(source, *_TRACED))


def _compare(runner: Runner, source: Source) -> None:
    """Raises ModelError: the converted model does not do what the torch model does."""
    firsts, seconds = _TRIED
    ours, theirs = runner.run(list(zip(firsts, seconds, strict=True))), _by_torch(source, *_TRIED)
    difference = float(np.abs(ours - theirs).max())
    if not difference <= _TOLERANCE * max(1.0, float(np.abs(theirs).max())):
        raise ModelError(f"its conversion is off by {difference:.2g}.")


def _keep(place: Path, model: openvino.Model, tokenizer: str, facts: Facts) -> None:
    """Write the folder under another name first: nobody sees half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as name:
        made = Path(name) / "made"
        made.mkdir()
        _openvino().save_model(model, made / "model.xml", compress_to_fp16=True)
        (made / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        sha256 = {file: file_sha256(made / file) for file in _FILES}
        kept = {"facts": asdict(facts), "sha256": sha256}
        (made / _FACTS).write_text(json.dumps(kept, indent=1), encoding="utf-8")
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():  # else another process was faster: its model is as good
                raise


@functools.cache
def _openvino() -> ModuleType:
    """Import openvino without its telemetry.

    Its import alone would tell its maker of it, through this package. Where that is missing
    openvino uses a stub of its own that does nothing.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    module: ModuleType = openvino
    return module


def _options(precision: str, streams: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": _usable_cores(),
    }
    if precision == "f32":
        options["INFERENCE_PRECISION_HINT"] = "f32"
    return options


def _usable_cores() -> int:
    """The cores that this process may use; OMP_NUM_THREADS says fewer, as to torch and numpy."""
    if (asked := os.environ.get("OMP_NUM_THREADS", "")).isdecimal() and int(asked):
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _has_gpu() -> bool:
    """Whether torch would use something faster than the processor; torch is asked only if needed.

    Importing torch takes a second: no driver, no question.
    """
    if sys.platform == "darwin":
        driver = platform.machine() == "arm64"
    elif sys.platform == "win32":
        driver = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32/nvcuda.dll").exists()
    else:
        driver = any(Path("/dev", name).exists() for name in ("nvidiactl", "kfd", "dxg"))
    if not driver:
        return False
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def _tokenizer(text: str) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@contextmanager
def _quiet(logger: str) -> Iterator[None]:
    held = logging.getLogger(logger)
    level = held.level
    held.setLevel(logging.ERROR)
    try:
        yield
    finally:
        held.setLevel(level)


def _say(message: str) -> None:
    print(f"byline: {message}", file=sys.stderr)  # noqa: T201
