"""Imports run one way, and each framework lives in one known place."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("rag/**/*.py"), *ROOT.glob("vectorstore/*.py"), ROOT / "app.py"])

# Framework -> where it may be imported: a room, or one file of it.
HOMES = {
    "anyio": {"rag/web", "rag/integrations/mcp_server"},
    "argon2": {"rag/web/users"},
    "charset_normalizer": {"rag/articles/formats/decoding"},
    "chromadb": {"vectorstore/store"},
    "compressed_rtf": {"rag/articles/formats/mails/msg"},
    "docx": set(),
    "fastapi": {"rag/web"},
    "feedparser": {"rag/articles/formats/webpages/feeds", "rag/indexing/feed_reading"},
    "gradio": {"rag/web"},
    "gradio_client": set(),
    "httpx": {"rag/indexing/fetching", "rag/indexing/zotero", "rag/models/proxies"},
    "ir_measures": {"rag/evaluation/ranking"},
    "jinja2": {"rag/export/templating"},
    "langchain": {"rag/models/llm"},
    "langchain_core": {"rag/models/llm", "rag/models/llm_errors", "rag/integrations/langchain"},
    "langchain_openai": set(),
    "markdown_it": {"rag/articles/formats/markdown", "rag/answering/layout"},
    "markupsafe": {"rag/export/templating"},
    "mcp": {"rag/integrations/mcp_server", "rag/web/api/mcp_served"},
    "openvino": {"rag/models/runtime"},
    "oxmsg": {"rag/articles/formats/mails/msg"},
    "openvino_telemetry": set(),
    "py3langid": {"rag/text/language"},
    "pyarrow": {"rag/indexing/ray_cluster"},
    "pydantic": {
        "rag/indexing/ray_worker", "rag/indexing/readers", "rag/web", "rag/integrations",
    },
    "rapidfuzz": {"rag/retrieval/spelling"},
    "ray": {"rag/indexing/ray_cluster"},
    "rispy": {"rag/articles/formats/exported/bibliography"},
    "pypdfium2": {
        "rag/articles/formats/paged/pdf", "rag/articles/formats/paged/pdf_forms",
        "rag/articles/formats/paged/pdf_hidden", "rag/articles/formats/paged/pdf_pages",
        "rag/articles/formats/paged/pdf_places",
    },
    "pytesseract": {"rag/articles/formats/paged/recognition"},
    "scipy": {"rag/evaluation/significance"},
    "sentence_transformers": {
        "rag/models/embedding", "rag/models/entailment", "rag/models/reranking",
    },
    "sentencex": {"rag/text/sentences"},
    "snowballstemmer": {"rag/text/words"},
    "sqlalchemy": {"vectorstore/database", "vectorstore/manifest_tables"},
    "starlette": {"rag/web"},
    "tantivy": {"vectorstore/lexical"},
    "tokenizers": {"rag/models/runtime"},
    "torch": {
        "rag/models/embedding", "rag/models/entailment", "rag/models/reranking",
        "rag/models/runtime",
    },
    "trafilatura": {"rag/articles/formats/webpages/html"},
    "transformers": {"rag/models/embedding", "rag/models/entailment", "rag/models/reranking"},
    "typing_extensions": {"rag/export/contract_types", "rag/web/api"},
    "uvicorn": {"rag/web"},
    "watchfiles": {"rag/indexing/watching"},
    "xlrd": {"rag/articles/formats/office/old_sheets"},
}  # fmt: skip

# Room -> the rooms that it may import, besides itself and the schema, the errors and the settings.
# A file at the root of `rag` is a room of its own.
_FLOOR = {"text", "vectorstore"}
_FOUND = {*_FLOOR, "articles", "models", "resources", "retrieval", "speakers", "checking"}
_DONE = {*_FOUND, "answering", "indexing", "pipeline"}
MAY_IMPORT = {
    "text": set(),
    "vectorstore": set(),
    "models": {"text"},
    "articles": _FLOOR,
    "speakers": {"text"},
    "checking": {"text", "speakers"},
    "resources": {"articles", "models", "vectorstore"},
    "retrieval": {*_FLOOR, "articles", "models", "resources", "speakers"},
    "answering": _FOUND - {"articles"},
    "indexing": {*_FLOOR, "articles", "models", "resources"},
    "pipeline": _FOUND | {"answering", "indexing"},
    "export": _DONE - {"pipeline"},
    "evaluation": _DONE | {"export"},
    "integrations": _DONE | {"export"},
    "web": _DONE | {"export", "integrations"},
    "commands": _DONE | {"export", "evaluation", "integrations", "web"},
    "cli": {"commands", "evaluation", "models", "text", "web"},
}
COMMON = {"schema", "errors", "settings"}
ROOT_FILES = {
    "__init__", "__main__", "cli", "errors", "pipeline", "resources", "schema", "settings",
}  # fmt: skip


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def room(dotted: str) -> str:
    """The room that a module belongs to: "text" of `rag.text.words`, "vectorstore" of its own."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "rag" and len(parts) > 1 else parts[0]


@pytest.mark.parametrize("file", FILES, ids=name)
def test_each_framework_stays_at_home(file: Path) -> None:
    own = name(file).removesuffix(".py")
    for module in imports(file):
        homes = HOMES.get(module.split(".")[0])
        at_home = homes is None or any(own == home or own.startswith(f"{home}/") for home in homes)
        assert at_home, f"{name(file)} imports {module}"


@pytest.mark.parametrize("file", FILES, ids=name)
def test_imports_between_rooms_run_one_way(file: Path) -> None:
    own = room(name(file).removesuffix(".py").replace("/", "."))
    if own not in MAY_IMPORT:
        return  # the schema, the errors, the settings: see below; app.py and __main__ start all
    allowed = MAY_IMPORT[own] | COMMON | {own}
    for module in imports(file):
        if module.split(".")[0] in ("rag", "vectorstore", "app", "prompts") and module != "rag":
            assert room(module) in allowed, f"{name(file)} imports {module}"


def test_the_rooms_are_those_that_stand_here() -> None:
    rooms = {path.name for path in (ROOT / "rag").iterdir() if (path / "__init__.py").is_file()}
    files = {path.stem for path in (ROOT / "rag").glob("*.py")}
    assert rooms == set(MAY_IMPORT) - {"vectorstore", *ROOT_FILES}
    assert files == ROOT_FILES
    for path in (ROOT / "rag").glob("**/__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name(path)


def test_no_two_modules_have_one_name() -> None:
    names = [file.stem for file in FILES if not file.stem.startswith("__")]
    assert sorted(names) == sorted(set(names))


def test_settings_and_errors_know_nothing_else() -> None:
    for own in ("settings", "errors"):
        ours = {module for module in imports(ROOT / "rag" / f"{own}.py") if module[:4] == "rag."}
        assert {room(module) for module in ours} <= {"errors", "schema"}


def test_the_schema_is_standard_library_only() -> None:
    import sys

    tops = {module.split(".")[0] for module in imports(ROOT / "rag" / "schema.py")}
    assert tops <= sys.stdlib_module_names


def test_the_package_loads_nothing_until_it_is_asked() -> None:
    """Else `vectorstore`, which imports `rag.schema`, stood in a circle; help would be slow."""
    seen = "import sys, rag, rag.cli; rag.cli.parser(); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert not loaded & {"numpy", "gradio", "chromadb", "torch", "pydantic", "lxml", "httpx"}
    assert "rag.pipeline" not in loaded
    others = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert {name for name in others if not name.startswith("_")} == {"rag"}
    assert len([name for name in loaded if name.partition(".")[0] == "rag"]) <= 20


def test_public_names_are_there() -> None:
    import rag

    assert all(getattr(rag, name) is not None for name in rag.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        rag.nothing  # noqa: B018 - it is the look-up that counts
