"""A language model small enough to make in a test: random weights, a tokenizer of bytes."""

from pathlib import Path
from typing import Any

# A system message, then human and ai in turn.
_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_END, _PAD = "<|end|>", "<|pad|>"
_ROLES = ["<|system|>", "<|user|>", "<|assistant|>"]
# All that the model says: markers whole, half and wrong, and words to put them to.
_WORDS = [
    "The", " port", " pass", " closed", " 42", " centimetres", " snow", " [1]", "[2]", " [1,",
    " 3]", " [99]", " [", "]", ".", ".\n", "\n-", " **", " “", "”", " 【", "1", "】",
]  # fmt: skip


def make_tiny_model(folder: Path) -> None:
    """Write a Llama of two layers that says some dozens of the words above, at random."""
    import torch
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

    tokenizer, said = _tokenizer()
    tokenizer.save_pretrained(folder)
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=16384,
        bos_token_id=None,
        **ends,
    )
    torch.manual_seed(1)
    model = LlamaForCausalLM(config)
    model.generation_config = GenerationConfig(
        do_sample=True,
        min_new_tokens=20,
        exponential_decay_length_penalty=(30, 1.2),  # its end grows likelier from here on
        suppress_tokens=[at for at in range(len(tokenizer)) if at not in said],
        **ends,
    )
    model.save_pretrained(folder)


def _tokenizer() -> tuple[Any, set[int]]:
    """A tokenizer that reads any text byte by byte, and the tokens that the model may say."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    bytewise = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words = ["".join(piece for piece, _ in bytewise.pre_tokenize_str(word)) for word in _WORDS]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys([*letters, *words]))}
    plain = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    plain.pre_tokenizer = bytewise
    plain.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, eos_token=_END, pad_token=_PAD)
    tokenizer.add_special_tokens({"additional_special_tokens": _ROLES})
    tokenizer.chat_template = _TEMPLATE
    return tokenizer, {tokenizer.eos_token_id, *(vocabulary[word] for word in words)}
