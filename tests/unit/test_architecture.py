"""Imports run one way, and each framework lives in one known place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("rag/**/*.py"), *ROOT.glob("vectorstore/*.py"), ROOT / "app.py"])

# Framework -> the files that may import it.
HOMES = {
    "gradio": {
        "app.py",
        *(f"rag/page/{file.name}" for file in ROOT.glob("rag/page/*.py")),
        "rag/web/page_events.py",
        "rag/web/queue.py",
    },
    "gradio_client": set(),
    "chromadb": {"vectorstore/store.py"},
    "tantivy": {"vectorstore/lexical.py"},
    "langchain": {"rag/llm.py"},
    "langchain_core": {"rag/llm.py", "rag/failing.py", "rag/langchain_retriever.py"},
    "langchain_openai": set(),
    "sentence_transformers": {"rag/embedding.py", "rag/reranking.py"},
    "transformers": {"rag/embedding.py", "rag/reranking.py"},
    "torch": {"rag/embedding.py", "rag/reranking.py", "rag/inference.py"},
    "openvino": {"rag/inference.py"},
    "openvino_telemetry": set(),
    "tokenizers": {"rag/inference.py"},
    "sentencex": {"rag/sentences.py"},
    "trafilatura": {"rag/articles/html.py"},
    "pydantic": {"rag/keeping.py", "rag/langchain_retriever.py"},
    "pypdfium2": {"rag/articles/pdf.py"},
    "docx": {"rag/articles/docx.py"},
    "striprtf": {"rag/articles/rtf.py"},
    "charset_normalizer": {"rag/articles/decoding.py"},
    "py3langid": {"rag/articles/language.py"},
    "datasketch": {"rag/copies.py"},
    "watchfiles": {"rag/watching.py"},
    "ir_measures": {"rag/evaluating/ranking.py"},
    "scipy": {"rag/evaluating/chance.py"},
    "argon2": {"rag/web/users.py"},
    "httpx": {"rag/fetching.py", "rag/proxies.py"},
}
VECTORSTORE_MAY = {"rag.schema", "rag.errors"}
FRONT_ENDS = {"app", "rag.cli"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_each_framework_stays_at_home(file: Path) -> None:
    for module in imports(file):
        home = HOMES.get(module.split(".")[0])
        assert home is None or name(file) in home, f"{name(file)} imports {module}"


@pytest.mark.parametrize("file", sorted(ROOT.glob("vectorstore/*.py")), ids=name)
def test_the_store_knows_only_the_schema_and_the_errors(file: Path) -> None:
    ours = {m for m in imports(file) if m.split(".")[0] in ("rag", "app", "prompts")}
    assert {".".join(module.split(".")[:2]) for module in ours} <= VECTORSTORE_MAY | {"rag"}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_step_imports_a_front_end(file: Path) -> None:
    if name(file) in ("app.py", "rag/cli.py", "rag/__main__.py"):
        return
    assert not FRONT_ENDS & set(imports(file))


def test_the_schema_is_standard_library_only() -> None:
    import sys

    tops = {module.split(".")[0] for module in imports(ROOT / "rag" / "schema.py")}
    assert tops <= sys.stdlib_module_names


def test_the_package_is_free_of_imports() -> None:
    assert list(imports(ROOT / "rag" / "__init__.py")) == []
