"""A model of natural language inference small enough to make in a test."""

from collections.abc import Mapping
from pathlib import Path

LABELS = {0: "entailment", 1: "neutral", 2: "contradiction"}


def make_tiny_entailment(
    folder: Path, labels: Mapping[int, str] = LABELS, always: int | None = None
) -> str:
    """Save a BERT of two layers with random weights; `always`: the label that it gives to all."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789"]
    words += [f"##{word}" for word in words[5:]]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(1)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            id2label=dict(labels),
            label2id={name: at for at, name in labels.items()},
        )
    )
    if always is not None:
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.eye(len(labels))[always] * 9)
    model.save_pretrained(folder)
    return str(folder)
