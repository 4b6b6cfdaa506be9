"""Models by OpenVINO do what sentence-transformers does, alone and in private."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakValueDictionary

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models import runtime
from rag.models.embedding import Embedder
from rag.models.reranking import Reranker
from rag.models.runtime import Compute

ROOT = Path(__file__).parents[3]
TEXTS = [
    "The harbour strike in the port of Drennick entered its third week on Monday. " * 40,
    "Why?",
    "",
    "Wynstrake, 14 March: «Nous sommes prêts», said the union’s leader. " * 3,
    "罢工进入第三周。 The talks 🤝 failed.",
    "A short passage about something else.",
]
QUESTION = "Why did the talks about the harbour fail?"
# Any characters, sometimes more of them than the models read.
some_text = st.builds(lambda words, times: words * times, st.text(max_size=60), st.integers(1, 60))


@pytest.fixture(autouse=True)
def _nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_compiled", WeakValueDictionary())


@pytest.fixture(scope="module")
def compute(tmp_path_factory: pytest.TempPathFactory) -> Compute:
    return Compute("openvino", "f32", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def embedder(compute: Compute) -> Embedder:
    return Embedder(compute=compute)


@pytest.fixture(scope="module")
def reranker(compute: Compute) -> Reranker:
    return Reranker(compute=compute)


@pytest.fixture(scope="module")
def torch_embedder() -> Embedder:
    return Embedder(compute=Compute("torch"))


@pytest.fixture(scope="module")
def torch_reranker() -> Reranker:
    return Reranker(compute=Compute("torch"))


def test_vectors_are_those_of_sentence_transformers(
    embedder: Embedder, torch_embedder: Embedder
) -> None:
    ours, theirs = embedder.documents(TEXTS), torch_embedder.documents(TEXTS)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)  # weights are kept in float16
    assert (ours * theirs).sum(axis=1).min() > 0.99999
    np.testing.assert_allclose(embedder.query(TEXTS[1]), ours[1], atol=1e-5)


def test_vectors_of_both_precisions_may_be_mixed(compute: Compute, embedder: Embedder) -> None:
    ours = Embedder(compute=replace(compute, precision="auto")).documents(TEXTS)
    assert (ours * embedder.documents(TEXTS)).sum(axis=1).min() > 0.9999
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_logits_are_those_of_sentence_transformers(
    reranker: Reranker, torch_reranker: Reranker
) -> None:
    theirs = torch_reranker.logits(QUESTION, TEXTS)
    np.testing.assert_allclose(reranker.logits(QUESTION, TEXTS), theirs, atol=1e-4)
    assert np.ptp(theirs) > 0.5  # else any constant would do


def test_facts_are_those_of_sentence_transformers(
    embedder: Embedder, torch_embedder: Embedder
) -> None:
    assert embedder.max_tokens == torch_embedder.max_tokens
    assert embedder.dimension == torch_embedder.dimension == embedder.documents(["a"]).shape[1]


@settings(max_examples=60)
@given(text=some_text)
def test_tokens_of_a_text(embedder: Embedder, torch_embedder: Embedder, text: str) -> None:
    assert embedder._runner
    theirs = torch_embedder._model.preprocess([text])
    (ours,) = embedder._runner.encode([text])
    assert ours.ids == theirs["input_ids"][0].tolist()
    assert embedder.token_starts(text) == torch_embedder.token_starts(text)


@settings(max_examples=60)
@given(question=some_text, text=some_text)
def test_tokens_of_a_pair(
    reranker: Reranker, torch_reranker: Reranker, question: str, text: str
) -> None:
    assert reranker._runner
    theirs = torch_reranker._model.preprocess([(question, text)])
    (ours,) = reranker._runner.encode([(question, text)])
    assert ours.ids == theirs["input_ids"][0].tolist()
    assert ours.type_ids == theirs["token_type_ids"][0].tolist()


def test_the_order_of_the_texts_is_kept(embedder: Embedder, reranker: Reranker) -> None:
    many = [f"{'word ' * (n * 7 % 50)}{n}" for n in range(20)]
    alone = np.array([embedder.query(text) for text in many])
    np.testing.assert_allclose(embedder.documents(many), alone, atol=1e-5)
    backwards = reranker.logits(QUESTION, many[::-1])[::-1]
    np.testing.assert_allclose(reranker.logits(QUESTION, many), backwards, atol=1e-4)


def test_a_model_meets_few_shapes(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps memory for each of them, as long as the process lives."""
    met = {runtime.padded(length, 256) for length in range(1, 257)}
    assert len(met) == 16
    assert all(runtime.padded(length, 250) in range(length, 251) for length in range(1, 251))
    seen: set[tuple[int, ...]] = set()
    assert embedder._runner is not None
    real = embedder._runner._alone.get()
    embedder._runner._alone.put(real)

    class Watched:
        def infer(self, inputs: dict[str, np.ndarray]) -> object:
            seen.add(inputs["input_ids"].shape)
            return real.infer(inputs)

    watched: SimpleQueue[Watched] = SimpleQueue()
    watched.put(Watched())
    monkeypatch.setattr(embedder._runner, "_alone", watched)
    for length in range(1, 61):
        embedder.documents([" ".join(["word"] * length)])
    assert len(seen) == 4


def test_nothing_in_nothing_out(embedder: Embedder, reranker: Reranker) -> None:
    assert embedder.documents([]).shape == (0, 384)
    assert reranker.logits(QUESTION, []).shape == (0,)


def test_threads_may_share_a_model(embedder: Embedder, reranker: Reranker) -> None:
    jobs = [[text] * times for times in (1, 3) for text in TEXTS[1:]]
    vectors = [embedder.documents(job) for job in jobs]
    logits = [reranker.logits(QUESTION, job) for job in jobs]
    with ThreadPoolExecutor(4) as threads:
        for alone, together in zip(vectors, threads.map(embedder.documents, jobs), strict=True):
            np.testing.assert_allclose(alone, together, atol=1e-5)
        scored = threads.map(lambda job: reranker.logits(QUESTION, job), jobs)
        for alone, together in zip(logits, scored, strict=True):
            np.testing.assert_allclose(alone, together, atol=1e-4)


def test_beside_others_a_core_gives_the_same(embedder: Embedder, reranker: Reranker) -> None:
    vectors, logits = embedder.documents(TEXTS), reranker.logits(QUESTION, TEXTS)
    with runtime._crowd:
        beside = embedder.documents(TEXTS), reranker.logits(QUESTION, TEXTS)
    np.testing.assert_allclose(vectors, beside[0], atol=1e-6)
    np.testing.assert_allclose(logits, beside[1], atol=1e-6)
    for model in (embedder, reranker):
        assert model._runner
        assert model._runner._single().qsize() == runtime._usable_cores()  # all given back


@pytest.mark.parametrize(("asked", "used"), [("1", 1), ("3", 3), ("0", 2), ("", 2), ("2,1", 2)])
def test_as_many_threads_as_cores_or_as_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: str, used: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert runtime._options("auto", 1)["INFERENCE_NUM_THREADS"] == used


# A small model, so that converting costs little.


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Save a random embedding model of two layers; give its folder."""

    def made(pooling: str = "mean", prompt: str = "", architecture: str = "bert") -> str:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from transformers import AutoConfig, AutoModel, BertTokenizer

        folder = tmp_path_factory.mktemp("model")
        words = "[PAD] [UNK] [CLS] [SEP] [MASK] the port strike talks failed a b c d".split()
        (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        BertTokenizer(str(folder / "vocab.txt"), model_max_length=32).save_pretrained(folder)
        torch.manual_seed(7)
        small = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
        if architecture == "distilbert":
            small = {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32}
        config = AutoConfig.for_model(architecture, vocab_size=len(words), **small)
        AutoModel.from_config(config).save_pretrained(folder)
        modules = [Transformer(str(folder), max_seq_length=24), Pooling(16, pooling_mode=pooling)]
        prompts = {"query": prompt, "document": ""}
        model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
        model.save(str(folder / "whole"))
        return str(folder / "whole")

    return made


@pytest.fixture(scope="module")
def small(make: Callable[..., str]) -> str:
    return make()


SMALL_TEXTS = ["the port strike", "talks failed " * 30, "", "a"]


def same(one: Embedder, other: Embedder) -> None:
    np.testing.assert_allclose(
        one.documents(SMALL_TEXTS), other.documents(SMALL_TEXTS), atol=2e-3, rtol=0
    )


@pytest.mark.parametrize(
    ("pooling", "architecture"), [("mean", "bert"), ("cls", "bert"), ("mean", "distilbert")]
)
def test_other_models_are_converted(
    make: Callable[..., str], compute: Compute, pooling: str, architecture: str
) -> None:
    folder = make(pooling, architecture=architecture)
    ours, theirs = Embedder(folder, compute), Embedder(folder, Compute("torch"))
    same(ours, theirs)
    assert (ours.max_tokens, ours.dimension) == (theirs.max_tokens, theirs.dimension) == (24, 16)


def test_a_model_is_converted_once(
    small: str, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Embedder(small, compute)
    first.load()
    monkeypatch.setattr(runtime, "_converted", lambda *_: pytest.fail("converted again"))
    same(Embedder(small, compute), first)


def test_who_opens_a_model_in_use_gets_the_same_one(small: str, compute: Compute) -> None:
    one, other = Embedder(small, compute), Embedder(small, compute)
    exact = Embedder(small, replace(compute, precision="auto"))
    assert one._runner is other._runner
    assert one._runner is not exact._runner
    assert len(runtime._compiled) == 2
    del one, other, exact
    assert len(runtime._compiled) == 0


def cut_short(folder: Path) -> None:
    file = folder / "model.bin"
    file.write_bytes(file.read_bytes()[:-1000])


def one_bit_off(folder: Path) -> None:
    content = bytearray((folder / "model.bin").read_bytes())
    content[100] ^= 1
    (folder / "model.bin").write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        one_bit_off,
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "facts.json").write_text("{"),
    ],
)
def test_a_damaged_conversion_is_made_again(
    small: str, compute: Compute, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    whole = Embedder(small, compute).documents(SMALL_TEXTS)
    kept = runtime._place(Path(small), "embedder", compute.cache)
    folder = shutil.copytree(kept, tmp_path / kept.name)
    damage(folder)
    again = Embedder(small, Compute("openvino", "f32", tmp_path)).documents(SMALL_TEXTS)
    np.testing.assert_allclose(again, whole, atol=1e-6)
    assert [item.name for item in tmp_path.iterdir()] == [folder.name]
    assert sorted(item.name for item in folder.iterdir()) == sorted(
        ["facts.json", "model.bin", "model.xml", "tokenizer.json"]
    )


def test_another_process_was_faster(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = Compute("openvino", "f32", tmp_path)
    first = Embedder(small, compute)
    first.load()
    real, asked = runtime._from_cache, []

    def not_yet_there(place: Path, compute: Compute) -> runtime.Runner | None:
        asked.append(place)
        return real(place, compute) if len(asked) > 1 else None

    monkeypatch.setattr(runtime, "_from_cache", not_yet_there)
    same(Embedder(small, compute), first)
    assert list(tmp_path.iterdir()) == [asked[0]]


def test_a_cache_that_cannot_be_written_costs_time_alone(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    compute = Compute("openvino", "f32", tmp_path / "file" / "cache")
    same(Embedder(small, compute), Embedder(small, Compute("torch")))
    assert "cannot hold the converted model (Not a directory)" in capsys.readouterr().err


def test_what_cannot_be_converted_runs_by_torch(
    make: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(runtime, "_has_gpu", lambda: False)
    folder = make(prompt="query: ")
    embedder = Embedder(folder, Compute(cache=tmp_path))
    same(embedder, Embedder(folder, Compute("torch")))
    (line,) = capsys.readouterr().err.splitlines()
    assert folder in line
    assert "it puts words before each text" in line
    with pytest.raises(ModelError, match="it puts words before each text"):
        Embedder(folder, Compute("openvino", cache=tmp_path)).load()


def test_a_conversion_that_is_off_is_not_used(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = runtime._by_torch
    monkeypatch.setattr(runtime, "_by_torch", lambda *source: real(*source) + 0.1)
    with pytest.raises(ModelError, match=r"its conversion is off by 0\.1"):
        Embedder(small, Compute("openvino", cache=tmp_path)).load()
    assert list(tmp_path.iterdir()) == []


def test_a_gpu_is_used_by_torch(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_has_gpu", lambda: True)
    assert Embedder(small, Compute(cache=tmp_path))._runner is None
    assert Embedder(small, Compute("openvino", cache=tmp_path))._runner is not None


# In a process of its own: what it opens, starts and imports.

WATCHED = """
import os, sys
seen = []
def watch(event, arguments):
    if event.split(".")[0] in ("socket", "subprocess", "ftplib", "http", "urllib"):
        seen.append((event, str(arguments)))
    if event in ("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"):
        seen.append((event, str(arguments)))
{before}
from pathlib import Path
from rag.models.embedding import Embedder
from rag.models.runtime import Compute
from rag.models.reranking import Reranker
compute = Compute("openvino", cache=Path(sys.argv[1]))
embedder, reranker = Embedder(sys.argv[2], compute), Reranker(compute=compute)
assert embedder.documents(["a", "b"]).shape == (2, embedder.dimension)
assert embedder.token_starts("a b") == [0, 2] and embedder.max_tokens
assert reranker.logits("a", ["b"]).shape == (1,)
print(seen, [name for name in ("torch", "transformers", "sentence_transformers")
    if name in sys.modules], sys.modules["openvino_telemetry"])
"""
# Libraries that only converting needs are imported before the watch begins.
CONVERTING = "import torch, sentence_transformers\nsys.addaudithook(watch)"
ASKING = "sys.addaudithook(watch)"


def watched(before: str, home: Path, cache: Path, model: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", WATCHED.format(before=before), str(cache), model],
        cwd=ROOT,
        env={"HOME": str(home), "HF_HUB_OFFLINE": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    return finished.stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="HOME is of POSIX systems")
def test_nothing_is_reported_and_torch_is_not_needed(
    home: Path, tmp_path: Path, small: str
) -> None:
    cache = tmp_path / "cache"
    seen = watched(CONVERTING, home, cache, small)
    assert seen == "[] ['torch', 'transformers', 'sentence_transformers'] None"
    assert len(list(cache.iterdir())) == 2
    assert watched(ASKING, home, cache, small) == "[] [] None"
