"""The gate adapts to other lengths and languages, and still sees what is broken in them."""

import pytest

from generation.writer.checks.assess import Wanted, assess, is_translated

GERMAN_NOTES = "kompakte Sorten wählen; morgens gießen; Seitentriebe ausbrechen"
GERMAN = """Wer Tomaten auf dem Balkon ziehen will, braucht weder einen Garten noch viel Erfahrung. Ein sonniger Platz,
ein großer Topf und etwas Geduld genügen, und schon im Hochsommer liegen die ersten Früchte in der Schüssel.

## Kompakte Sorten

Nicht jede Tomate fühlt sich im Topf wohl. Wähle eine Sorte, die niedrig bleibt und buschig wächst, denn hohe Stauden
kippen im Wind schnell um. Buschtomaten und kleine Cocktailtomaten tragen früh und brauchen kaum eine Stütze. Lies auf
dem Etikett nach, wie hoch die Pflanze wird, und rechne lieber mit etwas mehr Platz als mit zu wenig. Zwei Pflanzen in
einem geräumigen Kasten gedeihen besser als vier, die sich das Licht gegenseitig nehmen. Frage in der Gärtnerei nach
robusten Züchtungen, die auch einen kühlen Sommer verzeihen.

## Richtig gießen am Morgen

Am besten gießt du morgens, solange die Erde noch kühl ist. Dann erreicht das Wasser die Wurzeln, bevor die Sonne es
verdunsten lässt, und die Blätter trocknen rasch ab. Gieße langsam und direkt auf die Erde, nicht über das Laub, sonst
haben Pilze leichtes Spiel. An heißen Tagen braucht ein kleiner Topf am Abend noch einmal Nachschub. Stecke den Finger
in die Erde: Fühlt sie sich trocken an, ist es Zeit. Staunässe schadet mehr als ein durstiger Tag, darum gehören Löcher
in den Boden des Gefäßes.

## Seitentriebe ausbrechen

In den Blattachseln erscheinen immer neue Triebe, die der Pflanze Kraft nehmen. Brich sie aus, solange sie kurz sind;
dann heilt die Wunde über Nacht. Bei buschigen Sorten darfst du großzügiger sein und nur das entfernen, was im Inneren
zu dicht steht. So kommt Luft an die Blätter, und die Früchte reifen gleichmäßig. Mache dir einen festen Tag in der
Woche dafür, dann wächst dir die Arbeit nicht über den Kopf. Am Ende des Sommers kappst du die Spitze, damit die letzten
grünen Tomaten noch rot werden."""

FRENCH_NOTES = "choisir des variétés compactes ; arroser le matin ; pincer les gourmands"
FRENCH = """Cultiver des tomates sur un balcon ne demande ni jardin ni longue expérience. Un coin ensoleillé, un grand
pot et un peu de patience suffisent pour remplir un saladier au cœur de l’été.

## Des variétés compactes

Toutes les tomates ne se plaisent pas en pot. Choisissez une variété basse et touffue, car les grandes tiges se couchent
au premier coup de vent. Les tomates cerises donnent tôt et se passent presque de tuteur. Lisez l’étiquette avant
d’acheter : elle indique la hauteur de la plante adulte et la place dont elle a besoin. Deux pieds dans une jardinière
profonde réussissent mieux que quatre pieds serrés qui se disputent la lumière. Demandez aussi au pépiniériste quelles
plantes supportent un été frais.

## Arroser le matin

Arrosez le matin, quand la terre est encore fraîche. L’eau descend alors jusqu’aux racines avant que le soleil ne la
fasse disparaître, et le feuillage sèche vite. Versez lentement, au pied de la plante, jamais sur les feuilles, sinon
les champignons en profitent. Pendant les grandes chaleurs, un petit pot réclame un second passage le soir. Enfoncez un
doigt dans la terre : si elle est sèche, il est temps. Un pot sans trou noie les racines plus sûrement qu’un jour de
soif ne les abîme.

## Pincer les gourmands

À l’aisselle des feuilles naissent sans cesse des gourmands qui épuisent la plante. Pincez-les tant qu’ils sont courts ;
la plaie se referme en une nuit. Sur les variétés touffues, contentez-vous d’éclaircir le centre pour que l’air circule.
Les fruits mûrissent ainsi de façon régulière. Fixez un jour dans la semaine pour ce petit travail et il ne vous pèsera
jamais. À la fin de l’été, coupez la tête de la tige afin que les dernières tomates vertes aient le temps de rougir. Ma
grand-mère disait : « Une tomate se mérite. »"""

JAPANESE_NOTES = "小さい品種を選ぶ；朝に水をやる；わき芽を摘む"
JAPANESE = """庭がなくても、日当たりのよいベランダがあればトマトは十分に楽しめます。大きめの鉢と土、それに少しの根気が
そろえば、夏のさかりには赤い実が食卓に並びます。

## 小さい品種を選ぶ

鉢で育てるなら、背が高くならない品種が向いています。ミニトマトは実がつくのが早く、初めての人でも失敗しにくいでしょう。
苗を買うときはラベルを読み、どのくらいの高さになるのかを確かめてください。茎が太く、葉の色が濃い苗は丈夫に育ちます。
一つの鉢に二株も三株も植えると光を奪い合うので、一鉢に一株が基本です。風の強い場所では短い支柱を立てておくと安心できます。
園芸店の人にたずねれば、涼しい夏にも強い苗を教えてもらえます。

## 朝に水をやる

水やりは朝のうちに済ませます。土がまだ冷たい時間なら、日ざしで蒸発する前に根まで水が届くからです。葉にかけると病気の
もとになるため、株元へゆっくり注ぎましょう。指を土に差し込んでみて、乾いていれば水の出番です。真夏の小さな鉢は夕方にも
もう一度ほしがります。ただし、受け皿に水をためたままにすると根が腐るので、余った分は捨ててください。毎日同じ時刻に様子を
見る習慣をつけると、葉のしおれにもすぐ気づけます。

## わき芽を摘む

葉の付け根からは次々とわき芽が伸び、放っておくと実に養分が回りません。短いうちに指で折り取れば、傷は一晩でふさがります。
晴れた日の午前中に行うと切り口が早く乾きます。込み合った枝を減らすと風が通り、実の色づきもそろいます。週に一度と決めて
おけば、手間はほとんどかかりません。夏の終わりには先端を切り、残った青い実に力を集めましょう。友人は「赤くなるのを待つ
時間がいちばん楽しい。」"""

TEXTS = [
    pytest.param("Tomaten auf dem Balkon ziehen", GERMAN_NOTES, GERMAN, id="German"),
    pytest.param("Cultiver des tomates sur un balcon", FRENCH_NOTES, FRENCH, id="French"),
    pytest.param("ベランダでトマトを育てる", JAPANESE_NOTES, JAPANESE, id="Japanese"),
]
# A title and notes in English, of a text in another language.
ENGLISH = "Growing tomatoes on a balcony", "choose compact varieties; water in the morning; pinch out side shoots"


@pytest.mark.parametrize(("title", "notes", "text"), TEXTS)
def test_a_good_text_in_another_language_passes(title, notes, text):
    assert assess(title, notes, text)["failed"] == []


@pytest.mark.parametrize(("title", "notes", "text"), TEXTS)
def test_a_damaged_text_in_another_language_fails(title, notes, text):
    first = text.split("## ")[1]
    damaged = {
        "sections": text.replace("## ", ""),
        "ends_well": text[:-4],
        "repeated_sentences": f"{text}\n\n{first.partition(chr(10))[2]}",
        "title_cover": assess("Vulkane Kinofilme Steuern xyzzy plugh", "", text)["failed"],
    }
    assert damaged.pop("title_cover")
    for name, broken in damaged.items():
        assert name in assess(title, notes, broken)["failed"]


@pytest.mark.parametrize(("_title", "_notes", "text"), TEXTS)
def test_a_translated_text_need_not_contain_the_words_of_its_brief(_title, _notes, text):
    assert assess(*ENGLISH, text, Wanted(translated=True))["failed"] == []
    assert "notes_cover" in assess(*ENGLISH, text)["failed"]


@pytest.mark.parametrize(
    ("language", "brief", "translated"),
    [
        ("auto", f"Tomaten auf dem Balkon {GERMAN_NOTES}", False),
        ("de", f"Tomaten auf dem Balkon {GERMAN_NOTES}", False),
        ("de", " ".join(ENGLISH), True),
        ("en", " ".join(ENGLISH), False),
        ("en", f"Tomaten auf dem Balkon {GERMAN_NOTES}", True),
        ("ja", " ".join(ENGLISH), True),
    ],
)
def test_a_text_is_a_translation_when_its_language_is_not_the_briefs(language, brief, translated):
    assert is_translated(language, brief) is translated


@pytest.mark.parametrize(
    ("length", "words", "passes"),
    [
        ("short", 120, False), ("short", 250, True), ("short", 350, True), ("short", 400, True), ("short", 900, False),
        ("standard", 200, False), ("standard", 800, True), ("long", 400, False), ("long", 1700, True),
    ],
)  # fmt: skip
def test_each_length_has_its_limits(length, words, passes):
    text = " ".join(f"word{number}" for number in range(words)) + "."
    assert ("words" not in assess("T", "", text, Wanted(length))["failed"]) is passes
