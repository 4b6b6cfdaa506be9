"""Sentences held against passages in another language. The texts are fiction."""

from __future__ import annotations

from datetime import date

import pytest

from rag.checking.support import OTHER_LANGUAGE, check
from rag.schema import Hit
from tests.unit.building import article, hit

ENGLISH = (
    "The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six hours, "
    "the third storm this year. Roads chief Ilse Brandt said “nobody should drive up tonight”. "
    "Clearing it cost the county 11 million crowns, 45 percent more than in March 2020. About "
    "15,000 drivers were stuck until 6 March. Germany sent help, and President Zelensky thanked "
    "Berlin. Losses reached 1.5 billion dollars at 3.30 p.m. on Monday."
)
GERMAN = (
    "Der Streik begann am 14. Juni 2024 im Hafen von Ilvane. Hr. Meier zählte 15.000 Menschen, 3,5 "
    "Prozent mehr als am 06.03.2024. Der Schaden beträgt 11 Millionen Kronen. „Wir hatten keine "
    "Wahl“, sagte Anna Kuhn der deutschen Presse im Mai. Um 15 Uhr kam Hilfe."
)
FRENCH = (
    "La grève a commencé le 1er mars 2024 en Allemagne. M. Dupont a compté 15 000 personnes, 45 "
    "pour cent de plus. Le port a perdu deux millions de couronnes en avril, selon la police."
)
SPANISH = (
    "La huelga empezó el 3 de marzo de 2024. El Sr. López contó unas 15.000 personas en el puerto. "
    "La empresa perdió 2 mil millones de coronas, un 45 por ciento más."
)


RATES = (
    "The U.S. Federal Reserve raised rates by 0.25 percentage points, its chair Powell said. "
    "About 612 people lost their homes, more than 1,300 fled, and damage reached €3 million. A boy "
    "was among the 27 dead, AP reported. Sales rose from $1.2 billion to $1.4 billion in two "
    "decades. The U.K. sent aid, and Volodymyr Zelenskyy met Xi Jinping in Beijing on 24 February."
)


def cited(text: str) -> list[Hit]:
    return [hit(article(text, published=date(2021, 3, 10)))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Pass wurde am Sonntag um 12 Uhr geschlossen.",
        "In sechs Stunden fielen 42 Zentimeter Schnee.",
        "Die Räumung kostete 11 Millionen Kronen, 45 Prozent mehr als im März 2020.",
        "Rund 15.000 Fahrer saßen bis zum 6. März fest.",
        "Rund 15,000 Fahrer saßen bis zum 06.03.2021 fest.",
        "Es war der 3. Sturm in diesem Jahr.",
        "Die Chefin der Straßen sagte: „Niemand sollte heute Nacht hinauffahren“.",
        "Deutschland schickte Hilfe, sagte Präsident Wolodymyr Selenskyj.",
        "Die Vereinten Nationen erklärten, der Pass bleibe gesperrt.",
        "Das Räumen kostete „11 million crowns“, teilte der Landkreis mit.",
        "Le col a été fermé dimanche à midi, le 6 mars.",
        "Les pertes ont atteint 1,5 milliard de dollars à 15h30.",
        "Environ 15 000 conducteurs sont restés bloqués jusqu'au 6 mars 2021.",
        "L'Allemagne a envoyé de l'aide, a déclaré Ilse Brandt.",
        "El paso costó 11 millones de coronas, un 45 por ciento más.",
        "Las pérdidas llegaron a 1.500 millones de dólares.",
        "Unos 15.000 conductores quedaron atrapados hasta el 6 de marzo.",
    ],
)
def test_what_cannot_be_compared_is_said_to_be_so(sentence: str) -> None:
    assert check(sentence, cited(ENGLISH)) == ("supported", (OTHER_LANGUAGE,))


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Die US-Notenbank erhöhte die Zinsen um 0,25 Prozentpunkte.", "de"),
        ("Rund 600 Menschen verloren ihr Haus, mehr als 1.300 flohen.", "de"),
        ("Der Schaden betrug 3 Mio. Euro, berichtete Associated Press.", "de"),
        ("Wolodymyr Selenskyj traf Xi Jinping am 24. Februar in Peking.", "de"),
        ("Mehrere Zeugen sagten, Großbritannien helfe den USA.", "de"),
        ("Seine Anwältin erklärte, dass zwei Dutzend Menschen laut Polizei starben.", "de"),
        ("Les dégâts ont atteint 3 M€, a déclaré la Banque Mondiale.", "fr"),
        ("La Fed a relevé ses taux de 0,25 point de pourcentage.", "fr"),
        ("Las ventas subieron de 1.200 a casi 1.400 millones en 20 años.", "es"),
    ],
)
def test_it_is_read_as_people_of_that_language_write(sentence: str, language: str) -> None:
    assert check(sentence, cited(RATES), language) == ("supported", (OTHER_LANGUAGE,))


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("In sechs Stunden fielen 43 Zentimeter Schnee.", "the figure 43"),
        ("Die Räumung kostete 12 Millionen Kronen.", "the figure 12 million"),
        ("Am Ende saßen 18.000 Fahrer fest.", "the figure 18,000"),
        ("Die Fahrer saßen bis zum 9. März fest.", "the date 9 March"),
        ("Bürgermeister Hans Weber sagte, der Pass sei gesperrt.", "the name"),
        ("Laut Peter Hansen war der Pass gesperrt.", "the name Peter Hansen"),
        ("Brandt sagte “nobody should walk up the hill tonight” zu uns.", "the words “nobody"),
        ("Les pertes ont atteint 2,5 milliards de dollars.", "the figure 2.5 billion"),
        ("Les conducteurs sont restés bloqués jusqu'au 9 mars.", "the date 9 March"),
        ("Selon Jean Dupont, le col était fermé.", "the name Jean Dupont"),
        ("Unos 18.000 conductores quedaron atrapados.", "the figure 18,000"),
        ("El paso cerró el 9 de marzo de 2021.", "the date 9 March 2021"),
        ("Según Juan Pérez, el paso estaba cerrado.", "the name Juan Pérez"),
    ],
)
def test_what_stands_nowhere_is_unsupported(sentence: str, reason: str) -> None:
    verdict, reasons = check(sentence, cited(ENGLISH))
    assert verdict == "unsupported"
    assert any(item.startswith(reason) for item in reasons), reasons


@pytest.mark.parametrize(
    "sentence", ["Frankreich schickte Hilfe für den Pass.", "La France a envoyé de l'aide au col."]
)
def test_another_country_is_doubted(sentence: str) -> None:
    verdict, (reason,) = check(sentence, cited(ENGLISH))
    assert (verdict, reason[:10]) == ("partial", "the name F")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("The strike began on 14 June 2024 in the port of Ilvane.", GERMAN),
        ("Meier counted 15,000 people, 3.5 percent more than on March 6.", GERMAN),
        ("In May the woman from Germany said that they “had no choice”.", GERMAN),
        ("Help came at 3 p.m. that day.", GERMAN),
        ("The strike began in Germany on 1 March 2024.", FRENCH),
        (
            "Mr Dupont counted 15,000 people, which is 45% more, and in April it was 2 million.",
            FRENCH,
        ),
        ("The company lost 2 billion crowns, 45% more, after 3 March.", SPANISH),
    ],
)
def test_the_reverse_is_read_as_well(sentence: str, source: str) -> None:
    assert check(sentence, cited(source)) == ("supported", (OTHER_LANGUAGE,))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Meier counted 16,000 people in the port.", GERMAN),
        ("The damage is 12 million crowns, he said.", GERMAN),
        ("Peter Miller said that the strike was over.", GERMAN),
        ("The strike began on 2 March 2024.", FRENCH),
        ("The company lost 3 billion crowns and the port.", SPANISH),
    ],
)
def test_the_reverse_is_wrong_as_well(sentence: str, source: str) -> None:
    assert check(sentence, cited(source))[0] == "unsupported"


def test_within_one_language_nothing_is_left_unchecked() -> None:
    said = "Es kamen 15.000 Menschen, und der Schaden beträgt 11 Millionen Kronen."
    assert check(said, cited(GERMAN)) == ("supported", ())
    assert check(said.replace("15.000", "16.000"), cited(GERMAN))[0] == "unsupported"


def test_of_a_language_whose_figures_are_not_read_nothing_is_claimed() -> None:
    said = "Перевал был закрыт в воскресенье, погибли 11 тысяч человек."
    assert check(said, cited(ENGLISH)) == ("supported", (OTHER_LANGUAGE,))


def test_the_language_of_the_whole_answer_tells_where_a_sentence_does_not() -> None:
    assert check("Es waren 15.000.", cited(ENGLISH), "de") == ("supported", (OTHER_LANGUAGE,))
    assert check("Es waren 16.000.", cited(ENGLISH), "de")[0] == "unsupported"
