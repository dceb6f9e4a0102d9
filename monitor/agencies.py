"""News agencies: whose text an article carries, as its dateline or credit line says.

Ten papers that print one agency's text are one source, not ten.
"""

import re

_HEAD = 300  # characters in which a dateline or an opening credit stands
_TAIL = 400  # characters in which a closing credit stands

# name: spellings; a spelling in capitals is only read in capitals
_SPELLINGS = {
    "Reuters": "Reuters|Thomson Reuters|Рейтер",
    "AP": "AP|Associated Press|The Associated Press",
    "AFP": "AFP|Agence France-Presse|Agence France Presse",
    "dpa": "dpa|DPA|Deutsche Presse-Agentur|dpa-AFX",
    "UPI": "UPI|United Press International",
    "Bloomberg": "Bloomberg|Bloomberg News",
    "PA": "PA Media|Press Association",
    "EFE": "EFE|Agencia EFE",
    "Europa Press": "Europa Press",
    "ANSA": "ANSA",
    "Adnkronos": "Adnkronos",
    "AGI": "AGI",
    "Lusa": "Lusa|LUSA",
    "ANP": "ANP",
    "Belga": "Belga|BELGA",
    "APA": "APA",
    "SDA": "SDA|Keystone-SDA",
    "epd": "epd",
    "KNA": "KNA",
    "AFX": "AFX",
    "NTB": "NTB",
    "TT": "TT Nyhetsbyrån",
    "Ritzau": "Ritzau",
    "STT": "STT",
    "PAP": "PAP|Polska Agencja Prasowa",
    "IAR": "IAR",
    "ČTK": "ČTK|CTK",
    "TASR": "TASR",
    "SITA": "SITA",
    "MTI": "MTI",
    "Agerpres": "Agerpres|AGERPRES",
    "Hina": "Hina|HINA",
    "Tanjug": "Tanjug",
    "BTA": "BTA",
    "ANA-MPA": "ANA-MPA|AMNA",
    "BNS": "BNS",
    "LETA": "LETA",
    "ELTA": "ELTA",
    "Ukrinform": "Ukrinform|Укрінформ|Укринформ",
    "Interfax-Ukraine": "Interfax-Ukraine|Інтерфакс-Україна|Интерфакс-Украина",
    "UNIAN": "UNIAN|УНІАН|УНИАН",
    "RBC-Ukraine": "RBC-Ukraine|РБК-Україна|РБК-Украина",
    "Interfax": "Interfax|Интерфакс",
    "TASS": "TASS|ТАСС",
    "RIA Novosti": "RIA Novosti|РИА Новости",
    "BelTA": "BelTA|БелТА",
    "Anadolu": "Anadolu|Anadolu Agency",
    "DHA": "DHA",
    "Xinhua": "Xinhua|新华社",
    "CNS": "中新社",
    "Kyodo": "Kyodo|Kyodo News|共同通信",
    "Jiji": "Jiji|Jiji Press|時事通信",
    "Yonhap": "Yonhap|연합뉴스",
    "CNA": "CNA",
    "VNA": "VNA",
    "Antara": "Antara|ANTARA",
    "Bernama": "Bernama|BERNAMA",
    "PTI": "PTI|Press Trust of India",
    "ANI": "ANI",
    "IANS": "IANS",
    "APP": "APP",
    "AAP": "AAP|Australian Associated Press",
    "CP": "The Canadian Press|Canadian Press",
    "IRNA": "IRNA",
    "SANA": "SANA",
    "WAFA": "WAFA",
    "SPA": "SPA",
    "WAM": "WAM",
    "MENA": "MENA",
    "Petra": "Petra",
    "NAN": "NAN",
    "SAnews": "SAnews",
    "Agência Brasil": "Agência Brasil",
    "Télam": "Télam|Telam",
    "Notimex": "Notimex",
    "Prensa Latina": "Prensa Latina",
}
_CANONICAL = {
    spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split("|")
}
_NAME = "(?:{})".format("|".join(sorted(map(re.escape, _CANONICAL), key=len, reverse=True)))
_NAMES = rf"{_NAME}(?:\s*(?:[/,;&+]|\band\b|\bund\b|\bi\b|\bet\b|\by\b|\bта\b|\bи\b)\s*{_NAME})*"
_DASH = "[-–—:]"

# KYIV, Jan 11 (Reuters) - …;  (AP) — …;  PARIS: (AFP) The …
_DATELINE = re.compile(
    rf"\(({_NAMES})\)\s*{_DASH}|^[^()\n.!?]{{0,60}}\(({_NAMES})\)\s+(?=[\"“«]?[^\W\d_a-z])"
)
# Reuters - …;  KYIV, AFP - …
_OPENING = re.compile(rf"(?:^|\n|,\s)({_NAMES})\s+{_DASH}\s")
# Source: AP, PAP;  © AFP;  Quelle: dpa/AFP;  Źródło: PAP
_CREDIT = re.compile(
    r"(?:\b(?:sources?|via|credit|quellen?|źródło|źródła|zdroj|fuente|fonte|kilde|bron|forrás"
    r"|джерело|источник|sursa|kaynak)\s*:\s*|©\s*(?:\d{4}\s+)?|来源[:：]\s*)"
    rf"({_NAMES})(?!\w)",
    re.IGNORECASE,
)
# A closing credit by itself: "(PAP)", "— AP", "dpa/AFP"
_CLOSING = re.compile(rf"(?:^|\n|[.!?…\"”»]\s*)(?:[(/]|{_DASH}\s*)?({_NAMES})[)/]?\s*$")
_EACH = re.compile(_NAME)


def agency(text: str) -> str:
    """The agencies an article credits, in their usual names, "AP, PAP"; "" when none.

    Only datelines and credit lines count: who "told Reuters" credits nobody.
    """
    head, tail = text[:_HEAD], text[-_TAIL:].rstrip()
    found: dict[str, None] = {}
    for pattern, part in (
        (_DATELINE, head),
        (_OPENING, head),
        (_CREDIT, head),
        (_CREDIT, tail),
        (_CLOSING, tail),
    ):
        for match in pattern.finditer(part):
            credited = next(filter(None, match.groups()))
            found.update((_CANONICAL[name], None) for name in _EACH.findall(credited))
    return ", ".join(found)
