"""Units of measure and currencies, as they are written in many languages, and the months."""

from __future__ import annotations

_UNITS = """
    %: % percent per-cent prozent pourcent procent prosent prosenttia procenta por-ciento per-cento por-cento
        yüzde відсотків відсотки パーセント persen ％ 퍼센트
    €: € euro euros eur euroa euró ευρώ євро ユーロ 유로 欧元
    $: $ dollar dollars usd dólares dólar dollari долар доларів ドル 달러 美元
    £: £ pound pounds gbp pfund livres libras sterline
    ¥: ¥ yen 円 엔 元 yuan
    rp: rp rupiah
    ₩: 원
    kr: kr kronor kroner krone krona
    zł: zł złoty złotych pln
    czk: kč korun koruny
    ₴: ₴ грн гривень гривні гривня
    ₺: ₺ lira tl
    hour: h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren timme timmar time
        timer tunti tuntia tunnin tunnilta godzina godziny godzin hodina hodiny hodin година години годин saat ώρα ώρες
        jam 時間 시간 小时
    minute: min mins minute minutes minuten minuto minutos minuti minuut minuter minutter minuutti minuuttia
        minuty minut хвилин хвилини хвилина dakika λεπτά λεπτό menit 分钟
    second: s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondi sekunder
        sekuntia sekund секунд saniye δευτερόλεπτα detik 秒 초
    day: day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen dagar dage dager päivä
        päivää dzień dni den dny dní день дні днів gün ημέρα ημέρες hari 日間 일간 天
    week: week weeks woche wochen semaine semaines semana semanas settimana settimane weken vecka veckor uge
        uger uke uker viikko viikkoa tydzień tygodnie tygodni týden týdny týdnů тиждень тижні тижнів hafta
        εβδομάδα εβδομάδες minggu 週間 주 周
    month: month months monat monate monaten mois mes meses mese mesi maand maanden månad månader måned måneder
        kuukausi kuukautta miesiąc miesiące miesięcy měsíc měsíce měsíců місяць місяці місяців ay μήνας μήνες
        bulan ヶ月 か月 개월 个月
    year: year years yr yrs jahr jahre jahren an ans année années año años ano anos anno anni jaar jaren år
        vuosi vuotta rok lata lat roky let рік роки років yıl χρόνια έτη έτος tahun 年間 년간
    km: km 公里 kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetro kilómetros
        chilometri quilómetros quilômetros
    m: m metre metres meter meters metern mètre mètres metro metros metri
    cm: cm centimetre centimetres centimeter centimeters zentimeter centimètres
    mm: mm millimetre millimetres millimeter millimeters
    mile: mile miles meile meilen
    mil: mil
    foot: ft foot feet
    inch: inch inches
    kg: kg kilo kilos kilogram kilograms kilogramów kilogramu 公斤 キロ kilogramm kilogrammes
    g: g gram grams gramm gramme grammes gramos grammi gramas
    t: tonne tonnes ton tons tonnen
    lb: lb lbs
    l: l litre litres liter liters litern litro litros litri litrů litra リットル
    ml: ml millilitre millilitres milliliter milliliters
    °: ° °c °f degrees degree grad celsius degrés grados gradi graus
    mb: mb megabyte megabytes
    gb: gb gigabyte gigabytes
    tb: tb terabyte terabytes
    kw: kw kilowatt kilowatts
    w: w watt watts
    kwh: kwh
    o'clock: o'clock uhr
"""


def _units() -> dict[str, str]:
    found: dict[str, str] = {}
    unit = ""
    for form in _UNITS.split():
        if form.endswith(":"):
            unit = form[:-1]
        else:
            found[form.replace("-", " ")] = unit
    return found


UNITS = _units()
CURRENCIES = frozenset(("€", "$", "£", "¥", "kr", "zł", "czk", "₴", "₺", "rp", "₩"))
EXACT = CURRENCIES | {"%"}  # units that a bare number of the notes does not vouch for
_MONTHS = """
    january jan januar januari janvier enero gennaio janeiro tammikuu tammikuuta stycznia ledna січня ocak ιανουαρίου
    february feb februar februari février febrero febbraio fevereiro helmikuuta lutego února лютого şubat φεβρουαρίου
    march mar märz maart mars marts marzo março maaliskuuta marca března березня mart μαρτίου maret
    april apr avril abril aprile huhtikuuta kwietnia dubna квітня nisan απριλίου
    may mai mei mayo maggio maio maj toukokuuta maja května травня mayıs μαΐου
    june jun juni juin junio giugno junho kesäkuuta czerwca června червня haziran ιουνίου
    july jul juli juillet julio luglio julho heinäkuuta lipca července липня temmuz ιουλίου
    august aug augusti augustus août agosto elokuuta sierpnia srpna серпня ağustos αυγούστου agustus
    september sep sept septembre septiembre settembre setembro syyskuuta września září вересня eylül σεπτεμβρίου
    october oct oktober okt octobre octubre ottobre outubro lokakuuta października října жовтня ekim οκτωβρίου
    november nov novembre noviembre novembro marraskuuta listopada listopadu листопада kasım νοεμβρίου
    december dec dezember dez décembre diciembre dicembre dezembro joulukuuta grudnia prosince грудня aralık δεκεμβρίου
        desember
"""
MONTHS: dict[str, int] = {
    form: number
    for number, line in enumerate(_MONTHS.replace("\n        ", " ").strip().splitlines(), 1)
    for form in line.split()
}
_WEEKDAYS = """
    monday mondays montag montags lundi lunes lunedì maandag måndag mandag maanantai maanantaina poniedziałek pondělí
        понеділок pazartesi δευτέρα senin
    tuesday tuesdays dienstag dienstags mardi martes martedì dinsdag tisdag tirsdag tiistai tiistaina wtorek úterý
        вівторок salı τρίτη selasa
    wednesday wednesdays mittwoch mittwochs mercredi miércoles mercoledì woensdag onsdag keskiviikko keskiviikkona środa
        středa середа çarşamba τετάρτη rabu
    thursday thursdays donnerstag donnerstags jeudi jueves giovedì donderdag torsdag torstai torstaina czwartek čtvrtek
        четвер perşembe πέμπτη kamis
    friday fridays freitag freitags vendredi viernes venerdì vrijdag fredag perjantai perjantaina piątek pátek
        п'ятниця cuma παρασκευή jumat
    saturday saturdays samstag samstags sonnabend sonnabends samedi sábado sabato zaterdag lördag lørdag lauantai
        lauantaina sobota sobotę субота cumartesi σάββατο sabtu
    sunday sundays sonntag sonntags dimanche domingo domenica zondag söndag søndag sunnuntai sunnuntaina niedziela
        neděle неділя pazar κυριακή minggu
"""
_WEEKEND = "weekend weekends wochenende wochenenden week-end week-ends"
WEEKDAYS: dict[str, frozenset[int]] = {
    form: frozenset({number})
    for number, line in enumerate(_WEEKDAYS.replace("\n        ", " ").strip().splitlines())
    for form in line.split()
} | dict.fromkeys(_WEEKEND.split(), frozenset({5, 6}))
