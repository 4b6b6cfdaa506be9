"""How the documentation becomes a site: `make docs` puts it into build/docs.

The source folder is the repository, so that links between README, docs, benchmarks and examples
are the same on the site and in the files. The README is the first page.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
# The pages of the side bar. One that is missing here, or is here and not there, is an error.
PAGES = {
    "Use it": [
        "docs/install",
        "docs/tour",
        "docs/articles",
        "docs/feeds",
        "docs/asking",
        "docs/compare",
        "docs/evidence",
        "docs/models",
        "docs/serving",
        "docs/deploying",
        "docs/keeping",
        "docs/scale",
        "docs/evaluation",
    ],
    "Use it from programs": [
        "docs/api",
        "docs/mcp",
        "docs/openai",
        "docs/python",
        "docs/langchain",
    ],
    "Look it up": ["docs/cli", "docs/settings", "docs/formats", "examples/README", "CHANGELOG"],
    "How it is built": ["docs/architecture", "docs/performance", "docs/dependencies", "SECURITY"],
    "What was measured": [
        "docs/figures",
        "benchmarks/README",
        *sorted(
            path.relative_to(ROOT).with_suffix("").as_posix()
            for path in ROOT.glob("benchmarks/*/README.md")
        ),
        "benchmarks/LOG",
        "rag/models/reranker/README",
    ],
}

project = "Byline"
html_title = "Byline"
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = [f"{page}.md" for pages in PAGES.values() for page in pages]
include_patterns += ["README.md", "docs/*.md", "prompts/*.md"]
# docs/package.md is what a package registry shows, in place of the README.
exclude_patterns = [".*", "build", "tests", "docs/package.md"]
myst_heading_anchors = 3  # headings can be linked to as in the files: models.md#what-it-costs
highlight_language = "none"
smartquotes = False  # what stands in the files is what is meant

html_theme = "furo"  # brings no fonts, and loads nothing from elsewhere
html_copy_source = False
templates_path = ["_templates"]
html_additional_pages = {"index": "index.html"}  # leads to the README


def _prepared(app: Sphinx, page: str, source: list[str]) -> None:
    """Give the first page the list of all others; show what a language model is told as it is."""
    if page.startswith("prompts/"):
        source[0] = f"---\norphan: true\n---\n\n# {page}\n\n~~~~text\n{source[0]}\n~~~~\n"
    if page == root_doc:
        for caption, pages in PAGES.items():
            names = "\n".join(f"/{name}" for name in pages)
            source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{names}\n```\n"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _prepared)
