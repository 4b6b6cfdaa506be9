"""The Settings tab: for this browser tab alone, and until it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import BylineError, LLMAuthenticationError
from rag.indexing import doctor
from rag.models import allowed_models
from rag.resources import Resources
from rag.schema import EXTRACTIVE
from rag.web.html import notices
from rag.web.session import (
    LIMITS,
    NO_OVERRIDES,
    Session,
    settings_for,
    waiting_for_key,
    with_key,
    with_model,
    with_values,
)
from rag.web.theme import NEWEST, QUIET

FIGURES = ("answer_sentences", "passages", "threshold")
LABELS = {
    "answer_sentences": ("Answer length", "Sentences of an answer in the articles' own words"),
    "passages": (
        "Passages",
        "How many passages an answer in the articles' own words is written from",
    ),
    "threshold": ("Threshold", "Below this chance Byline says that the articles do not answer"),
}
EXTRACTIVE_SAYS = "No language model: answers are the articles' own sentences."
KEY_SET = "A key is set for this tab. It is kept in memory and goes to the provider alone."
NO_KEY = "No key of its own: the server's environment gives one for the models of the list."


@dataclass(frozen=True, slots=True)
class Tuning:
    """The tab's widgets. `figures` are in the order of `FIGURES`."""

    model: gr.Dropdown
    check: gr.Button
    verdict: gr.HTML
    key: gr.Textbox
    use: gr.Button
    forget: gr.Button
    key_said: gr.HTML
    figures: tuple[gr.Slider, ...]
    preview: gr.Checkbox
    reset: gr.Button


def build(actions: Actions) -> Tuning:
    """Place the tab's widgets."""
    settings = actions.resources.settings
    gr.HTML(notices.settings_hint(), apply_default_css=False)
    with gr.Row(elem_id="model-row"):
        model = gr.Dropdown(
            allowed_models.offered(settings),
            value=settings.llm,
            label="Model",
            info="provider:model, such as ollama:llama3.2 or openai:gpt-4o-mini",
            allow_custom_value=True,
            elem_id="model",
        )
        check = gr.Button("Check", size="sm", elem_id="model-check")
    verdict = gr.HTML(actions.unchecked(NO_OVERRIDES), apply_default_css=False, elem_id="verdict")
    with gr.Row(elem_id="key-row"):
        key = gr.Textbox(
            label="Key for this tab",
            type="password",
            placeholder="Paste a key of the model's provider",
            max_length=500,
            elem_id="key",
            html_attributes=gr.InputHTMLAttributes(
                autocomplete="off", spellcheck=False, autocorrect="off"
            ),
        )
        use = gr.Button("Use it", size="sm", elem_id="key-use")
        forget = gr.Button("Forget the key", size="sm", visible=False, elem_id="key-forget")
    said = gr.HTML(notices.key_line(NO_KEY), apply_default_css=False, elem_id="key-said")
    with gr.Column(elem_id="figures"):
        figures = tuple(_slider(name, actions) for name in FIGURES)
        preview = gr.Checkbox(
            value=settings.preview,
            label="Show the articles' own words while a language model still writes",
        )
    reset = gr.Button("Back to the server's settings", size="sm", elem_id="reset")
    return Tuning(model, check, verdict, key, use, forget, said, figures, preview, reset)


def _slider(name: str, actions: Actions) -> gr.Slider:
    low, high = LIMITS[name]
    label, info = LABELS[name]
    return gr.Slider(
        low,
        high,
        value=getattr(actions.resources.settings, name),
        step=0.05 if isinstance(low, float) else 1,
        label=label,
        info=info,
    )


def wire(tab: Tuning, opened: gr.Tab, session: gr.State, actions: Actions) -> None:
    """Wire the tab to the session, which the other tabs read."""
    keyed = [session, tab.verdict, tab.key, tab.key_said, tab.forget]
    # `input`, not `change`: what the page itself sets is no choice of the user's
    tab.model.input(actions.choose, [session, tab.model], keyed, **NEWEST)
    tab.check.click(actions.check, [session], tab.verdict, **QUIET)
    tab.use.click(actions.use_key, [session, tab.key], keyed, **QUIET)
    tab.key.submit(actions.use_key, [session, tab.key], keyed, **QUIET)
    tab.forget.click(actions.forget_key, [session], keyed, **QUIET)
    for name, slider in zip(FIGURES, tab.figures, strict=True):
        slider.input(_setter(name), [session, slider], session, **NEWEST)
    tab.preview.input(set_preview, [session, tab.preview], session, **NEWEST)
    tab.reset.click(actions.reset, None, [*keyed, tab.model, *tab.figures, tab.preview], **QUIET)
    opened.select(actions.offer, [session], tab.model, **QUIET)


def _setter(name: str) -> Any:
    def set_value(session: Session, value: float) -> Session:
        """Keep one figure."""
        return with_values(session, **{name: value})

    return set_value


def set_preview(session: Session, value: bool) -> Session:
    """Keep whether the articles' own words come first."""
    return with_values(session, preview=bool(value))


@dataclass(frozen=True, slots=True)
class Actions:
    """What the tab's events do. No key is returned, shown, logged or stored by any of them."""

    resources: Resources

    def offer(self, session: Session) -> gr.Dropdown:
        """Offer the models that there are now."""
        ours = self.resources.settings
        settings = settings_for(session, ours)
        found = (
            allowed_models.offered(ours) if allowed_models.is_shared(ours) else doctor.choices(ours)
        )
        return gr.Dropdown(choices=list(dict.fromkeys([*found, settings.llm])))

    def choose(self, session: Session, llm: str | None) -> Iterator[tuple[Any, ...]]:
        """Take another model and check it; one that cannot be used leaves the one before."""
        try:
            changed = with_model(session, llm or "", self.resources.settings)
        except LLMAuthenticationError as error:
            waiting = waiting_for_key(session, llm or "")
            yield waiting, notices.verdict(False, str(error)), *_key_shown(waiting)
            return
        except BylineError as error:
            yield session, notices.verdict(False, str(error)), *_key_shown(session)
            return
        yield changed, notices.verdict(None, "Asking the model one word…"), *_key_shown(changed)
        yield changed, self._checked(changed), *_key_shown(changed)

    def check(self, session: Session) -> Iterator[str]:
        """Check the model that is chosen."""
        yield notices.verdict(None, "Asking the model one word…")
        yield self._checked(session)

    def use_key(self, session: Session, key: str | None) -> tuple[Any, ...]:
        """Take a key for this tab; the field is emptied whatever comes of it."""
        if not (key or "").strip():
            return gr.skip(), gr.skip(), "", gr.skip(), gr.skip()
        try:
            changed = with_key(session, key or "", self.resources.settings)
        except BylineError as error:
            return session, notices.verdict(False, str(error)), *_key_shown(session)
        return changed, self.unchecked(changed), *_key_shown(changed)

    def forget_key(self, session: Session) -> tuple[Any, ...]:
        """Go back to the key of the server's environment, or to none."""
        try:
            changed = with_key(session, "", self.resources.settings)
        except BylineError as error:  # the model cannot do without: its own sentences can
            changed = with_model(session, EXTRACTIVE, self.resources.settings)
            return changed, notices.verdict(False, str(error)), *_key_shown(changed)
        return changed, self.unchecked(changed), *_key_shown(changed)

    def reset(self) -> tuple[Any, ...]:
        """Forget everything that this tab has set."""
        settings = self.resources.settings
        figures = [getattr(settings, name) for name in FIGURES]
        shown = (NO_OVERRIDES, self.unchecked(NO_OVERRIDES), *_key_shown(NO_OVERRIDES))
        return *shown, settings.llm, *figures, settings.preview

    def unchecked(self, session: Session) -> str:
        """Return the line beside a model that was not asked yet."""
        llm = settings_for(session, self.resources.settings).llm
        if llm == EXTRACTIVE:
            return notices.verdict(True, EXTRACTIVE_SAYS)
        return notices.verdict(None, f"{llm}: press Check to ask it one word.")

    def _checked(self, session: Session) -> str:
        """Return the doctor's verdict in one line: the first thing that is wrong, or the last."""
        settings = settings_for(session, self.resources.settings)
        if settings.llm == EXTRACTIVE:
            return notices.verdict(True, EXTRACTIVE_SAYS)
        found = list(doctor.look_at_model(settings, session.key))
        wrong = next((item for item in found if not item.ok), None)
        if wrong is not None:
            return notices.verdict(False, wrong.finding)
        return notices.verdict(True, f"{settings.llm} answers; {found[-1].finding}.")


def _key_shown(session: Session) -> tuple[Any, ...]:
    """Return the emptied field, what is said of the key, and the button that forgets it."""
    held = bool(session.key.value)
    return "", notices.key_line(KEY_SET if held else NO_KEY), gr.Button(visible=held)
