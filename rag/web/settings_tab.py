"""The Settings tab: for this browser tab alone, and until it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import BylineError, LLMAuthenticationError, SettingsError
from rag.indexing import doctor
from rag.models import allowed_models
from rag.resources import Resources
from rag.schema import EXTRACTIVE
from rag.settings import Settings
from rag.web.html import notices
from rag.web.session import (
    LIMITS,
    NO_OVERRIDES,
    Session,
    settings_for,
    with_key,
    with_model,
    with_values,
    without_model,
)
from rag.web.theme import NEWEST, QUIET

OWN_WORDS = "The articles' own words"
# How sure an answer must be, in words, and the chance (0..1) below which Byline says that the
# articles do not answer. Only in front of an answer in the articles' own words.
STANCES = {
    "Only when sure": 0.6,
    "Careful": 0.4,
    "Balanced": 0.2,
    "Bold": 0.1,
    "Boldest": 0.0,
}
FIGURES = {
    "answer_sentences": ("Length", "Sentences of an answer, at most"),
    "passages": ("Places read", "From how many places in the articles an answer is written"),
}
ASKING = "Asking {} one word…"
KEY_SET = "A key is set for this tab. It is kept in memory and goes to the provider alone."
NO_KEY = "This tab has no key of its own: the models of the list use the server's, if it has one."
WANTS_KEY = "It needs a key. Paste one {}."
KEY_REFUSED = "The key was refused. Paste another one below."


@dataclass(frozen=True, slots=True)
class Tuning:
    """The tab's widgets. `figures` are in the order of `FIGURES`, and last how sure to be."""

    model: gr.Dropdown
    check: gr.Button
    verdict: gr.HTML
    key: gr.Textbox
    use: gr.Button
    forget: gr.Button
    key_said: gr.HTML
    figures: tuple[Any, ...]
    preview: gr.Checkbox
    reset: gr.Button

    @property
    def fields(self) -> list[Any]:
        """What stands on the page and makes a session, but for the key."""
        return [self.model, *self.figures, self.preview]

    def keyed(self, session: gr.State) -> list[Any]:
        """What a change of the model or of the key shows anew."""
        return [session, self.verdict, self.key, self.key_said, self.forget]


def stance_of(threshold: float) -> str:
    """Return the words for a threshold, which may lie between two of `STANCES`."""
    return min(STANCES, key=lambda stance: abs(STANCES[stance] - threshold))


def called(llm: str) -> str:
    """Return what a model is called on the page."""
    return OWN_WORDS if llm == EXTRACTIVE else llm


def build(actions: Actions) -> Tuning:
    """Place the tab's widgets."""
    settings = actions.resources.settings
    gr.HTML(notices.settings_hint(), apply_default_css=False)
    with gr.Row(elem_id="model-row"):
        model = gr.Dropdown(
            _choices(allowed_models.offered(settings)),
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
    preview = gr.Checkbox(
        value=settings.preview,
        label="Show the articles' own words while a language model still writes",
        elem_id="preview",
    )
    with gr.Accordion("Advanced", open=False, elem_id="advanced"):
        gr.HTML(notices.advanced_hint(), apply_default_css=False)
        with gr.Column(elem_id="figures"):
            figures = (*(_slider(name, settings) for name in FIGURES), _stances(settings))
    reset = gr.Button("Back to the server's settings", size="sm", elem_id="reset")
    return Tuning(model, check, verdict, key, use, forget, said, figures, preview, reset)


def _choices(models: Sequence[str]) -> list[tuple[str, str]]:
    return [(called(llm), llm) for llm in dict.fromkeys(models)]


def _slider(name: str, settings: Settings) -> gr.Slider:
    low, high = LIMITS[name]
    label, info = FIGURES[name]
    return gr.Slider(low, high, value=getattr(settings, name), step=1, label=label, info=info)


def _stances(settings: Settings) -> gr.Radio:
    return gr.Radio(
        [*STANCES],
        value=stance_of(settings.threshold),
        label="How sure",
        info="Else Byline says that the articles do not answer. “Boldest” never says so.",
        elem_id="stance",
    )


def wire(tab: Tuning, opened: gr.Tab, session: gr.State, actions: Actions) -> None:
    """Wire the tab to the session, which the other tabs read."""
    keyed = tab.keyed(session)
    # `input`, not `change`: what the page itself sets is no choice of the user's. To check is to
    # take what stands in the field, chosen or only typed.
    taken = [tab.model.input, tab.check.click]
    gr.on(taken, actions.choose, [session, tab.model], keyed, **NEWEST)
    tab.use.click(actions.use_key, [session, tab.key], keyed, **QUIET)
    tab.key.submit(actions.use_key, [session, tab.key], keyed, **QUIET)
    tab.forget.click(actions.forget_key, [session], keyed, **QUIET)
    *sliders, stances = tab.figures
    for name, slider in zip(FIGURES, sliders, strict=True):
        slider.input(_setter(name), [session, slider], session, **NEWEST)
    stances.input(set_stance, [session, stances], session, **NEWEST)
    tab.preview.input(set_preview, [session, tab.preview], session, **NEWEST)
    tab.reset.click(actions.reset, None, [*keyed, *tab.fields], **QUIET)
    opened.select(actions.offer, [session], tab.model, **QUIET)


def _setter(name: str) -> Any:
    def set_value(session: Session, value: float) -> Session:
        """Keep one figure."""
        return with_values(session, **{name: value})

    return set_value


def set_stance(session: Session, stance: str) -> Session:
    """Keep how sure an answer must be.

    Raises:
        SettingsError: it is none of `STANCES`.

    """
    if stance not in STANCES:
        raise SettingsError(f"{stance} is none of {', '.join(STANCES)}.")
    return with_values(session, threshold=STANCES[stance])


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
        return gr.Dropdown(choices=_choices([*found, settings.llm]))

    def choose(self, session: Session, llm: str | None) -> Iterator[tuple[Any, ...]]:
        """Take the model that stands in the field and check it.

        One that cannot be used leaves the one before, and each answer says so.
        """
        changed, wrong = self._taken(session, llm or EXTRACTIVE)
        if wrong:
            yield changed, wrong, *_key_shown(changed)
            return
        own = settings_for(changed, self.resources.settings)
        if own.llm != EXTRACTIVE:
            asking = notices.verdict(None, ASKING.format(own.llm))
            yield changed, asking, *_key_shown(changed)
        yield changed, self._checked(changed), *_key_shown(changed)

    def _taken(self, session: Session, llm: str) -> tuple[Session, str]:
        """Return the session with this model, and why it has it not; empty if it has."""
        name = EXTRACTIVE if llm.strip() == OWN_WORDS else llm.strip()
        try:
            return with_model(session, name, self.resources.settings), ""
        except LLMAuthenticationError as error:
            ours = self.resources.settings
            free = not allowed_models.is_shared(ours) or name in allowed_models.offered(ours)
            here, there = (
                WANTS_KEY.format(where) if free else str(error)
                for where in ("below", "in the Settings tab")
            )
            waiting = without_model(session, name, there, waits=True)
            return waiting, _not_ready(name, here)
        except BylineError as error:
            without = without_model(session, name, str(error), waits=False)
            return without, _not_ready(name, str(error))

    def restored(self, llm: str | None, *values: Any) -> tuple[Any, ...]:
        """Return what the fields of the page make of a session that the server has lost."""
        settings, session = self.resources.settings, NO_OVERRIDES
        *figures, stance, preview = values
        for name, value in (*zip(FIGURES, figures, strict=True), ("preview", preview)):
            if value is not None and value != getattr(settings, name):
                session = with_values(session, **{name: value})
        if stance in STANCES and stance != stance_of(settings.threshold):
            session = set_stance(session, stance)
        changed, wrong = self._taken(session, llm or EXTRACTIVE)
        return changed, wrong or self.unchecked(changed), *_key_shown(changed)

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
        llm = settings_for(session, self.resources.settings).llm
        try:
            changed = with_key(session, "", self.resources.settings)
        except BylineError:  # the model cannot do without: its own sentences can
            changed = with_model(session, EXTRACTIVE, self.resources.settings)
            changed, wrong = self._taken(changed, llm)
            return changed, wrong, *_key_shown(changed)
        return changed, self.unchecked(changed), *_key_shown(changed)

    def reset(self) -> tuple[Any, ...]:
        """Forget everything that this tab has set."""
        settings = self.resources.settings
        figures = [getattr(settings, name) for name in FIGURES]
        shown = (NO_OVERRIDES, self.unchecked(NO_OVERRIDES), *_key_shown(NO_OVERRIDES))
        return *shown, settings.llm, *figures, stance_of(settings.threshold), settings.preview

    def unchecked(self, session: Session) -> str:
        """Return the line beside a model that was not asked yet."""
        llm = settings_for(session, self.resources.settings).llm
        if llm == EXTRACTIVE:
            return notices.verdict(True, f"{OWN_WORDS}: no language model is asked.")
        return notices.verdict(None, f"{llm}: press Check to ask it one word.")

    def _checked(self, session: Session) -> str:
        """Return the doctor's verdict in one line: the first thing that is wrong, or the last."""
        settings = settings_for(session, self.resources.settings)
        if settings.llm == EXTRACTIVE:
            return self.unchecked(session)
        found = list(doctor.look_at_model(settings, session.key))
        wrong = next((item for item in found if not item.ok), None)
        if wrong is None:
            return notices.verdict(True, f"{settings.llm} answers; {found[-1].finding}.")
        return _not_ready(settings.llm, KEY_REFUSED if wrong.wants_key else wrong.finding)


def _not_ready(llm: str, why: str) -> str:
    return notices.verdict(False, why if llm in why else f"{llm}: {why}")


def _key_shown(session: Session) -> tuple[Any, ...]:
    """Return the emptied field, what is said of the key, and the button that forgets it."""
    held = bool(session.key.value)
    return "", notices.key_line(KEY_SET if held else NO_KEY), gr.Button(visible=held)
