from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def load(
    toml: str = "", env: dict[str, str] | None = None, tmp: Path | None = None, **over: object
) -> Settings:
    file = (tmp or Path("/nonexistent")) / "byline.toml"
    if tmp:
        file.write_text(toml, encoding="utf-8")
    return load_settings(over, environ=env or {}, file=file)


def test_flags_beat_the_environment_beats_the_file(tmp_path: Path) -> None:
    toml = 'passages = 3\nport = 1000\nllm = "openai:a"'
    got = load(toml, {"BYLINE_PORT": "2000", "BYLINE_LLM": "openai:b"}, tmp_path, llm="openai:c")
    assert (got.passages, got.port, got.llm) == (3, 2000, "openai:c")


def test_none_among_the_flags_means_not_given() -> None:
    assert load(index=None) == Settings()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"BYLINE_LMM": "x"}, "BYLINE_LMM: no such setting. Did you mean llm?"),
        ({"BYLINE_PORT": "high"}, "BYLINE_PORT: 'high' is not a int"),
        ({"BYLINE_THRESHOLD": "2"}, "threshold is 2.0"),
        ({"BYLINE_PASSAGES": "0"}, "passages is 0; at least 1"),
        ({"BYLINE_EVIDENCE_WORDS": "-1"}, "evidence_words is -1; at least 0"),
        ({"BYLINE_CHROMA": "localhost:8000"}, "http://host:port"),
        ({"BYLINE_AUTH": "me"}, "user:password"),
        ({"BYLINE_AUTH": "me:"}, "the password is empty"),
        ({"BYLINE_AUTH": ":secret"}, "the name is empty"),
        ({"BYLINE_AUTH": ":"}, "auth must be user:password"),
        ({"BYLINE_AUTH": "m\ne:secret"}, "control characters"),
        ({"BYLINE_AUTH": "me:x", "BYLINE_USERS": "f"}, "auth and users both say who may come in"),
        ({"BYLINE_PROXY_USER_HEADER": "X-User"}, "the address in proxy: set both"),
        ({"BYLINE_PROXY": "127.0.0.1"}, "set proxy_user_header too"),
        ({"BYLINE_PROXY": "here", "BYLINE_AUTH": "me:x"}, "'here' is no address or network"),
        ({"BYLINE_PROXY": "0.0.0.0/0", "BYLINE_AUTH": "me:x"}, "0.0.0.0/0 is everybody"),
        ({"BYLINE_PROXY": "::1", "BYLINE_PROXY_USER_HEADER": "X User"}, "no header's name"),
        ({"BYLINE_INFERENCE": "onnx"}, "inference is 'onnx'; it must be one of auto, openvino"),
        ({"BYLINE_PRECISION": "int8"}, "precision is 'int8'; it must be one of auto, f32"),
        ({"BYLINE_LLM_TIMEOUT": "0"}, "above 0 seconds"),
        ({"BYLINE_LLM_DEADLINE": "inf"}, "above 0 seconds"),
        ({"BYLINE_VERIFY": " "}, "verify is empty; it must be 'rules', 'model', or a folder"),
        ({"BYLINE_MODELS": "openai:a,gpt-4o"}, "models: 'gpt-4o' must be provider:model"),
    ],
)
def test_says_which_setting_is_wrong(env: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(env=env)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "toml", ["passages = ", "colour = 1", "passages = true", "port = [1]", "models = 3"]
)
def test_a_bad_file_is_named(tmp_path: Path, toml: str) -> None:
    with pytest.raises(SettingsError, match="byline.toml"):
        load(toml, tmp=tmp_path)


@pytest.mark.parametrize(("word", "on"), [("off", False), ("No", False), ("1", True), ("ON", True)])
def test_a_switch_is_turned_by_a_word(word: str, on: bool) -> None:
    assert load(env={"BYLINE_PREVIEW": word}).preview is on


def test_a_switch_is_turned_in_the_file(tmp_path: Path) -> None:
    assert load("preview = false", tmp=tmp_path).preview is False
    with pytest.raises(SettingsError, match="neither on nor off"):
        load(env={"BYLINE_PREVIEW": "perhaps"})


def test_a_list_of_models(tmp_path: Path) -> None:
    assert load('models = ["openai:a", "mistral:b"]', tmp=tmp_path).models == (
        "openai:a",
        "mistral:b",
    )
    assert load(env={"BYLINE_MODELS": " openai:a, ,mistral:b,openai:a"}).models == (
        "openai:a",
        "mistral:b",
    )
    assert load(env={"BYLINE_MODELS": ""}).models == ()
    with pytest.raises(SettingsError, match="byline.toml: .* is not a list of names"):
        load("models = [1]", tmp=tmp_path)
