"""A question as LangChain's tutorial on retrieval has one write it; a peer of `byline ask`.

    python -m benchmarks.speed.tutorial FOLDER QUESTION [--model FOLDER] [--kept FOLDER]

Load, split (1,000 characters, 200 overlap), embed by sentence-transformers, store in Chroma,
search; no language model. With `--kept` the store stays there, and the next run only asks: what is
compared with `byline ask` over an index that is built. Needs langchain-huggingface beside what
benchmarks/retrieval/requirements.txt lists.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from langchain_chroma import Chroma
from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

TEXTS = ("**/*.txt", "**/*.md", "**/*.html")  # what its TextLoader can take as it is


def main() -> None:
    """Index, unless kept, and print the passages nearest to the question."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder")
    options.add_argument("question")
    options.add_argument("--model", default="sentence-transformers/all-MiniLM-L6-v2")
    options.add_argument("--kept", type=Path)
    given = options.parse_args()
    embeddings = HuggingFaceEmbeddings(model_name=given.model)
    kept = given.kept and given.kept.is_dir()
    store = Chroma(
        embedding_function=embeddings,
        persist_directory=str(given.kept) if given.kept else None,
    )
    if not kept:
        documents = []
        for pattern in TEXTS:
            documents += DirectoryLoader(given.folder, glob=pattern, loader_cls=TextLoader).load()
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        store.add_documents(splitter.split_documents(documents))
    for document in store.similarity_search(given.question):
        print(document.page_content)


if __name__ == "__main__":
    main()
