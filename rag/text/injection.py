"""Words of an article that address a language model, not a reader.

An article is material. Nothing here stops a model from obeying one: passages are delimited in the
prompt, answers are rendered as text, citations are checked. This warns the reader, who sees at
the passage why it looks odd, and keeps an article's own "[1]" from being read as a citation.

Rules of thumb. Real news is flagged about once in 2,500 passages; of orders put in words that the
rules were not made from, only about one in three is. So a passage without a warning proves nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rag.schema import Article, Passage

INSTRUCTIONS = "looks like instructions to a language model"
INVISIBLE = "holds invisible characters"
MIXED = "mixes letters of two alphabets within a word"
MARKUP = "holds markup that would load or run something"
_SHOWN = 60  # characters of the words that a warning repeats


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` is looked for only where one of the `clues` (lower case) is in the text."""

    clues: tuple[str, ...]
    pattern: re.Pattern[str]
    reason: str = INSTRUCTIONS


def _rule(clues: str, pattern: str, reason: str = INSTRUCTIONS) -> _Rule:
    """`clues` are separated by commas; white space in `pattern` has no meaning."""
    flags = re.IGNORECASE | re.VERBOSE | re.MULTILINE
    return _Rule(tuple(clues.split(",")), re.compile(pattern, flags), reason)


_TOLD = r"(?:instructions?|prompts?|rules|guidelines|guidance|directives|system\s+message)"
_WHICH = (
    r"(?:(?:all|any|every|everything|anything|the|of|your|my|our|these|those|this|that|other|and|or"
    r"|prior|previous(?:ly)?|preceding|earlier|above|foregoing|initial|original|system|existing"
    r"|current|past|given|safety|stated)\s+)"
)
_MODEL = (
    r"(?:ai|a\.i\.|llms?|(?:large\s+)?language\s+models?|chat\s?bots?|chatgpt|gpt(?:-?\d\w*)?|claude"
    r"|gemini|ai\s+(?:assistants?|models?|systems?|agents?))"
)
_RULES = (
    _rule(
        "ignor,disregard,forget,override,overrule,bypass,supersede,follow,obey,heed,comply,discard,drop,"
        "abandon,set aside,throw out",
        rf"""\b(?:ignore|ignoring|disregard|disregarding|forget|override|overrule|bypass|supersede
          |discard|drop|abandon|set\s+aside|throw\s+out)s?\s+
        (?: {_WHICH}{{1,7}} {_TOLD}\b
          | {_WHICH}{{0,7}} (?: above\b(?!\s+(?:all|board|average))
              | (?:passages?|messages?|context|conversation|sources?|text)\s+
                (?:above|before|so[ ]far)
              | you\s+(?:were|have\s+been)\s+told
              | what(?:ever)?\s+(?:\w+\s+){{1,3}}(?:before|above|earlier)\b ))
        | \b(?:do\s+not|don['’]t|stop|without)\s+(?:follow|obey|heed|comply\s+with)(?:ing)?\s+
          {_WHICH}{{1,7}} {_TOLD}\b""",
    ),
    _rule(
        "you are now,you're now,from now on,from here on,your new,your true,your real,act as,"
        "pretend,roleplay,role-play,role play,developer mode,jailbr,stay in character,simulate",
        rf"""\b(?:you\s+are|you['’]re)\s+now\s+(?:\w+\s+){{0,4}}
              (?:{_MODEL}|assistant|bot|model|dan|mode|persona|character|unrestricted|unfiltered)\b
        | \b(?:act\s+as|pretend\s+(?:to\s+be|that\s+you\s+are|you\s+are)|simulate)\s+
              (?:\w+\s+){{0,5}}
              (?:{_MODEL}|assistant|bot|terminal|interpreter|without\s+restrictions)\b
        | \bfrom\s+(?:now|here)\s+on,?\s+
              (?:you|your|call|reply|answer|respond|speak|act|write|only)\b
        | \b(?:enter|enable|switch\s+to|activate)\s+(?:\w+\s+){{0,2}}
              (?:developer|debug|god|dan)\s+mode
        | \byour\s+(?:new|true|real)\s+(?:role|purpose|objective|task|goal)\s+is\b
        | \bjailbr(?:eak|oken)\s+mode
        | \brole-?[ ]?play\s+(?:as|with|a)\b.{{0,60}}\b(?:{_MODEL}|assistant|bot|persona)\b
        | \bstay\s+in\s+character\b.{{0,60}}\b(?:answer|repl(?:y|ies)|respon\w+)""",
    ),
    _rule(
        "<,[inst,[/inst,[system,{{,user:,human:",
        r"""<\s*/?\s*(?:system|instructions?|prompt|assistant|user|human|passage|context|documents?
                |tools?|tool_?calls?|function_?calls?|invoke|answer|sources?|admin|important|secret)\b[^<>]{0,80}/?>
        | <\|[a-z_ ]{2,30}\|> | <</?sys>> | <(?:start|end)_of_turn> | \[/?inst\]
        | \[/?\s*system(?:[ ](?:message|prompt|note))?\s*[\]:] | \{\{\s*[/\#]?\w+\s*\}\}
        | \b(?:user|human)\s*:[^\n]{0,200}?\s(?:assistant|ai|bot|model)\s*:""",
    ),
    _rule(
        "system prompt,system message,system:,assistant:,instruction:,instructions:,"
        "### response,begin system,new instructions,system override,system notice",
        r"""\b(?:print|reveal|repeat|show|output|quote|leak|your|the|new|hidden|begin|end|of)\s+
              (?:\w+\s+){0,2}system\s+prompt\b
        | ^\W*(?:system|assistant)\s*:\s*\S
        | \#{2,}\s*(?:system|instructions?|response|human|assistant)\b
        | \b(?:new|updated|additional|hidden|final|special)\s+instructions?\s*:
        | \bsystem\s+(?:override|message|notice|prompt)\s*[:\]—–-]""",
    ),
    _rule(
        ' ai,\nai,“ai,"ai,(ai,a.i.,llm,language model,chatbot,chat bot,assistant,gpt,claude,gemini,'
        "summari,crawler",
        rf"""\b(?:note|notice|attention|message|instructions?|reminder|memo|important|warning|hint)\s*
              (?:to|for|:|,|-|—)\s*(?:all\s+|any\s+|every\s+|the\s+|an?\s+)?
              (?:{_MODEL}|automated\s+\w+|assistants?\b(?!\s+(?:coach|manager|secretary|professor))
                |summari[sz]ers?|crawlers?)\b
              (?:\s+\w+ing\b|\s+only|\s*[:,.!—-]|\s+(?:and|or)\s+{_MODEL}|$)
        | \b(?:if|when|since|as)\s+you\s+are\s+(?:an?|the)\s+(?:\w+\s+){{0,2}}
              (?:{_MODEL}|assistant|bot)\b
        | \b(?:dear|hello|hi|hey)\s+(?:{_MODEL}|assistant|model|chat\s?bot)\b
        | \b(?:any|every|all|the|an?)\s+{_MODEL}\s+(?:that\s+|who\s+|which\s+)?
              (?:reads?|reading|processing|process|summari[sz](?:es?|ing)|answering)\s+
              (?:this|these|from)\b
        | \b(?:assistant|{_MODEL})\s*[,:]\s*(?:please\s+)?(?:you\s+(?:must|should|will|are)
              |do\s+not|ignore|answer|reply|respond|say|write|print|output|tell\s+the|translate
              |summari[sz]e|describe|recommend|rate|repeat|insert|append|include)\b""",
    ),
    _rule(
        "your answer,your reply,your replies,your response,your output,your summary,your answers,"
        "your responses,the answer,every answer,each answer,every reply,"
        "the reply,the response,the user,sentence,the reader,the question",
        r"""\b(?:begin|start|end|close|finish|open|preface|prefix|precede|follow|conclude|append|add|insert
              |include|put|place|embed|attach|wrap|sign|mark|render|write|format|replace|hide)\b
              (?=[^.\n]{0,80}\b(?:your|every|each|the|any)\s+(?:final\s+|next\s+|whole\s+)?
              (?:answers?|repl(?:y|ies)|responses?|output|summar(?:y|ies))\b)
              [^.\n]{0,90}?(?:\b(?:with|by|in|to|as|of|before|after)\b)
              (?=[^\n]{0,90}(?:\b(?:words?|phrases?|text|links?|images?|marker|line|token|key|emoji|json
              |markdown|html|code|sentence|base64|passwords?|citations?|tag|exactly|following|only)\b
              |[“"'‘‹«\[!<`{【:]))
        | \b(?:your|the)\s+(?:final\s+)?(?:answer|reply|response|output)\s+
              (?:must|shall|has\s+to|should)\s+
              (?:be|only|contain|consist|include|end|begin|start|read|not)\b
        | \b(?:tell|inform|ask|convince|urge|direct|send)\s+the\s+user\b
        | \bwhen\s+(?:the\s+user\s+asks|asked\s+(?:about|anything|the|this|any)|answering
              |you\s+(?:answer|reply|respond|summari[sz]e))\b[^.\n]{0,80}?[,:]\s*(?:you\s+(?:must|should|will)\s+)?
              (?:say|answer|reply|respond|always|only|do\s+not|never|cite|include|write|print|append)\b
        | \b(?:do\s+not|don['’]t|never)\s+(?:mention|reveal|show|tell|say|repeat|cite)\b[^.\n]{0,60}
              \bto\s+the\s+(?:user|reader)\b""",
    ),
    _rule(
        "respond,reply,answer,output,print,repeat,say ,write",
        rf"""(?:^|[.!?:;,”"\)\]>}}]\s+|\n|\b(?:please|must|you|and|then|now|instead)\s+)
              (?:respond|reply|answer|output|print|repeat|say|write)\s+
              (?:(?:only|instead|simply|just|exactly|always|nothing\s+but)\s+)*
              (?: with\s+(?:only|exactly|just|nothing\s+but
                  |the\s+(?:single\s+|exact\s+)?(?:words?|phrase|line|text))\b
                | (?:only|exactly|nothing\s+but)\s+[“"'‘:`]
                | (?:only\s+)?(?:in|as)\s+
                  (?:json|base64|markdown|html|rot13|a\s+pirate|the\s+voice)\b
                | the\s+(?:following|word|words|phrase)\b[^.\n]{{0,30}}[:“"'‘`] | (?:this\s+)?json\b
                | every\s+question\s+with\b | any\s+question\s+with\b
                | (?:all|any|everything|the\s+(?:text|words|prompt|conversation))\b[^.\n]{{0,30}}
                  \b(?:above|{_TOLD})\b )""",
    ),
    _rule(
        "api key,api_key,apikey,secret key,environment variable,access token,password,credential,"
        "your instructions,your configuration,your rules,your settings",
        r"""\b(?:reveal|print|show|output|repeat|disclose|leak|give|send|tell|list|include|expose|dump|quote
              |append|post|email|read\s+out|write)\s+(?:\w+\s+){0,4}?
              (?:(?:your|the\s+(?:user|system|server|operator|provider)['’]?s?|all|any)\s+)(?:\w+\s+){0,2}
              (?:api[ _]?keys?|secret\s+keys?|environment\s+variables?|access\s+tokens?|credentials
              |instructions|configuration|hidden\s+rules)\b
        | \b(?:OPENAI|ANTHROPIC|BYLINE|AWS)_[A-Z_]{3,}""",
    ),
    _rule(
        "cite,citation,source,passage,marker,footnote,bracket",
        r"""\b(?:cite|mark|attribute|credit|number)\b[^.\n]{0,50}?\b(?:as|with|to|by|under)\b[^.\n]{0,15}?
              (?:\[\s*\d+\s*\]|【\s*\d+\s*】|(?:passage|source|number|marker)\s+\d+)
        | \b(?:do\s+not|don['’]t|never|without|stop)\s+(?:use\s+|adding\s+)?
              (?:cit(?:e|ing|ations?)|markers?)\b(?=[^.\n]{0,50}
              \b(?:passages?|sources?|articles?|answer|marker|number|this)\b)
        | \b(?:cite|use|trust|prefer)\s+(?:only\s+)?(?:this|the\s+present)\s+
              (?:passage|article|document|source)\b
              [^.\n]{0,40}\b(?:only|alone|instead|over|above|for\s+every)\b
        | \bthe\s+(?:other|remaining|preceding|previous)\s+passages?\b
        | \bthe\s+(?:right|correct|only)\s+(?:citation|marker|source\s+number)\b
        | \bpassages?\s+(?:is|are|was)\s+(?:an?\s+)?(?:forger\w+|fake|false|wrong|trick|retracted)
        | \b(?:passage|source)\s+\d+\s+(?:is|are|was)\s+
              (?:false|fake|wrong|outdated|retracted|unreliable)
        | \bcite\s+(?:\[\s*\d+\s*\]|【\s*\d+\s*】)""",
    ),
    _rule(
        'answer:,answer :,"answer",\'answer\',"role",\'role\',"citations","tool,"function,'
        '"status",question:',
        r"""^\W*(?:final\s+|correct\s+|model\s+)?answer\s*:[^\n]*(?:\[\d+\]|【\d+】)
        | ^\W*(?:final|correct|model|true|right)\s+answer\s*:
        | \bquestion\s*:[^\n]{1,160}\n+\W*answer\s*:[^\n]*(?:\[\d+\]|【\d+】)
        | ["']role["']\s*:\s*["'](?:system|assistant|user|tool|developer)
        | ["'](?:answer|citations|sentences|tool_calls?|function_call|dropped_markers)["']
              \s*:\s*["'\[{]""",
    ),
    _rule(
        "](,] (,<img,<iframe,<script,<svg,<object,<embed,<style,<form,<link,<meta,<video,<audio,"
        "<base,<!--,javascript:,data:text,onerror,onload,onclick,onmouseover,onfocus,<a ",
        r"""!\[[^\]\n]{0,80}\]\s?\([^)\n]{1,300}\)
        | \[[^\]\n]{1,120}\]\s?\(\s*(?:https?:|javascript:|data:|//|mailto:|\#cite-)
        | <\s*(?:img|iframe|script|svg|object|embed|style|form|link|meta|video|audio|base)\b
              [^>\n]{0,200}
        | <a\s+[^>\n]{0,80}href | <!-- | \bon(?:error|load|click|mouseover|focus)\s*=
        | \bjavascript:\S | \bdata:text/html""",
        MARKUP,
    ),
    _rule(
        "ignorier,vergiss,anweisung,missachte",
        r"""\b(?:ignorier\w*|vergiss|vergessen\s+sie|missachte\w*)\b[^.!?\n]{0,50}
              \b(?:anweisung\w*|instruktion\w*|vorgaben|regeln|obige\w*|oben|prompts?)\b""",
    ),
    _rule(
        "ignore,oublie",
        r"""\b(?:ignor(?:e|ez|er)|oubli(?:e|ez|er))\b[^.!?\n]{0,40}
              \b(?:instructions?|consignes?|directives?)\b[^.!?\n]{0,30}
              \b(?:précédent\w*|antérieur\w*|ci-dessus|système|reçues?|données?)\b
        | \b(?:ignorez|oubliez|ignore|oublie)\s+(?:toutes?\s+les\s+|les\s+|tes\s+|vos\s+)?
              (?:instructions|consignes|(?:tout\s+)?ce\s+qui\s+(?:précède|a\s+été\s+dit))\b""",
    ),
    _rule(
        "ignora,ignore,olvida,olvide,esque,desconsider,ignorare,dimentica",
        r"""\b(?:ignor[ae](?:n|r|te)?|olvid[ae]n?|haz\s+caso\s+omiso|esque[çc]a\w*|desconsider[ea]\w*
              |dimentica(?:te)?)\b[^.!?\n]{0,40}
              \b(?:instrucciones|indicaciones|órdenes|instruções|ordens|istruzioni|regole|reglas|regras)\b""",
    ),
    _rule(
        "negeer,vergeet,zignoruj,pomiń,yok say,görmezden",
        r"""\b(?:negeer|vergeet)\b[^.!?\n]{0,40}\b(?:instructies|aanwijzingen|opdrachten)\b
        | \b(?:zignoruj\w*|pomiń\w*)\b[^.!?\n]{0,40}\b(?:instrukcj\w+|polece\w+)\b
        | \b(?:talimat|komut|yönerge)\w*\b[^.!?\n]{0,30}\b(?:yok\s+say|görmezden)\w*""",
    ),
    _rule(
        "игнориру,проигнориру,забудь,ігнору",
        r"""\b(?:про)?(?:игнорируй\w*|ігноруй\w*|забудь\w*)\b[^.!?\n]{0,50}
              \b(?:инструкци\w+|указани\w+|команд\w*|вказівк\w+|правил\w*)\b""",
    ),
    _rule(
        "忽略,无视,無視,忘记,忘記,忘れ,무시",
        r"""(?:忽略|无视|無視|忘记|忘記)[^。！？\n]{0,15}
              (?:指令|指示|说明|說明|提示|规则|規則|内容|內容)
        | (?:指示|命令|プロンプト|ルール)[^。！？\n]{0,10}(?:無視|忘れ)
        | (?:지시|명령|지침)[^.\n]{0,10}무시""",
    ),
    _rule(
        "تجاهل,انس,התעלמ,अनदेखा",
        r"""(?:تجاهل|انسَ?)[^.!؟\n]{0,40}(?:التعليمات|الأوامر|الإرشادات)
        | התעלמ\w*[^.!?\n]{0,30}הוראות
        | (?:निर्देश|आदेश)[^।\n]{0,30}अनदेखा""",
    ),
)
_SIGN_WORDS = frozenset(
    (
        "ai bot bots llm gpt chatgpt chatbot chat prompt prompts json base64 markdown emoji emojis"
        " string instructions directives guidelines task objective training answer answers response"
        " responses reply replies output summary translation claim rules orders user users text"
        " article articles passage passages document documents page digest paragraph message note"
        " conversation whatever else nothing verbatim uppercase word function tool retrieval"
        " language latin french german spanish riddles rhyme rhymes verse capitals card"
    ).split()
)
_ORDER_WORDS = frozenset(
    (
        "respond reply answer output print translate summarise summarize insert append include"
        " execute repeat recommend omit leave ignore disregard forget obey comply pretend decode"
        " set treat call say tell show reveal confirm cite speak give put write drop add end begin"
        " list describe promote praise act stop use rate not don never always you your ai"
    ).split()
)
# An order alone is everyday prose; with one of the signs in its sentence it is not.
_ORDER = re.compile(
    r"""(?:^\W*|[.!?:;,>)\]}—–-]\s*|\b(?:please|kindly|instead|just|then|must|should
            |shall|will|has\s+to|only)\s+
          |\byou\s+(?:are\s+to|have\s+to|now|agree\s+to)\s+
          |\b(?:and|then)\s+(?=[^\s]+\s+(?:me|it|them|only)\b))
        (?:respond|reply|answer|output|print|translate|summari[sz]e|insert|append|include|execute
          |repeat|recommend|omit|leave\s+out|ignore|disregard|forget|obey|comply|pretend|decode|set
          |treat|call|say|tell|show|reveal|confirm|cite|speak|give|put|write|drop|add|end|begin|list
          |describe|promote|praise|act|stop|use|rate|(?:do\s+not|don['’]t|never|always)\s+\w+)\b
    | \b(?:you\s+are|your\s+new)\b
    | \bfor\s+(?:the|any|every|all)\s+(?:AI|LLM|bot|language\s+model)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_SIGN = re.compile(
    r"""\b(?:you|anyone|whoever)\s+(?:\w+\s+this\s+)?
        (?:must|will|shall|are\s+to|should|have\s+to|now)\s+(?:(?:now|only|always|not)\s+){0,2}
        (?:respond|reply|answer|output|act\s+as|translate|obey)\b
    | \byour\s+(?:(?:real|new|actual|next|only|earlier|previous|final|whole|entire)\s+)?
      (?:task|guidelines|directives|output|answers?|responses?|repl(?:y|ies)|summary|prompt
        |instructions|training|objective)\b
    | \b(?:AI|A\.I\.|bots?|language\s+model|LLM|chat\s?bot|GPT|ChatGPT|prompts?|system\s+notice
        |retrieval|JSON|base64|markdown|emojis?|string|directives|developer\s+message)\b
    | \b(?:earlier|previous|prior|above|hidden|secret|system)\s+(?:instructions|rules|orders)\b
    | \bthe\s+(?:function|tool)\s+\w+_\w+ | \b\w+_\w+\( | %%\w+%%
    | \b(?:the|any|every|each)\s+(?:\w+\s+)?(?:response|reply|output|summary|translation|claim)\b
    | \b(?:this|the\s+above|following|next|other)\s+(?:\w+\s+)?
      (?:text|articles?|passages?|documents?|page|digest|paragraph|conversation|message|note)\b
    | \b(?:the\s+conversation|the\s+users?|whatever\s+you\s+(?:write|produce|say|answer))\b
    | \b(?:in\s+(?:latin|french|german|spanish|riddles|rhymes?|verse|capitals|lower\s?case)
      |for\s+an?\s+(?:card\s+number|password)|nothing\s+else|nothing\s+more|word\s+for\s+word|verbatim|uppercase|(?:new|your)\s+task
      |end\s+of\s+(?:the\s+)?(?:context|article|document|passage|prompt|input|instructions))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE = re.compile(r"[^.!?\n]*[^\s.!?][^.!?\n]*[.!?]*")
_SUSPECT = re.compile(
    "[\U000e0000-\U000e01ef\u202d\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\u00ad"
    "\ufe00-\ufe0f\u0400-\u04ff]"
)
_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # a flag, of Wales for one
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e007f\u202d\u202e\u2066-\u2069]"
    "|[A-Za-z][\u200b\u2060-\u2064\ufeff\u00ad]+[A-Za-z][\u200b\u2060-\u2064\ufeff]"
    "|[\u200b\u2060-\u2064\ufeff]{4,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}"
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e\u2066-\u2069]+")
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]+[A-Za-z]|[\u0400-\u04ff][A-Za-z]+[\u0400-\u04ff]")
_ENCODED = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/])")
_PRINTED = re.compile(r"[\w\s.,;:!?'\"()<>\[\]{}/@#&*=+-]{16,}", re.ASCII)
_CITING = re.compile(r"\[(\s*\^?\d[\d\s,;–-]*)\]|【(\s*\^?\d[^】\n]{0,40})】")


def warning(text: str) -> str:
    """Why `text` looks as if it speaks to a language model, for a reader; empty if it does not."""
    if not text.isascii():
        if _SUSPECT.search(text):
            text = _TAGS.sub("", text)
            if _INVISIBLE.search(text):
                return _with_words(INVISIBLE, _hidden(text))
            if _MIXED.search(text):
                return MIXED
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return next(_reasons(text), "") or _encoded(text)


def passage_warning(article: Article, passage: Passage) -> str:
    """`warning` for a passage and what stands with it: headline, author, outlet."""
    known = (article.title, article.author, article.outlet, passage.text)
    return warning("\n".join(filter(None, known)))


def disarmed(words: str) -> str:
    """`words` with what reads like a citation, "[1]" or "【3】", in round brackets."""
    plain = _CITING.sub(lambda match: f"({(match[1] or match[2]).strip()})", words)
    return plain if plain == words else disarmed(plain)  # "【0[0]】" holds another


def _reasons(text: str) -> Iterator[str]:
    lowered = text.lower()
    for rule in _RULES:
        if any(clue in lowered for clue in rule.clues) and (match := rule.pattern.search(text)):
            yield _with_words(rule.reason, match.group())
    words = set(_WORD.findall(lowered))
    if not words.isdisjoint(_SIGN_WORDS) and not words.isdisjoint(_ORDER_WORDS):
        for match in _SENTENCE.finditer(text):
            if _SIGN.search(match.group()) and _ORDER.search(match.group()):
                yield _with_words(INSTRUCTIONS, match.group())


def _with_words(reason: str, words: str) -> str:
    """The reason with the words that gave it, on one line and cut short."""
    line = " ".join(words.split()).strip(" .,:;!?>”\"'")
    shown = line if len(line) <= _SHOWN else line[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return f"{reason}: “{shown}”" if shown else reason


def _hidden(text: str) -> str:
    """What the tag characters of `text`, each a twin of a character of ASCII, spell."""
    spelt = "".join(match.group() for match in _TAGGED.finditer(text))
    return spelt.translate({code: code - 0xE0000 for code in range(0xE0020, 0xE007F)})


def _encoded(text: str) -> str:
    """The reason if a run of Base64 in `text` holds words."""
    for match in _ENCODED.finditer(text):
        run = match.group().rstrip("=")
        try:
            plain = base64.b64decode(run + "=" * (-len(run) % 4), validate=True)
        except binascii.Error:
            continue
        words = plain.decode("ascii", "ignore")
        if len(words) == len(plain) and _PRINTED.fullmatch(words) and " " in words:
            return _with_words("holds words written in Base64", words)
    return ""
