"""What `byline doctor` looks at: the language model that is set, the weights, the index.

Each check gives one line; those that rest on a failed one are left out. No key is ever shown.
"""

from __future__ import annotations

import importlib.util
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPException

from rag.errors import (
    BylineError,
    LLMAuthenticationError,
    LLMError,
    LLMNotFound,
    LLMUnreachable,
)
from rag.models.embedding import Embedder
from rag.models.entailment import Entailment
from rag.models.keys import ENVIRONMENT, Key, redacted
from rag.models.llm import (
    PROVIDERS,
    LanguageModel,
    Provider,
    key_of,
    named,
    open_model,
    require_key,
    require_package,
)
from rag.models.reranking import Reranker
from rag.resources import NO_RERANKER, compute, open_resources
from rag.schema import EXTRACTIVE
from rag.settings import BY_MODEL, BY_RULES, Settings

_ONE_WORD = [("system", "Reply with one word."), ("human", "Is the sky above? Reply: yes.")]
_OLLAMA = "http://127.0.0.1:11434"  # where it listens unless told otherwise
_PATIENCE = 10.0  # seconds for a server's list of models
_NAMED = 5  # models of a server that are named where the one asked for is missing


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the diagnosis: what was looked at, and how it is or what is wrong."""

    subject: str
    ok: bool
    finding: str
    wants_key: bool = False  # another key, or one at all, would put it right

    def __str__(self) -> str:
        """The line as printed."""
        finding = " ".join(redacted(self.finding).split())
        return f"{'ok   ' if self.ok else 'WRONG'}  {self.subject}: {finding}"


def diagnose(settings: Settings) -> list[Verdict]:
    """Look at everything that `settings` name. Sends the language model one short question."""
    embedding = _loaded("embedding model", lambda: _load_embedding(settings))
    reranker = _loaded("reranker", lambda: _load_reranker(settings))
    found = [*look_at_model(settings), *_offered(settings), embedding, reranker]
    if settings.verify not in (BY_RULES, BY_MODEL):
        found.append(_loaded("verify model", lambda: _load_entailment(settings)))
    return [*found, _index(settings)] if embedding.ok else found


def look_at_model(settings: Settings, key: Key = ENVIRONMENT) -> Iterator[Verdict]:
    """Look at the language model alone; `key`, if not empty, in place of the environment's.

    Sends it one short question. The key is in no verdict.
    """
    for verdict in _language_model(settings, key):
        yield replace(verdict, finding=redacted(verdict.finding, key))


def choices(settings: Settings) -> list[str]:
    """Models to choose from, as `settings.llm` has them: the set one, and what servers list.

    Asks the server of `llm_base_url`, and Ollama if its package is installed.
    """
    found = [EXTRACTIVE, settings.llm, *settings.models]
    for name in _servers(settings):
        provider = PROVIDERS[name]
        with suppress(BylineError):  # a server that is not there has nothing to offer
            require_package(provider)
            url = _url_of(provider, replace(settings, llm_base_url=_base_url(name, settings)))
            models = _models(url.rstrip("/"), provider, settings) if url else []
            found += [f"{name}:{model.removesuffix(':latest')}" for model in models]
    return list(dict.fromkeys(found))


def ready() -> list[str]:
    """Names of the providers whose package is installed and that need no key or have one."""
    return [
        name
        for name, provider in PROVIDERS.items()
        if importlib.util.find_spec(provider.module) is not None
        and (not provider.keys or key_of(provider))
    ]


def _servers(settings: Settings) -> list[str]:
    """Providers whose server may be on this machine or is set."""
    own = settings.llm.partition(":")[0]
    set_ = [own] if settings.llm_base_url and own in PROVIDERS else []
    return list(dict.fromkeys([*set_, "ollama"]))


def _base_url(name: str, settings: Settings) -> str:
    return settings.llm_base_url if settings.llm.startswith(f"{name}:") else ""


def _language_model(settings: Settings, key: Key) -> Iterator[Verdict]:
    if settings.llm == EXTRACTIVE:
        yield Verdict("language model", True, "none; answers are the articles' own sentences")
        return
    subject = "name"
    try:
        provider, model = named(settings.llm)
        yield Verdict(subject, True, f"{settings.llm} is provider:model")
        subject = "package"
        require_package(provider)
        # imports a provider unknown here
        opened = None if provider.keys else open_model(settings, key)
        yield Verdict(subject, True, f"{provider.module} is installed")
        subject = "key"
        if not key.value:
            require_key(provider, settings)
        yield Verdict(subject, True, "one was given" if key.value else _key(provider))
        subject = "settings"
        opened = opened or open_model(settings, key)
    except BylineError as error:
        yield Verdict(subject, False, str(error), isinstance(error, LLMAuthenticationError))
        return
    if opened is not None:
        yield from _served(provider, model, settings, opened, key)


def _offered(settings: Settings) -> Iterator[Verdict]:
    """Whether visitors can have what `models` offers them. Sends nothing."""
    for llm in settings.models:
        own = replace(settings, llm=llm, llm_base_url=_base_url(llm.partition(":")[0], settings))
        try:
            provider, _ = named(llm)
            require_package(provider)
            require_key(provider, own)
        except BylineError as error:
            yield Verdict(f"offered {llm}", False, str(error))
        else:
            yield Verdict(f"offered {llm}", True, f"{provider.module}; {_key(provider)}")


def _key(provider: Provider) -> str:
    found = [name for name in provider.keys if os.environ.get(name)]
    return f"{found[0]} is set" if found else "none is set, and none is known to be needed"


def _served(
    provider: Provider, model: str, settings: Settings, opened: LanguageModel, key: Key
) -> Iterator[Verdict]:
    """Whether the server is there, has the model, and the model answers."""
    names: list[str] = []
    url = _url_of(provider, settings)
    if url:
        try:
            names = _models(url.rstrip("/"), provider, settings, key)
        except LLMError as error:
            yield Verdict("server", False, str(error))
            return
        yield Verdict("server", True, f"{url} answers")
    answer = _answer(opened, settings)
    listed = model in names or f"{model}:latest" in names
    if listed:
        yield Verdict("model", True, f"the server has {model}")
    elif names and not answer.ok:
        some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        yield Verdict("model", False, f"the server does not list {model}; it lists {some}")
    yield answer


def _url_of(provider: Provider, settings: Settings) -> str:
    """Where the provider's server is, if it is one's own; else empty."""
    url = settings.llm_base_url
    if provider.name == "ollama":
        url = url or os.environ.get("OLLAMA_HOST", "") or _OLLAMA
    return url if not url or "://" in url else f"http://{url}"


def _models(url: str, provider: Provider, settings: Settings, key: Key = ENVIRONMENT) -> list[str]:
    """The models that the server lists; empty if it lists none.

    Raises:
        LLMUnreachable: nobody answers at `url`.

    """
    path = "/api/tags" if provider.name == "ollama" else "/models"
    scheme, _, rest = url.partition("://")
    request = urllib.request.Request(f"{scheme}://{rest.rpartition('@')[2]}{path}")
    secret = key.value or key_of(provider)
    if secret:
        request.add_header("Authorization", f"Bearer {secret}")
    try:
        with urllib.request.urlopen(request, timeout=min(_PATIENCE, settings.llm_timeout)) as got:
            return _ids(got.read())
    except urllib.error.HTTPError as error:
        error.close()  # it is there, and says no: what it says to a question will show why
        return []
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise LLMUnreachable(
            f"{url} cannot be reached ({reason}). Start the server, or correct BYLINE_LLM_BASE_URL."
        ) from error


def _ids(body: bytes) -> list[str]:
    """The names in a list of models, of OpenAI's form or Ollama's; empty if it is neither."""
    try:
        found = json.loads(body)
        models = found.get("data") or found.get("models") or []
        return [str(item.get("id") or item.get("name")) for item in models]
    except (ValueError, AttributeError, TypeError):
        return []


def _answer(model: LanguageModel, settings: Settings) -> Verdict:
    """Whether the first word comes within the time-out."""
    started = time.perf_counter()
    reply = model.stream(_ONE_WORD)
    try:
        first = next(filter(None, reply), "")
        reply.close()
    except LLMError as error:
        said = f"{error}{_hint(error, settings.llm_base_url)}"
        return Verdict("answer", False, said, isinstance(error, LLMAuthenticationError))
    seconds = time.perf_counter() - started
    if not first:
        return Verdict("answer", False, f"{model.name} answers without a word")
    took = f"the first word came after {seconds:.1f} s"
    if seconds > settings.llm_timeout:
        return Verdict("answer", False, f"{took}, later than BYLINE_LLM_TIMEOUT allows")
    return Verdict("answer", True, took)


def _hint(error: LLMError, url: str) -> str:
    if not url or url.rstrip("/").endswith("/v1") or not isinstance(error, LLMNotFound):
        return ""
    return " Most servers want /v1 at the end of BYLINE_LLM_BASE_URL."


def _loaded(subject: str, load: Callable[[], str]) -> Verdict:
    try:
        return Verdict(subject, True, load())
    except BylineError as error:
        return Verdict(subject, False, str(error))


def _load_embedding(settings: Settings) -> str:
    embedder = Embedder(settings.embedding, compute(settings))
    columns = len(embedder.query("Is it there?"))
    return f"{settings.embedding}, {columns} numbers a passage"


def _load_reranker(settings: Settings) -> str:
    if settings.reranker == NO_RERANKER:
        return "none is set"
    Reranker(settings.reranker, compute(settings)).logits("Is it there?", ["It is."])
    return settings.reranker


def _load_entailment(settings: Settings) -> str:
    Entailment(settings.verify).judge([("It is.", "Is it there?")])
    return settings.verify


def _index(settings: Settings) -> Verdict:
    try:
        with open_resources(replace(settings, llm=EXTRACTIVE, verify=BY_RULES)) as resources:
            count = resources.index.catalogue().count()
            damage = resources.index.damage()
    except BylineError as error:
        return Verdict("index", False, str(error))
    if damage:
        return Verdict("index", False, damage)
    return Verdict("index", True, f"{settings.index}, {count} articles")
