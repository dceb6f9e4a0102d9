"""Numbers as tokens, so that "10,000", "10 000" and "ten thousand" are one word.

A figure is marked `#` ("#10000"), a date, year, clock time or telephone number `~` ("~2024"): the
first may carry news, the second never does. Meant for comparing two texts only; reading what a
figure says is another room's work.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

FIGURE = "#"
DATE = "~"
ONE = "#1"  # more often a pronoun than a count
_MARKS = frozenset((FIGURE, DATE))

_SMALL = {
    word: value
    for value, words in enumerate(
        """
        zero null
        one
        two zwei deux dos due dwa dwie dwóch два дві двух двох
        three drei trois tres tre trzy trzech три трех трёх трьох
        four vier quatre cuatro quattro cztery czterech четыре чотири четырех чотирьох
        five fünf cinq cinco cinque pięć pięciu пять пяти пʼять
        six sechs seis sei sześć sześciu шесть шести шість
        seven sieben sept siete sette siedem siedmiu семь семи сім
        eight acht huit ocho otto osiem ośmiu восемь восьми вісім
        nine neun neuf nueve nove dziewięć dziewięciu девять девяти девʼять
        ten zehn dix diez dieci dziesięć dziesięciu десять десяти
        eleven elf onze once undici jedenaście jedenastu одиннадцать одинадцять
        twelve zwölf douze doce dodici dwanaście dwunastu двенадцать дванадцять
        thirteen dreizehn treize trece tredici trzynaście тринадцать
        fourteen vierzehn quatorze catorce quattordici czternaście
        fifteen fünfzehn quinze quince quindici piętnaście пятнадцать
        sixteen sechzehn seize sedici szesnaście
        seventeen siebzehn siedemnaście
        eighteen achtzehn osiemnaście
        nineteen neunzehn dziewiętnaście
        """.strip().split("\n")
    )
    for word in words.split()
}
_TENS = {
    word: 10 * value
    for value, words in enumerate(
        """
        twenty zwanzig vingt veinte venti dwadzieścia dwudziestu двадцать двадцять
        thirty dreißig trente treinta trenta trzydzieści trzydziestu тридцать тридцять
        forty vierzig quarante cuarenta quaranta czterdzieści сорок
        fifty fünfzig cinquante cincuenta cinquanta pięćdziesiąt пятьдесят
        sixty sechzig soixante sesenta sessanta sześćdziesiąt шестьдесят
        seventy siebzig setenta settanta siedemdziesiąt семьдесят
        eighty achtzig ochenta ottanta osiemdziesiąt восемьдесят
        ninety neunzig noventa novanta dziewięćdziesiąt девяносто
        """.strip().split("\n"),
        start=2,
    )
    for word in words.split()
}
_UNITS = {**_SMALL, **_TENS}
SCALES = {
    word: Decimal(10) ** power
    for power, words in {
        2: "hundred hundreds hundert sto сто",
        3: """thousand thousands tausend mille mil mila tys tysiąc tysiące tysięcy тыс тысяч тысячи
              тысяча тисяч тисячі тисяча 千""",
        4: "万 萬",
        6: """million millions mln mio millionen millón millones milione milioni milionów miliony
              milion млн миллион миллиона миллионов мільйон мільйона мільйонів""",
        8: "亿 億",
        9: """billion billions bln bn mrd md milliard milliards milliarde milliarden miliardo
              miliardi miliard miliardy miliardów mld млрд миллиард миллиарда миллиардов мільярд
              мільярда мільярдів""",
        12: "trillion trillions trln tn billones bilion biliony bilionów трлн триллион трильйон",
    }.items()
    for word in words.split()
} | {"dozen": Decimal(12), "dozens": Decimal(12), "score": Decimal(20)}
# A scale word that counts by itself ("several million"); the short and ambiguous ones do not.
_ALONE = frozenset(
    """hundred hundreds thousand thousands million millions billion billions trillion trillions
       dozen dozens millionen milliarden milliards""".split()
)
_SUFFIXES = {"k": 3, "mn": 6, "mln": 6, "mio": 6, "bn": 9, "bln": 9, "mrd": 9, "tn": 12}
_MONEY_SUFFIXES = {"m": 6, "b": 9}  # "$5m" is money, "5m" a length
MONEY = frozenset("$€£¥₴₽₹₩")
_UNIT_SUFFIXES = frozenset(
    "m km cm mm ft kg g lb lbs oz mph kph kmh ha sqm kw mw gw kwh l c f am pm h hr hrs min".split()
)
_PERCENT = frozenset("% pct percent prozent procent procenta процентов процента відсотків".split())
_PER = {"cent": ("per", "pour"), "ciento": ("por",)}

WORDS = frozenset((*_UNITS, *SCALES, *_PERCENT, *_PER))  # what `spelt` may turn into a number

# Signs between a number and its scale; anything else ends the number.
GLUE = frozenset((" ", "\n", "-", " - ", "\u00a0", "\u202f", "\u2009", "\u2011", ""))

DIGITS = (  # a number as written, from its second sign on, with the fraction that hangs on it
    r"\d{0,3}(?P<mark> ?[/.-] ?)\d{1,2}(?P=mark)\d{2,4}(?!\d)"
    r"|\d*(?:(?:[.,:'’]| [.:] )\d+|[ \u00a0\u202f\u2009]\d{3}(?!\d)| , \d{3}(?!\d))*"
    r"(?:[- ]\d{1,2}/(?:2|3|4|5|8|16|32|64)(?!\d)|[¼½¾⅓⅔⅛⅜⅝⅞])?"
)
_SPLIT = re.compile(r"(\d.*?)(?:[- ](\d+)/(\d+)|([¼½¾⅓⅔⅛⅜⅝⅞]))?([^\W\d_]*)")
_DAY = re.compile(r"\d{1,4}( ?[/.-] ?)\d{1,2}\1\d{2,4}")
_CLOCK = re.compile(r"[012]\d:\d\d(?::\d\d)?|\d:\d\d:\d\d")
_GROUPS = re.compile(r"\d{1,3}(?:[,\s'’]\d{3})+")
_GROUPS_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_POINT_IS_DECIMAL = frozenset(("", "en", "zh", "ja", "ko", "th", "he"))

_MONTHS = frozenset(
    """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    januar februar märz mai juni juli oktober dezember
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    月 日 年
    """.split()
)
PERIODS = _MONTHS | frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow
    first second third fourth
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę
    понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье
    понеділок вівторок середа середу четвер пʼятниця субота суботу неділя неділю
    """.split()
)
_CLOCK_WORDS = frozenset("am pm gmt utc est edt cet uhr oclock".split())
_AFTER_DATE = _MONTHS | _CLOCK_WORDS
_MONTH_GLUE = frozenset(("", " ", ". ", ".", ", ", "-", "\u00a0"))
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_LONG = 7  # digits in a row: a telephone, account or article number


@lru_cache(maxsize=8192)
def digits(surface: str, language: str, money: str) -> tuple[str, str]:
    """The token of a word that begins with a digit, and the unit that hung on it ("" for none).

    `money`: the character before the word, which tells "$5m" from "5m".
    """
    surface = surface.replace(" : ", ":")
    if _CLOCK.fullmatch(surface) or _DAY.fullmatch(surface):
        return DATE + surface, ""
    match = _SPLIT.fullmatch(surface)
    if match is None:
        return surface.lower(), ""
    number, above, below, vulgar, suffix = match.groups()
    suffix = suffix.lower()
    power = _SUFFIXES.get(suffix, 0)
    if suffix in _MONEY_SUFFIXES and money in MONEY:
        power = _MONEY_SUFFIXES[suffix]
    unit = suffix if suffix in _UNIT_SUFFIXES and not power else ""
    if suffix and not (power or unit):
        return surface.lower(), ""  # 20th, 1980s, 3D
    whole = not (above or vulgar or suffix)
    if whole and (_YEAR.fullmatch(number) or (number.isdigit() and len(number) >= _LONG)):
        return DATE + number, ""
    value = _value(number, language)
    if value is None:
        return DATE + number, unit  # 10.30.15, 192.0.2.1
    if above:
        value += Decimal(above) / Decimal(below)
    elif vulgar:
        value += Decimal(str(round(unicodedata.numeric(vulgar), 4)))
    return FIGURE + canonical(value.scaleb(power)), unit


def _value(number: str, language: str) -> Decimal | None:
    number = number.replace(" . ", ".").replace(" , ", ",")
    if _GROUPS.match(number):
        number = re.sub(r"(?<=\d)[,\s'’](?=\d{3}(?!\d))", "", number)
    elif _GROUPS_BY_POINT.fullmatch(number) and (
        language not in _POINT_IS_DECIMAL or number.count(".") > 1
    ):
        number = number.replace(".", "")
    number = number.replace(" ", "").replace(",", ".")
    number = number.replace(":", ".")
    if number.count(".") > 1 or not number.replace(".", "").isascii():
        return None
    return Decimal(number) if number.replace(".", "").isdigit() else None


def canonical(value: Decimal) -> str:
    """One spelling a value: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def spelt(word: str, before: str, *, glued: bool) -> tuple[str, bool]:
    """The token of one of `WORDS`, and whether it takes the place of the token `before` it.

    `glued`: only `GLUE` stands between the two.
    """
    if word in _PERCENT:
        return "percent", False
    if word in _PER:
        return ("percent", True) if before in _PER[word] else (word, False)
    number = before[1:] if glued and before[:1] in _MARKS else ""
    scale = SCALES.get(word)
    if scale is not None:
        if number.replace(".", "").isdigit():
            return FIGURE + canonical(Decimal(number) * scale), True
        return (FIGURE + canonical(scale) if word in _ALONE else word), False
    value = _UNITS[word]
    tens = len(number) == 2 and number[1] == "0" and number != "10"  # noqa: PLR2004 - 20 … 90
    if tens and 0 < value < 10:  # noqa: PLR2004 - twenty-five
        return FIGURE + str(int(number) + value), True
    return FIGURE + str(value), False


def scaled(surface: str) -> bool:
    """Whether a number as written ends with a scale: "48 million", "$5bn", "dwa mln"."""
    last = _LAST_LETTERS.search(surface.lower())
    return last is not None and (last.group() in SCALES or last.group() in _SUFFIXES)


def mark_dates(body: str, tokens: list[str], edges: Sequence[int], figures: Sequence[int]) -> None:
    """Turn the `figures` (places) that are days of a month or hours of a day into dates.

    `edges`: where each token begins and ends, by turns.
    """
    for i in figures:
        start, end = edges[2 * i : 2 * i + 2]
        small = tokens[i][1:].isdigit() and len(tokens[i]) <= len("#31")
        if not small and ":" not in body[start:end]:
            continue
        gap = body[edges[2 * i - 1] : start] if i else ""
        if i and tokens[i - 1] in _MONTHS and gap in _MONTH_GLUE:
            dated = body[start].isdigit() or gap == " "  # "may. Two soldiers" is no date
        else:
            dated = (
                i + 1 < len(tokens)
                and tokens[i + 1] in _AFTER_DATE
                and body[end : edges[2 * i + 2]] in _MONTH_GLUE
            )
        if dated:
            tokens[i] = DATE + tokens[i][1:]
