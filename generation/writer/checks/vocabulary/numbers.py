"""Numbers as words, by language tag: from two on, since the word for one is an article in most of them."""

from __future__ import annotations

# In the order of the numbers 2 to 12, with other forms of a number after a slash.
_SMALL = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "dois/duas três quatro cinco seis sete oito nove dez onze doze",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "sv": "två tre fyra fem sex sju åtta nio tio elva tolv",
    "da": "to tre fire fem seks syv otte ni ti elleve tolv",
    "nb": "to tre fire fem seks sju/syv åtte ni ti elleve tolv",
    "fi": "kaksi/kahden/kahta/kahdessa kolme/kolmen/kolmea neljä/neljän/neljää viisi/viiden/viittä kuusi/kuuden/kuutta "
    "seitsemän/seitsemää kahdeksan/kahdeksaa yhdeksän/yhdeksää kymmenen/kymmentä yksitoista/yhdentoista "
    "kaksitoista/kahdentoista",
    "pl": "dwa/dwie/dwóch/dwoje trzy/trzech cztery/czterech pięć/pięciu sześć/sześciu siedem/siedmiu osiem/ośmiu "
    "dziewięć/dziewięciu dziesięć/dziesięciu jedenaście/jedenastu dwanaście/dwunastu",
    "cs": "dva/dvě/dvou tři/tří čtyři/čtyř pět/pěti šest/šesti sedm/sedmi osm/osmi devět/devíti deset/deseti "
    "jedenáct/jedenácti dvanáct/dvanácti",
    "uk": "два/дві/двох три/трьох чотири/чотирьох п'ять/п'яти шість/шести сім/семи вісім/восьми дев'ять/дев'яти "
    "десять/десяти одинадцять/одинадцяти дванадцять/дванадцяти",
    "tr": "iki üç dört beş altı yedi sekiz dokuz on on-bir on-iki",
    "el": "δύο/δυο τρεις/τρία/τριών τέσσερις/τέσσερα/τεσσάρων πέντε έξι επτά/εφτά οκτώ/οχτώ εννέα/εννιά δέκα έντεκα "
    "δώδεκα",
    "id": "dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua-belas",
}
_LARGER = {
    "en": "thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 "
    "forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 second=2 third=3 fourth=4 "
    "fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 twice=2",
    "de": "dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreißig=30 "
    "vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100 einhundert=100 tausend=1000 "
    "eintausend=1000 zweimal=2 dreimal=3 viermal=4 fünfmal=5",
    "fr": "treize=13 quatorze=14 quinze=15 seize=16 vingt=20 trente=30 quarante=40 cinquante=50 soixante=60 cent=100 "
    "mille=1000",
    "es": "trece=13 catorce=14 quince=15 dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 treinta=30 "
    "cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100 mil=1000",
    "it": "tredici=13 quattordici=14 quindici=15 sedici=16 diciassette=17 diciotto=18 diciannove=19 venti=20 trenta=30 "
    "quaranta=40 cinquanta=50 sessanta=60 settanta=70 ottanta=80 novanta=90 cento=100 mille=1000",
    "pt": "treze=13 catorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezoito=18 dezenove=19 vinte=20 "
    "trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100 mil=1000",
    "nl": "dertien=13 veertien=14 vijftien=15 zestien=16 zeventien=17 achttien=18 negentien=19 twintig=20 dertig=30 "
    "veertig=40 vijftig=50 zestig=60 zeventig=70 tachtig=80 negentig=90 honderd=100 duizend=1000",
    "sv": "tretton=13 fjorton=14 femton=15 sexton=16 sjutton=17 arton=18 nitton=19 tjugo=20 trettio=30 fyrtio=40 "
    "femtio=50 hundra=100 tusen=1000",
    "da": "tretten=13 fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tyve=20 tredive=30 fyrre=40 "
    "halvtreds=50 hundrede=100 tusind=1000",
    "nb": "tretten=13 fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tjue=20 tretti=30 førti=40 femti=50 "
    "hundre=100 tusen=1000",
    "fi": "kaksikymmentä=20 kolmekymmentä=30 neljäkymmentä=40 viisikymmentä=50 sata=100 tuhat=1000",
    "pl": "piętnaście=15 dwadzieścia=20 trzydzieści=30 czterdzieści=40 pięćdziesiąt=50 sto=100 tysiąc=1000",
    "cs": "patnáct=15 dvacet=20 třicet=30 čtyřicet=40 padesát=50 sto=100 tisíc=1000",
    "uk": "п'ятнадцять=15 двадцять=20 тридцять=30 сорок=40 п'ятдесят=50 сто=100 тисяча=1000",
    "tr": "yirmi=20 otuz=30 kırk=40 elli=50 altmış=60 yetmiş=70 seksen=80 doksan=90 yüz=100 bin=1000",
    "el": "δεκαπέντε=15 είκοσι=20 τριάντα=30 σαράντα=40 πενήντα=50 εκατό=100 χίλια=1000",
    "id": "",
}
# Digits of the scripts that write them as words: two characters that stand for the same are one number.
HAN_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九十")} | {"两": 2, "兩": 2}


def _table(tag: str) -> dict[str, int]:
    small = {form: value for value, forms in enumerate(_SMALL[tag].split(), 2) for form in forms.split("/")}
    larger = dict(pair.split("=") for pair in _LARGER[tag].split())
    return small | {word: int(value) for word, value in larger.items()}


NUMBER_WORDS: dict[str, dict[str, int]] = {tag: _table(tag) for tag in _SMALL}
_ONE = {"en": {"one": 1}, "de": {"ein": 1}, "nl": {"een": 1, "één": 1}}
_JOINT = {"de": "und", "nl": "en"}  # between ones and tens


def number_of(word: str, tag: str) -> int:
    """Return what a lower-case word counts, from two on; 0 if it is no number.

    Args:
        word: such as `seven`, `twenty-one` or `einundzwanzig`.
        tag: of its language.
    """
    table = NUMBER_WORDS.get(tag, {})
    if word in table:
        return table[word]
    first, hyphen, second = word.partition("-")
    if not hyphen and tag in _JOINT:
        second, _, first = word.rpartition(_JOINT[tag])
    tens, ones = table.get(first, 0), (table | _ONE.get(tag, {})).get(second, 0)
    return tens + ones if tens >= 20 and tens % 10 == 0 and 0 < ones < 10 else 0
