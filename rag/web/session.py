"""What one browser tab has set for itself. It lives in the server's memory as long as the tab."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from rag.errors import SettingsError
from rag.models.allowed_models import require_allowed
from rag.models.keys import ENVIRONMENT, Key
from rag.models.llm import LanguageModel, open_model
from rag.resources import Resources
from rag.schema import EXTRACTIVE
from rag.settings import Settings

LIMITS = {"answer_sentences": (1, 8), "passages": (1, 20), "threshold": (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Session:
    """Values in place of the settings', None where the tab has none of its own.

    `model` is what `llm` and `key` open; it and the key are in no text that this is printed as.
    `wanted` is a model that waits for a key. `unready`, of a model that stands in the field and
    cannot be used: the model, and why.
    """

    llm: str | None = None
    wanted: str | None = None
    unready: tuple[str, str] | None = None
    answer_sentences: int | None = None
    passages: int | None = None
    threshold: float | None = None
    preview: bool | None = None
    key: Key = ENVIRONMENT
    model: LanguageModel | None = field(default=None, repr=False, compare=False)


NO_OVERRIDES = Session()


def resources_for(session: Session, resources: Resources) -> Resources:
    """`resources` as this tab wants them: the same index, its own settings and model."""
    own = session.llm is not None or bool(session.key.value)
    model = session.model if own else resources.model
    return replace(resources, settings=settings_for(session, resources.settings), model=model)


def settings_for(session: Session, settings: Settings) -> Settings:
    """`settings` with the tab's own in their place.

    The address of a server belongs to the provider that is set: another provider's key must not
    go there.
    """
    names = ("llm", "answer_sentences", "passages", "threshold", "preview")
    own: dict[str, Any] = {
        name: value for name in names if (value := getattr(session, name)) is not None
    }
    if _provider(own.get("llm", settings.llm)) != _provider(settings.llm):
        own["llm_base_url"] = ""
    return replace(settings, **own)


def _provider(llm: str) -> str:
    return llm.partition(":")[0]


def with_model(session: Session, llm: str, settings: Settings) -> Session:
    """The session with another model, opened; nothing is sent yet.

    With another provider the tab's key is forgotten.

    Raises:
        SettingsError: `llm` names no usable model.
        LLMAuthenticationError: it wants a key that the server has not, or keeps to itself.

    """
    wanted = llm.strip() or EXTRACTIVE
    before = _provider(settings_for(session, settings).llm)
    llm_now = None if wanted == settings.llm else wanted
    changed = replace(session, llm=llm_now, wanted=None, unready=None)
    if _provider(wanted) != before:
        changed = replace(changed, key=ENVIRONMENT)  # a key is for one provider's eyes
    return _opened(changed, settings)


def with_key(session: Session, key: str, settings: Settings) -> Session:
    """The session with a key of its own; an empty one goes back to the environment's.

    It is for the model that waits for one, or else for the one that is chosen.

    Raises: as `with_model`.
    """
    value = key.strip()
    chosen = session.wanted or settings_for(session, settings).llm
    if value and chosen == EXTRACTIVE:
        raise SettingsError("Choose a model first: the key is for its provider alone.")
    if not value.isascii() or len(value.split()) > 1:
        raise SettingsError("A key is one word of plain letters and figures. Paste it again.")
    if value:
        session = replace(session, llm=None if chosen == settings.llm else chosen)
    return _opened(replace(session, wanted=None, unready=None, key=Key(value)), settings)


def without_model(session: Session, llm: str, why: str, *, waits: bool) -> Session:
    """The session as it is, though `llm` stands in the field; if it `waits`, for the next key."""
    name = llm.strip()
    return replace(session, wanted=name if waits else None, unready=(name, why))


def not_asked(session: Session, resources: Resources) -> str:
    """What an answer says of a model that stands in the field and was not asked; empty: none."""
    if session.unready is None:
        return ""
    (name, why), model = session.unready, resources_for(session, resources).model
    wrote = f"{model.name} answers" if model else "These are the articles' own sentences"
    return f"{name} was not asked. {why} {wrote} instead."


def _opened(session: Session, settings: Settings) -> Session:
    require_allowed(settings_for(session, settings).llm, session.key, settings)
    own = session.llm is not None or bool(session.key.value)
    model = open_model(settings_for(session, settings), session.key) if own else None
    return replace(session, model=model)


def with_values(session: Session, **values: float) -> Session:
    """The session with other values of `LIMITS`, each moved into its limits, or of `preview`.

    Raises:
        SettingsError: a value is not a number.

    """
    moved: dict[str, Any] = {}
    for name, value in values.items():
        if not isinstance(value, int | float) or value != value:  # NaN
            raise SettingsError(f"{name} must be a number.")
        low, high = LIMITS.get(name, (False, True))
        moved[name] = type(low)(min(max(value, low), high))
    return replace(session, **moved)
