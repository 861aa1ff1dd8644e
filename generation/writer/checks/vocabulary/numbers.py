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
# From 13 on, `word=number`; compounds are made below.
_LARGER = {
    "en": "thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 "
    "forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 second=2 third=3 fourth=4 "
    "fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 twice=2 dozen=12 "
    "twos=2 threes=3 fours=4 fives=5 sixes=6 sevens=7 eights=8 nines=9",
    "de": "dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreißig=30 "
    "vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100 tausend=1000 zweimal=2 dreimal=3 "
    "viermal=4 fünfmal=5 zweite=2 dritte=3 vierte=4 fünfte=5 zweiten=2 dritten=3 vierten=4 fünften=5 beide=2 beiden=2",
    "fr": "treize=13 quatorze=14 quinze=15 seize=16 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60 "
    "cent=100 cents=100 mille=1000",
    "es": "trece=13 catorce=14 quince=15 dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno=21 "
    "veintiún=21 veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 veintiséis=26 veintisiete=27 veintiocho=28 "
    "veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100 "
    "ciento=100 doscientos=200 trescientos=300 cuatrocientos=400 quinientos=500 mil=1000",
    "it": "tredici=13 quattordici=14 quindici=15 sedici=16 diciassette=17 diciotto=18 diciannove=19 venti=20 trenta=30 "
    "quaranta=40 cinquanta=50 sessanta=60 settanta=70 ottanta=80 novanta=90 cento=100 mille=1000 mila=1000",
    "pt": "treze=13 catorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezassete=17 dezoito=18 dezenove=19 "
    "dezanove=19 vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100 "
    "cento=100 duzentos=200 trezentos=300 quatrocentos=400 quinhentos=500 mil=1000",
    "nl": "dertien=13 veertien=14 vijftien=15 zestien=16 zeventien=17 achttien=18 negentien=19 twintig=20 dertig=30 "
    "veertig=40 vijftig=50 zestig=60 zeventig=70 tachtig=80 negentig=90 honderd=100 duizend=1000 tweede=2 derde=3",
    "sv": "tretton=13 fjorton=14 femton=15 sexton=16 sjutton=17 arton=18 nitton=19 tjugo=20 trettio=30 fyrtio=40 "
    "femtio=50 sextio=60 sjuttio=70 åttio=80 nittio=90 hundra=100 tusen=1000",
    "da": "tretten=13 fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tyve=20 tredive=30 fyrre=40 "
    "halvtreds=50 tres=60 halvfjerds=70 firs=80 halvfems=90 hundrede=100 tusind=1000",
    "nb": "tretten=13 fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tjue=20 tretti=30 førti=40 femti=50 "
    "seksti=60 sytti=70 åtti=80 nitti=90 hundre=100 tusen=1000",
    "fi": "kaksikymmentä=20 kolmekymmentä=30 neljäkymmentä=40 viisikymmentä=50 kuusikymmentä=60 seitsemänkymmentä=70 "
    "kahdeksankymmentä=80 yhdeksänkymmentä=90 sata=100 sataa=100 tuhat=1000 tuhatta=1000 kolmelta=3 kahdelta=2",
    "pl": "trzynaście=13 czternaście=14 piętnaście=15 szesnaście=16 siedemnaście=17 osiemnaście=18 dziewiętnaście=19 "
    "dwadzieścia=20 dwudziestu=20 trzydzieści=30 trzydziestu=30 czterdzieści=40 pięćdziesiąt=50 sześćdziesiąt=60 "
    "siedemdziesiąt=70 osiemdziesiąt=80 dziewięćdziesiąt=90 sto=100 dwieście=200 trzysta=300 pięćset=500 tysiąc=1000",
    "cs": "třináct=13 čtrnáct=14 patnáct=15 šestnáct=16 sedmnáct=17 osmnáct=18 devatenáct=19 dvacet=20 třicet=30 "
    "čtyřicet=40 padesát=50 šedesát=60 sedmdesát=70 osmdesát=80 devadesát=90 sto=100 stě=100 set=100 tisíc=1000",
    "uk": "тринадцять=13 чотирнадцять=14 п'ятнадцять=15 шістнадцять=16 сімнадцять=17 вісімнадцять=18 дев'ятнадцять=19 "
    "двадцять=20 тридцять=30 сорок=40 п'ятдесят=50 шістдесят=60 сімдесят=70 вісімдесят=80 дев'яносто=90 сто=100 "
    "двісті=200 триста=300 чотириста=400 п'ятсот=500 тисяча=1000 тисячі=1000 тисяч=1000",
    "tr": "yirmi=20 otuz=30 kırk=40 elli=50 altmış=60 yetmiş=70 seksen=80 doksan=90 yüz=100 bin=1000",
    "el": "δεκατρία=13 δεκατέσσερα=14 δεκαπέντε=15 δεκαέξι=16 δεκαεπτά=17 δεκαοκτώ=18 δεκαεννέα=19 είκοσι=20 "
    "τριάντα=30 σαράντα=40 πενήντα=50 εξήντα=60 "
    "εβδομήντα=70 ογδόντα=80 ενενήντα=90 εκατό=100 εκατόν=100 διακόσια=200 χίλια=1000",
    "id": "puluh=10 belas=10 ratus=100 seratus=100 ribu=1000 seribu=1000",
    "ko": "두=2 세=3 네=4 다섯=5 여섯=6 일곱=7 여덟=8 아홉=9 열=10 "
    "열한=11 열두=12 스물=20 스무=20 서른=30 마흔=40 쉰=50",
}
_ONES = {
    "de": "ein zwei drei vier fünf sechs sieben acht neun",
    "nl": "een twee drie vier vijf zes zeven acht negen",
    "da": "en to tre fire fem seks syv otte ni",
    "sv": "ett två tre fyra fem sex sju åtta nio",
    "nb": "en to tre fire fem seks sju åtte ni",
    "fi": "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän",
    "it": "uno due tre quattro cinque sei sette otto nove",
}
_JOINTS = {"de": ("und",), "nl": ("en", "ën"), "da": ("og",)}  # ones before tens


def _compounds(tag: str, table: dict[str, int]) -> dict[str, int]:
    """Return the numbers of a language that are written in one word: tens with ones, and hundreds."""
    found: dict[str, int] = {}
    tens = {word: value for word, value in table.items() if 20 <= value < 100 and value % 10 == 0}
    hundreds = [word for word, value in table.items() if value == 100]
    for one, value in zip(_ONES.get(tag, "").split(), range(1, 10), strict=False):
        for word, ten in tens.items():
            forms = [f"{one}{joint}{word}" for joint in _JOINTS[tag]] if tag in _JOINTS else [f"{word}{one}"]
            if tag == "it" and one[0] in "uo":
                forms = [f"{word[:-1]}{one}"]
            found |= dict.fromkeys(forms, ten + value)
        found |= {f"{one}{hundred}": 100 * value for hundred in hundreds}
    return found


def _table(tag: str) -> dict[str, int]:
    forms_of = enumerate(_SMALL.get(tag, "").split(), 2)
    small = {form: value for value, forms in forms_of for form in forms.split("/") if "-" not in form}
    larger = dict(pair.split("=") for pair in _LARGER[tag].split())
    table = small | {word: int(value) for word, value in larger.items()}
    return table | _compounds(tag, table)


NUMBER_WORDS: dict[str, dict[str, int]] = {tag: _table(tag) for tag in _LARGER}
# Between the words of one number.
AND = {"en": "and", "es": "y", "pt": "e", "fr": "et", "el": "και", "de": "und"}
ONE = {"en": "one", "es": "un", "pt": "um", "fr": "un", "tr": "bir", "el": "ένα", "id": "satu"}
# With an hour it is a time, with a number a fraction.
HALVES_AND_QUARTERS = frozenset(
    """half quarter halb halbe halben viertel dreiviertel anderthalb einhalb zweieinhalb dreieinhalb demi demie quart
    quarts media cuarto mezza mezzo quarto meia half kwart kvart halv halvt halva halvannen puoli puolen vartti pół wpół
    kwadrans půl čtvrt tři-čtvrtě пів чверть половина buçuk yarım çeyrek μισή μισό τέταρτο setengah
    seperempat""".split()
)
