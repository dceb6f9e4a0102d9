"""Lines that stand in the text of an article and are none of it: adverts, prompts, credits.

Only short lines are looked at, and only as a whole; a sentence that speaks of cookies stays.
"""

import re
from collections.abc import Sequence

SHORT = 40  # words
LONGEST = 600  # characters of a line that is looked at: a word may be endless
TEASER = 20  # words of a headline under "Related articles"
SENTENCE = 6  # words; with a full stop behind, more are one
HEAD = 3  # lines at the top, where a "source:" may belong to the article

_BRANDS = "twitter|x|facebook|instagram|telegram|whatsapp|youtube|tiktok|linkedin|threads|bluesky"
_PROMPTS = r"""
advert(?:isement|ising)?s?\W*(?:continues?\b.*|below)?
(?:paid|sponsored|promoted|partner)(?:\s(?:content|post|by\b.*|links?|stories))?
story\scontinues.*
(?:please\s)?share\s(?:this|on|via|with|your|the)\b.*|share|tweet|pin|e-?mail|print|save|copy\slink
(?:e-?mail|print)\sthis\b.*
(?:please\s)?(?:follow|like|find|join|reach)\s(?:us|our|him|her|them|me)\b.*
(?:follow|like)\s.{1,60}\son\s(?:BRANDS|google\snews)\b.*
(?:BRANDS|e-?mail|share|print)(?:[\s,|/·•]+(?:BRANDS|e-?mail|share|print|and))*
(?:sign\s?(?:up|in)|log\s?in|subscribe|register)(?:\b.*(?:newsletter|inbox|alerts?|here|today|now
 |account|access|e-?mail|channel|free|updates|read|us|more)\b.*)?\W*
win\s(?:a|one|\d+)\b.*(?:prize|tickets?|voucher|holiday|competition|enter)\b.*
(?:already\s(?:a\ssubscriber|registered|have\san\saccount)|not\sa\ssubscriber).*
(?:click|tap)\shere\b.*|.{0,80}\b(?:click|tap)\shere(?:\sto\b.{0,60}|\W*)
download\s(?:the|our)\b.*\bapp\b.*|get\s(?:the|our)\b.*\b(?:app|newsletter|e-?mail)\b.*
get\s.{0,60}\b(?:inbox|newsletters?|alerts?)\b.*
for\s(?:more|the\slatest|all\sthe|breaking|live)\b.{0,120}\b(?:visit|follow|subscribe|click|download
 |go\sto|check\sout|sign\sup|head\sto)\b.*
(?:have|got|do\syou\shave)\s(?:a|any)\s(?:story|tip|news\stip|question|comment|photo|view)s?\b.*
(?:have\syour\ssay|join\sthe\s(?:conversation|discussion|debate)|leave\sa\s(?:comment|reply))\b.*
(?:post|add|write|view|read|show|see|load|hide)\s(?:a\s|your\s|all\s|the\s|more\s)*comments?\b.*
(?:\d+\s)?comments?(?:\s?\(?\d*\)?)?|comments\s(?:are|have\sbeen)\s(?:closed|disabled|turned\soff).*
what\sdo\syou\sthink\?.{0,80}|let\sus\sknow\sin\sthe\scomments.*
contact\s(?:us|the\s(?:author|writer|reporter|newsroom))\b.*
(?:view|see|show|load|browse)\s(?:all|more)(?:\s\w+){0,3}|all\sheadlines|back\sto\stop|continue\sreading.*
(?:we|this\s(?:web)?site|our\s(?:web)?site)\suses?\s.*cookies.*|.*\bcookies?\s(?:policy|settings|consent)\b.*
.*\b(?:accept|allow|reject|manage)\s(?:all\s|our\s|the\s)?cookies\b.*
(?:view|change|read)\s.{0,30}\bprivacy\s(?:policy|settings)\b.*|(?:privacy\spolicy|terms\sof\s(?:use|service)).{0,60}
author\savatar|@\w{2,30}|\W*
support\s(?:our|independent|quality)\sjournalism.*|(?:please\s)?(?:donate|become\sa\smember)\b.{0,80}
(?:support|become)\s.{0,60}\b(?:patreon|membership)\b.*
play\s(?:video|audio)|video\splayer\b.*|skip\sto\b.*|click\sto\splay.*|(?:loading|playing)\W*
.{0,200}\bclick\sto\stweet|(?:like|enjoy(?:ed|ing)?|love)\sthis\s(?:story|article|post|video)\?.*
\S+@\S+\.\w+|(?:https?://)?(?:www\.)?(?:BRANDS|t)\.(?:com|me)/\S*|(?:e-?mail|write\sto|contact|tweet)\s.{1,60}\sat\s\S+@\S+.*
follow\s.{1,80}\bcoverage\b.*|(?:order\sreprints|print\sarticle|listen\sto\sarticle|text\ssize|font\ssize)
this\scopy\sis\sfor\syour\spersonal\b.*|this\s(?:article|story)\shas\sbeen\s(?:sent|shared|saved)\b.*
an\serror\s(?:has\s)?occurred\b.*|tell\sus\s(?:what|your)\b.{0,60}|thank\syou(?:\sfor\s(?:reading|subscribing|signing)\b.*)?
get\s.*\b(?:delivered|access\sto)\b.*|(?:\w+\s){0,4}newsletters?|\[/?\w+[^\]]*\].*
your\sbrowser\sdoes\snot\b.*|enable\sjavascript\b.*|media\scaption.*|image\scaption.*
(?:lesen\ssie\sauch|mehr\szum\sthema|lire\saussi|à\slire\saussi|lee\stambién|leer\smás|leggi\sanche
 |leia\s(?:também|mais)|lees\sook|czytaj\s(?:też|także|więcej|również)|zobacz\s(?:też|także)|läs\sockså
 |читайте\s(?:також|также|ещё|еще)|дивіться\sтакож|смотрите\sтакже|по\sтеме|до\sтеми)\b.*
(?:підписуйтесь|підпишіться|подписывайтесь|подпишитесь|suscr[ií]bete|inscreva-se|abonnez-vous
 |iscriviti|zapisz\ssię|abonnieren\ssie)\b.*
"""
_CREDITS = r"""
(?:this|the)\s(?:article|story|post|report|piece|column|interview|essay)\b.{0,60}\b(?:originally|first)
 \s(?:appeared|published|ran|posted)\b.*
(?:this|the)\s(?:article|story|post|report|piece)\s(?:appeared|was\s(?:first\s)?(?:published|produced
 |updated|amended|corrected))\b.*
the\spost\s.*\b(?:appeared\sfirst|first\sappeared)\son\b.*
(?:file\s)?(?:photo|image|picture|video|illustration|graphic|photograph|foto|bild|фото)s?
 (?:\s(?:credits?|courtesy|by|via|source)\b|\s?[:©/]).*
(?:tags?|topics?|keywords?|categories|category|filed\sunder|labels?|more\sabout|in\sthis\sstory|теги|tagi|mots-clés
 |etiquetas|schlagwörter)\s?:.*|tags|topics|filed\sunder\b.*
(?:additional\s|with\s|further\s)?(?:reporting|editing|writing|production|research|translation)
 (?:\sand\s(?:reporting|editing|writing))?\sby\b.*
.*\bcontributed\sto\s(?:this|the)\s(?:report|story|article|piece)\b.*
(?:compiled|edited|translated|reported|produced)\sby\b.{0,80}
(?:with|additional)\s(?:reporting|inputs?|files|material)\sfrom\b.*|\(?with\s(?:agency|agencies)\sinputs?\)?
(?:copyright\b|©|\(c\)\s?\d{4}).*|.*\ball\srights\sreserved\b.*|.{0,60}©\s?(?:\d{4}|\w+\s\d{4}).*
.*\bmay\snot\sbe\s(?:published|reproduced|redistributed|rewritten)\b.*
(?:editor(?:'s|ial)?\snote|disclaimer|disclosure|correction\spolicy)\s?:.{0,200}
(?:getty\simages|ap\sphoto|shutterstock|istock|afp\svia\sgetty).{0,60}|.{0,80}\s/\s(?:getty\simages|afp|reuters|ap|epa)
"""
_HEADINGS = r"""
related(?:\s(?:articles?|stories|story|posts?|topics?|content|news|links?|coverage|reading|video)s?\b.{0,40}|\s?:.*)?
(?:most|more)\s(?:read|popular|viewed|shared|commented|watched)\b.{0,30}
(?:recommended|popular|trending|featured|suggested)(?:\s(?:for\syou|now|stories|articles|posts|topics|news|videos?|today))?
(?:latest|top|more|other|breaking)\s(?:news|stories|headlines|articles|videos|posts)\b.{0,40}
more\s(?:from|on|in|about)\b.{0,60}|you\s(?:may|might|could)\s(?:also\s)?(?:like|enjoy|be\sinterested)\b.{0,40}
read\s(?:more|next|also|on|this\snext|the\s(?:full|original|latest))\b.*|also\s(?:read|see|on|in)\b.{0,160}
see\s(?:also|more)\b.*|watch(?:\s(?:now|live|more|next|below))?\s?:.*|listen(?:\snow)?\s?:.*
editors?'?s?\s(?:picks?|choice)\b.{0,20}|don'?t\smiss\b.{0,40}|must[\s-](?:reads?|see)|up\snext|next\s(?:article|story|post)
(?:相关(?:阅读|新闻|文章|报道)|延伸閱讀|延伸阅读|相關(?:新聞|報導)|関連(?:記事|ニュース)|관련\s?(?:기사|뉴스)|اقرأ\sأيضا).*
(?:previous|next)\s(?:article|story|post)\b.*|in\sother\snews|elsewhere\son\b.{0,40}|around\sthe\sweb
"""
_SOURCES = r"(?:sources?|quelle|fuente|fonte|źródło|источник|джерело)\s?:.{0,100}"


def _compiled(patterns: str) -> re.Pattern[str]:
    joined = re.sub(r"\n ", "", patterns.strip()).replace("\n", "|").replace("BRANDS", _BRANDS)
    return re.compile(f"(?:{joined})", re.IGNORECASE)


_PROMPT = _compiled(_PROMPTS + _CREDITS)
_HEADING = _compiled(_HEADINGS)
_SOURCE = re.compile(_SOURCES, re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;,。！？][\"'”’»)\]]*$")
_MARKS = " \t*•·–—|>»«›‹→►▶■●:-[]()"


def without_furniture(lines: Sequence[str]) -> list[str]:
    """Drop furniture, and the headlines that stand under a heading such as "Related articles"."""
    kept: list[str] = []
    teasers = False
    for line in lines:
        if _is_heading(line):
            teasers = True
        elif teasers and _is_teaser(line):
            continue
        else:
            teasers = False
            if not _is_furniture(line, top=len(kept) < HEAD):
                kept.append(line)
    return kept


def _is_heading(line: str) -> bool:
    """A heading may be long, a sentence may not: "Read on for three tips." belongs to the text."""
    count = len(line.split())
    if count > SHORT or len(line) > LONGEST or (count > SENTENCE and _ENDS_A_SENTENCE.search(line)):
        return False
    return _HEADING.fullmatch(line.strip(_MARKS)) is not None


def _is_teaser(line: str) -> bool:
    return len(line.split()) <= TEASER and not _ENDS_A_SENTENCE.search(line)


def _is_furniture(line: str, *, top: bool) -> bool:
    if len(line) > LONGEST or len(line.split()) > SHORT:
        return False
    bare = line.strip(_MARKS)
    if _PROMPT.fullmatch(bare):
        return True
    return not top and _SOURCE.fullmatch(bare) is not None
