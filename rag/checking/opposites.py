"""What betrays that a sentence turns round what a passage says: opposed words, "not".

The lists are short and of everyday news words; what is in none of them is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.text.words import Word, fold, stem, words

# Each line: words of one sense | words of the opposite one. A word may stand in several lines.
_OPPOSED = """
rise increase grow climb soar surge jump gain expand swell mount escalate accelerate boost raise \
lift heighten burgeon | fall decrease decline drop shrink plunge slump tumble dwindle diminish \
reduce lower cut slash lessen dip sink
increasing growing rising | decreasing declining falling shrinking dwindling
approve accept endorse back adopt pass ratify allow permit authorise authorize enable grant let \
| reject refuse decline veto oppose forbid prohibit prevent ban bar block deny disallow bar
support favour favor back endorse | oppose resist reject fight criticise criticize condemn
praise applaud welcome commend laud hail | criticise criticize condemn denounce deplore slam blast
admit acknowledge confess confirm concede | deny dispute refute reject
agree consent | disagree refuse dispute
win victory triumph | lose defeat loss
gain profit earn | lose loss
begin start launch open commence initiate resume | end stop finish close conclude cease halt \
suspend cancel
continue keep maintain retain extend preserve | stop end cease quit drop abandon discontinue halt
before | after since
for | against
first | last final
early | late
ahead | behind
more | less fewer
most | least fewest
many | few
above over exceed | below under
high higher highest | low lower lowest
up | down
upward | downward
large big huge great vast major massive mega megacluster larger bigger | small little tiny minor \
mini smaller
long longer | short shorter brief
old older ancient | new newer recent young younger fresh latest
distant remote faraway far | near nearby close
strong strengthen robust stronger | weak weaken feeble fragile weaker
easy simple easier | hard difficult tough complicated complex harder
fast quick rapid swift faster | slow gradual slower
hot warm warmer hotter | cold cool cooler colder
rich wealthy | poor
safe secure harmless | dangerous unsafe risky hazardous harmful
good better best | bad worse worst
positive | negative
true real genuine | false fake untrue
public | private secret
legal lawful | illegal unlawful
guilty convict | innocent acquit exonerate clear
possible able | impossible unable
likely | unlikely
present attend attendance | absent miss absence skip
include contain | exclude omit
add | remove subtract delete
install | uninstall remove delete
keep retain | remove delete drop discard lose
enter arrive join | leave depart quit withdraw exit
come | go
buy purchase acquire | sell
hire recruit employ appoint | fire dismiss sack
borrow | lend
give donate provide supply offer | take receive deny withhold withdraw
send | receive
push | pull
arrest detain imprison jail capture | release free liberate
attack invade | defend retreat
war conflict | peace truce ceasefire
enemy foe adversary opponent rival | ally friend partner supporter
succeed success | fail failure
accept embrace | refuse reject decline
remember recall | forget
appear emerge | disappear vanish
build construct create establish found | destroy demolish dismantle abolish
save rescue protect | kill endanger abandon
live survive alive | die dead kill
voluntary optional | mandatory compulsory obligatory require
temporary interim | permanent lasting
domestic internal | foreign external international overseas
local regional | national global international
named identified known | unnamed unidentified unknown anonymous
male man husband father son brother boy king | female woman wife mother daughter sister girl queen
parent | child
north northern | south southern
east eastern | west western
left leftist | right rightist
liberal progressive | conservative
republican | democrat
morning | evening night
summer | winter
spring | autumn
always | never
everyone everybody everything all | none nobody nothing
majority | minority
maximum | minimum
unanimous | divided split
popular popularity | unpopular unpopularity
optimistic hopeful confident | pessimistic doubtful
happy pleased delighted glad | unhappy sad upset angry disappointed
calm | tense
clean | dirty polluted
full | empty
wide widen broad | narrow
deep | shallow
heavy | light
cheap inexpensive affordable | expensive
employer | employee worker
import | export
plaintiff | defendant
prosecution prosecutor | defence defense
teacher | student pupil
buyer | seller
win | defeat
ease relax loosen lift relieve | tighten impose toughen
tighten | loosen
improve recover better rebound | worsen deteriorate decline
encourage urge promote | discourage deter dissuade
hide conceal cover | reveal disclose expose unveil show
unite merge combine join | divide separate split
love like | hate dislike
trust | distrust suspect
innocent | guilty
violent | peaceful nonviolent
official formal | unofficial informal
direct | indirect
despite | because due thanks owing
with | without
together | alone separately apart
same identical similar | different
complete full total whole | partial incomplete
sufficient enough adequate ample | insufficient inadequate
certain sure | uncertain unsure doubtful
clear | unclear vague
rare unusual uncommon | common usual frequent
frequently often regularly | rarely seldom
optional | required
winner | loser
friend | foe
success | failure
advantage benefit | disadvantage drawback
asset | liability
income revenue | expense cost spending
surplus | deficit shortage
demand | supply
inside indoor | outside outdoor
top | bottom
entire | part
"""
_PREFIXES = ("un", "in", "im", "non", "dis", "il", "ir", "mis", "anti")
_PLAIN_NOT = frozenset("not no never none nobody nothing neither nor without cannot".split())
_DENYING = frozenset(map(stem, "deny refuse fail decline reject unable".split()))
_SUPPOSES = frozenset("if unless whether".split())  # "if it does not sell" denies nothing
_NEAR_IF = 8  # words
_REACH = 3  # words behind "not" or "may" within which stands what it is said of
_NEIGHBOURS, _WINDOW = 4, 9  # weighty words on each side, among so many words
_BREAKS = re.compile(r"[,;:()“”\"—–]|\bbut\b|\band\b|\bwho\b|\bwhich\b|\bthat\b")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence with its words, and which of them are denied."""

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]  # of content words
    denied: dict[int, int]  # index of a content word -> index of the word that denies it

    @classmethod
    def of(cls, text: str) -> Line:
        """Read one sentence."""
        every = words(text)
        own = frozenset(word.stem for word in every if word.content)
        denied = _governed(text, every, [*map(_denies, every, [*every[1:], None])])
        return cls(text, every, own, denied)


Sides = dict[str, tuple[frozenset[str], frozenset[str]]]


def _sides(table: str) -> Sides:
    """Stem -> stems of its own side, stems of another side in a line of `table`."""
    same: dict[str, set[str]] = {}
    other: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        sides = [{stem(word) for word in side.split()} for side in line.split("|")]
        for own in sides:
            for word in own:
                same.setdefault(word, set()).update(own)
                other.setdefault(word, set()).update(set[str]().union(*sides) - own)
    return {word: (frozenset(same[word]), frozenset(other[word] - same[word])) for word in same}


_RELATED = _sides(_OPPOSED)
_ALONE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_GRAMMAR = frozenset("before after above below up down with without more most for against".split())


def nearest(claim: Line, lines: Sequence[Line], most: int = 3) -> list[Line]:
    """The sentences of the evidence that share the most content words with `claim`, best first."""
    if not claim.stems:
        return []
    scored = [(len(claim.stems & line.stems) / len(claim.stems), line) for line in lines]
    best = max((score for score, _ in scored), default=0.0)
    near = [item for item in scored if item[0] >= max(0.6 * best, 0.15)]
    return [line for _, line in sorted(near, key=lambda item: -item[0])[:most]]


Where = tuple[Line, int]  # a sentence and the index of a word in it


@dataclass(frozen=True, slots=True)
class Places:
    """Where each stem stands in the sentences of the evidence."""

    lines: tuple[Line, ...]
    at: dict[str, tuple[Where, ...]]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Places:
        """List every word by its stem."""
        found: dict[str, list[Where]] = {}
        for line in lines:
            for index, word in enumerate(line.words):
                found.setdefault(word.stem, []).append((line, index))
        return cls(tuple(lines), {word: tuple(where) for word, where in found.items()})

    def of_any(self, stems: Iterable[str]) -> Iterator[Where]:
        """Every place of these stems."""
        for word in stems:
            yield from self.at.get(word, ())


def turned(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """What the evidence says the other way round: "“rose”, not “fell”", "“rose” without “not”"."""
    yield from opposed(claim, near, places)
    yield from negated(claim, near, places)


def opposed(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """Words of `claim` in whose place the evidence has an opposite one.

    The word beside both must be the same or, in a sentence of `near` (those most like the claim),
    two of the words around them.
    """
    for at, word in enumerate(claim.words):
        if not (word.content or fold(word.text) in _GRAMMAR):
            continue
        same, other = _RELATED.get(word.stem, _ALONE)
        turned = (other | _prefixed(word.stem)) - claim.stems
        if not turned & places.at.keys():
            continue
        most = max((_likeness(claim, at, *w) for w in places.of_any({word.stem, *same})), default=0)
        for line, index in places.of_any(turned):
            if (at in claim.denied) != (index in line.denied):
                continue  # "did not rise" and "fell" agree
            found = _likeness(claim, at, line, index)
            enough = _BESIDE if line not in near or fold(word.text) in _GRAMMAR else 2
            if found > most and found >= enough and _same_sort(word, line.words[index], at):
                yield f"“{line.words[index].text}”, not “{word.text}”"
                break


def _same_sort(word: Word, other: Word, at: int) -> bool:
    """Whether both or neither have a capital, and the same for "-ly".

    "United" States is not opposed to "separate", nor "nearly" to "remote".
    """
    if word.text.endswith("ly") != other.text.endswith("ly"):
        return False
    return at == 0 or word.text[0].isupper() == other.text[0].isupper()


_BESIDE = 3  # how much the word right beside counts


def _likeness(claim: Line, at: int, line: Line, index: int) -> int:
    """How many of the content words around two words are the same; those right beside count 3."""
    found = len(_around(claim.words, at) & _around(line.words, index))
    for step in (-1, 1):
        one, two = _beside(claim.words, at, step), _beside(line.words, index, step)
        if one and one == two:
            found += _BESIDE - 1
    return found


def _beside(every: Sequence[Word], at: int, step: int) -> str:
    """Stem of the next content word before (-1) or behind (1), within three words."""
    ways = range(at + step, at + 4 * step, step)
    near = (every[i] for i in ways if 0 <= i < len(every))
    return next((word.stem for word in near if word.weighty), "")


def _prefixed(word: str) -> set[str]:
    """As "unnamed" is to "named", and the other way round."""
    if len(word) < 4:
        return set()
    bare = {word.removeprefix(prefix) for prefix in _PREFIXES}
    return {prefix + word for prefix in _PREFIXES} | {w for w in bare if len(w) > 3} - {word}


def _around(every: Sequence[Word], at: int) -> set[str]:
    """Stems of the weighty words nearest to word `at`, on both sides."""
    before = [word.stem for word in every[max(0, at - _WINDOW) : at] if word.weighty]
    behind = [word.stem for word in every[at + 1 : at + 1 + _WINDOW] if word.weighty]
    return {*before[-_NEIGHBOURS:], *behind[:_NEIGHBOURS]}


def _denies(word: Word, following: Word | None = None) -> bool:
    """Whether it is "not" or the like, or "refused" and the like before "to"."""
    plain = fold(word.text)
    if plain in _PLAIN_NOT or plain.endswith("n't"):
        return True
    return word.stem in _DENYING and following is not None and following.text == "to"


def _governed(text: str, every: Sequence[Word], marks: Sequence[bool]) -> dict[int, int]:
    """For each marked word the first content word behind it, within its reach and its clause."""
    found: dict[int, int] = {}
    for at, marked in enumerate(marks):
        if not marked or text[every[at].end :].startswith("."):  # "No. 1"
            continue
        for index in range(at + 1, min(at + 2 + _REACH, len(every))):
            if _BREAKS.search(text[every[at].end : every[index].start]):
                break
            if _can_be_denied(every[index]) and not marks[index]:
                found[index] = at
                break
    return found


def _supposed(every: Sequence[Word], at: int) -> bool:
    return any(fold(word.text) in _SUPPOSES for word in every[max(0, at - _NEAR_IF) : at])


def _can_be_denied(word: Word) -> bool:
    return word.weighty and word.text[0].islower() and len(word.text) > 1


def negated(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """Where one of `claim` and the sentences most like it denies what the other says.

    What any sentence of the evidence denies as well is no contradiction.
    """
    for at, by in claim.denied.items():
        everywhere = places.at.get(claim.words[at].stem, ())
        if any(i in line.denied for line, i in everywhere) or _supposed(claim.words, by):
            continue
        for line, index in _same(claim, at, near):
            yield f"“{line.words[index].text}” without “{claim.words[by].text}”"
            break
    for at, word in enumerate(claim.words):
        if at in claim.denied or not word.weighty or _denies(word):
            continue
        same = _same(claim, at, near)
        denied = all(i in line.denied for line, i in places.at.get(word.stem, ()))
        if same and denied:
            line, index = same[0]
            if line.words[line.denied[index]].stem not in claim.stems:
                yield f"“{_from(line, line.denied[index], index)}”"


def _same(claim: Line, at: int, near: Sequence[Line]) -> list[Where]:
    """Where the same word stands among the same words."""
    return [
        (line, index)
        for line in near
        for index, word in enumerate(line.words)
        if word.stem == claim.words[at].stem and _likeness(claim, at, line, index) >= 2
    ]


def _from(line: Line, first: int, last: int) -> str:
    return line.text[line.words[first].start : line.words[last].end]
