"""What news at large is like, for the languages that train_cluster.py has no archive of.

usage: usual_words.py monitor/cluster/usual   (needs `pip install wordfreq==3.1.1 babel`)

Writes LANGUAGE.json for each language with stop words, except English: the stems that stand in at
least `USUAL` of articles of `WORDS` words, from the word frequencies of wordfreq (Robyn Speer,
https://doi.org/10.5281/zenodo.7199437; data under CC BY-SA 4.0); names apart from other words are
the countries and cities of the CLDR (Unicode License V3).
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from math import expm1
from pathlib import Path

from babel import Locale
from wordfreq import get_frequency_dict

from monitor.cluster import load
from monitor.cluster.words import Reader

USUAL = 0.003
WORDS = 300  # for an English word the median that makes its frequency its share in our archives

Usual = dict[str, dict[str, float]]  # "words" and "names": stem -> share of articles


def places(language: str) -> Iterator[str]:
    """Countries and cities of one word: of "United States" neither word is a name."""
    locale = Locale(language)
    yield from (name for code, name in locale.territories.items() if code.isalpha())
    yield from (
        zone["city"]
        for key, zone in locale.time_zones.items()
        if "city" in zone and key != "Etc/Unknown"
    )


def usual_words(reader: Reader, language: str, stop_words: frozenset[str]) -> Usual:
    frequencies: Counter[str] = Counter()
    for word, frequency in get_frequency_dict(language, wordlist="small").items():
        if word.isalpha() and word not in stop_words:
            frequencies[reader.stem(word)] += frequency
    shares = {stem: round(-expm1(-WORDS * f), 4) for stem, f in sorted(frequencies.items())}
    names = {reader.stem(place) for place in places(language) if place.isalpha()}
    usual: Usual = {"words": {}, "names": {}}
    for stem, share in shares.items():
        if share >= USUAL:
            usual["names" if stem in names else "words"][stem] = share
    return usual


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    model = load()
    for language in model.stop_words.keys() - {"en"}:
        stop_words = model.stop_words[language]
        found = usual_words(Reader(language, stop_words), language, stop_words)
        (folder / f"{language}.json").write_text(
            json.dumps(found, ensure_ascii=False, indent=0) + "\n", "utf-8"
        )
        print(language, *(len(words) for words in found.values()))


if __name__ == "__main__":
    main()
