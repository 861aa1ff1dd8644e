import pytest

from generation.writer.language import foreign_language

ENGLISH = [
    "Growing tomatoes on a balcony\nwater in the morning; pots of 20 litres",
    "El Niño explained to children and parents",
    "Crème brûlée at home",
    "La Dolce Vita: a review of the film",
    "Las Vegas travel tips",
    "What do I do on a Sunday",
    "Kettle 2.4",
    "C++",
    "???",
    "",
    "y " * 3000,
]
FOREIGN = {
    "German": "Tomaten auf dem Balkon\nmorgens gießen; Töpfe mit 20 Litern",
    "French": "Comment faire du pain à la maison",
    "Spanish": "Cómo hacer pan en casa\nla masa debe reposar toda la noche",
    "Italian": "Il giardino della nonna\nle piante che crescono nella serra sono belle",
    "Portuguese": "Como fazer pão em casa\na massa não deve crescer mais do que uma noite",
    "Dutch": "Brood bakken voor beginners\nhet deeg moet niet te nat zijn",
    "Swedish": "Att baka bröd på landet\ndet är inte svårt och det går fort",
    "Polish": "Jak upiec chleb\nnie jest to trudne, ale wymaga czasu",
    "Turkish": "Evde ekmek nasıl yapılır\nbir gece bekletmek için",
    "Indonesian": "Cara membuat roti di rumah dengan mudah untuk pemula",
    "a non-Latin script": "Как испечь хлеб дома",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_an_english_brief_is_recognised_as_english(text: str) -> None:
    assert foreign_language(text) is None


@pytest.mark.parametrize("language", FOREIGN)
def test_a_foreign_brief_is_recognised_by_its_small_words(language: str) -> None:
    assert foreign_language(FOREIGN[language]) == language


@pytest.mark.parametrize("text", ["家でパンを焼く方法", "كيف تخبز الخبز", "如何在家烤面包 pizza"])
def test_scripts_other_than_latin_are_foreign(text: str) -> None:
    assert foreign_language(text) == "a non-Latin script"


def test_foreign_names_and_quotations_leave_an_english_brief_english() -> None:
    text = "What der Himmel über Berlin taught me about the city and its people: und so weiter"
    assert foreign_language(text) is None
