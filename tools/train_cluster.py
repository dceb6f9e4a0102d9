"""Train the weights of monitor/cluster on archives with known events, reproducibly.

usage: train_cluster.py FOLDER [--leave-out NAME] [--out monitor/cluster]

FOLDER holds NAME.jsonl.gz (an archive for `newsmon replay`) and NAME.gold.json (article id ->
event). Without --out nothing is written: the result of each archive is shown (B-cubed F1). What is
shipped is `train_cluster.py FOLDER --out monitor/cluster`: weights.json, and usual/en.json, the
shares of articles that hold the common words, which a young installation does not know yet.

Method: replay each archive with the clusterer's own events, note the features of every candidate
and whether more than half of its articles are of the new article's event; fit a logistic
regression; again with the new weights. Rows of all rounds are kept: a scorer that never saw its
own mistakes joins more and more to a wrong event. Each archive is also replayed with its time
pressed into two days, so that nearness in time cannot carry a weak text match.
"""

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from monitor.cluster import Clusterer, Model, load
from monitor.cluster.clusterer import Ranked
from monitor.cluster.scorer import FEATURES, Article, Scorer
from monitor.cluster.words import KEY_BITS, UPPER, Reader
from monitor.model import Document, DocumentId, EventId, Joined

ROUNDS = 3
USUAL = 0.01  # share of articles from which a word counts as common
NAME_SHARE = 0.6  # written with a capital more often than this
PRESSED = timedelta(days=2)
PRESSED_WEIGHT = 0.5  # beside 1 for the archive as it is
RIDGE = 1e-5
CONVERGED = 1e-9
LEVELS = {  # of p, chosen on the archives; flat nearby
    "text": {"join": 0.3, "merge": 0.6, "follow": 0.8, "rest": 0.08},
    "title_only": {"join": 0.3, "merge": 0.6, "follow": 0.9, "rest": 0.0},
}
# The rounds join a little less: what is joined by mistake there would teach to join more.
ROUNDS_JOIN = {"text": 0.35, "title_only": 0.3}
# Where the first round starts: a cosine above a third, within days.
START = dict.fromkeys(FEATURES, 0.0) | {"likeness": 12.0, "oldest_7d": 2.0}
START_BIAS = -6.0

Labels = Mapping[str, str]
Rows = tuple[np.ndarray, np.ndarray]  # features, whether it was right


@dataclass(frozen=True)
class Archive:
    """Articles in order of arrival, their true events, and how much they weigh in training."""

    name: str
    documents: list[Document]
    gold: Labels
    sha256: str
    weight: float = 1.0

    def pressed(self) -> "Archive":
        start = self.documents[0].published
        factor = PRESSED / (max(d.published for d in self.documents) - start)
        documents = [
            replace(d, published=start + (d.published - start) * factor) for d in self.documents
        ]
        return replace(self, documents=documents, weight=PRESSED_WEIGHT)

    def titles(self) -> "Archive":
        return replace(self, documents=[replace(d, text="") for d in self.documents])


class Observed(Clusterer):
    """A clusterer that shows whom it considered."""

    considered: list[Ranked]

    def _rank(self, article: Article, scorer: Scorer) -> list[Ranked]:
        self.considered = super()._rank(article, scorer)
        return self.considered


@dataclass
class Replay:
    """The rows of one replay, and the articles' events after all merges."""

    features: list[tuple[float, ...]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    members: dict[EventId, list[DocumentId]] = field(default_factory=dict)

    def run(self, archive: Archive, model: Model) -> "Replay":
        clusterer = Observed(model, "en")
        kinds: dict[EventId, Counter[str]] = {}
        now = archive.documents[0].published
        for document in archive.documents:
            now = max(now, document.published)
            placement, _ = clusterer.place(document, now=now)
            true = archive.gold[document.id]
            for candidate in clusterer.considered:
                kind = kinds[candidate.event]
                self.features.append(candidate.values)
                self.right.append(2 * kind[true] > kind.total())
            kinds.setdefault(placement.event, Counter())[true] += 1
            self.members.setdefault(placement.event, []).append(document.id)
            if isinstance(placement, Joined):
                for lost in placement.merged:
                    kinds[placement.event] += kinds.pop(lost, Counter())
                    self.members[placement.event] += self.members.pop(lost, [])
        return self

    def rows(self) -> Rows:
        return np.array(self.features), np.array(self.right, dtype=float)


def read(folder: Path) -> Iterator[Archive]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        content = gzip.decompress(path.read_bytes())
        gold = json.loads((folder / f"{name}.gold.json").read_text("utf-8"))
        documents = [_document(json.loads(line)) for line in content.splitlines()]
        yield Archive(name, documents, gold, hashlib.sha256(content).hexdigest())


def _document(line: Mapping[str, str]) -> Document:
    published = datetime.fromisoformat(line["published"])
    return Document(
        id=DocumentId(line["id"]),
        url=line["url"],
        outlet=line["outlet"],
        title=line["title"],
        text=line["text"],
        language="en",
        published=published,
        seen=published,
        source="archive",
    )


def usual_words(archives: list[Archive]) -> dict[str, dict[str, dict[str, float]]]:
    """Stem -> share of articles, each archive weighing the same; names apart from other words."""
    model = untrained()
    reader = Reader("en", model.stop_words["en"], model.nameless["en"])
    shares, upper, lower = Counter[str](), Counter[str](), Counter[str]()
    for archive in archives:
        for document in archive.documents:
            found = reader.read(document)
            stems = {key: reader.stem(surface) for key, surface in found.written().items()}
            for stem in set(stems.values()):
                shares[stem] += 1 / len(archive.documents) / len(archives)
            for code in found.body:
                counter = upper if code & UPPER else lower
                counter[stems[code & KEY_BITS]] += 1
    usual = {stem: round(n, 4) for stem, n in sorted(shares.items()) if n >= USUAL}
    names = {stem for stem in usual if upper[stem] > NAME_SHARE * (upper[stem] + lower[stem])}
    return {
        "en": {
            "words": {stem: n for stem, n in usual.items() if stem not in names},
            "names": {stem: n for stem, n in usual.items() if stem in names},
        }
    }


def fit(blocks: list[tuple[Rows, float]]) -> tuple[float, list[float]]:
    """Bias and weights of a logistic regression, by Newton's method; each block has its weight."""
    x = np.concatenate([rows[0] for rows, _ in blocks])
    y = np.concatenate([rows[1] for rows, _ in blocks])
    share = np.concatenate([np.full(len(rows[1]), w / len(rows[1])) for rows, w in blocks])
    share /= share.sum()
    x = np.column_stack([np.ones(len(x)), x])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 0.0
    theta = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -30, 30)))
        slope = x.T @ (share * (p - y)) + ridge * theta
        curve = (x.T * (share * p * (1 - p))) @ x + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        theta -= step
        if np.abs(step).max() < CONVERGED:
            break
    return float(theta[0]), [float(w) for w in theta[1:]]


def started(kind: str) -> Scorer:
    return Scorer(bias=START_BIAS, weights=tuple(START.values()), **LEVELS[kind])


def untrained(usual: Mapping[str, object] | None = None) -> Model:
    return load({kind: _shown(started(kind)) for kind in LEVELS}, usual)


def train(archives: list[Archive], model: Model, kind: str) -> Scorer:
    """Fit a scorer on the model's own replays; `kind` is "text" or "title_only"."""
    if kind == "title_only":
        archives = [archive.titles() for archive in archives]
    streams = [*archives, *(archive.pressed() for archive in archives)]
    scorer = replace(started(kind), join=ROUNDS_JOIN[kind])
    blocks: list[tuple[Rows, float]] = []
    for _ in range(ROUNDS):
        now = replace(model, **{kind: scorer})
        blocks += [(Replay().run(stream, now).rows(), stream.weight) for stream in streams]
        bias, weights = fit(blocks)
        # Rounded as they are written, so that the shipped weights are the measured ones.
        weights = [round(w, 4) for w in weights]
        scorer = replace(scorer, bias=round(bias, 4), weights=tuple(weights))
    return replace(scorer, join=LEVELS[kind]["join"])


def b_cubed(members: Mapping[EventId, list[DocumentId]], gold: Labels) -> float:
    """F1 of Bagga and Baldwin 1998."""
    found = {document: event for event, ids in members.items() for document in ids}
    both = Counter((found[i], gold[i]) for i in gold)
    ours, true = Counter(found.values()), Counter(gold.values())
    precision = sum(n * n / ours[event] for (event, _), n in both.items()) / len(gold)
    recall = sum(n * n / true[event] for (_, event), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave-out", default="", metavar="NAME")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    archives = list(read(options.folder))
    used = [archive for archive in archives if archive.name != options.leave_out]
    # Nothing of the shipped weights may enter; among texts, those without a body need title_only.
    usual = usual_words(used)
    model = untrained(usual)
    model = replace(model, title_only=train(used, model, "title_only"))
    model = replace(model, text=train(used, model, "text"))
    for archive in archives:
        kinds = (archive, archive.titles(), archive.pressed())
        whole, titles, pressed = (
            b_cubed(Replay().run(stream, model).members, stream.gold) for stream in kinds
        )
        note = "" if archive in used else "  (not trained on)"
        print(f"{archive.name:14s} {whole:.4f}  titles {titles:.4f}  pressed {pressed:.4f}{note}")
    if options.out:
        learnt = {
            "trained_on": {a.name: a.sha256 for a in used},
            **{kind: _shown(scorer) for kind, scorer in _kinds(model)},
        }
        (options.out / "weights.json").write_text(json.dumps(learnt, indent=1) + "\n", "utf-8")
        english = options.out / "usual" / "en.json"
        english.write_text(json.dumps(usual["en"], indent=0) + "\n", "utf-8")


def _kinds(model: Model) -> tuple[tuple[str, Scorer], ...]:
    return ("text", model.text), ("title_only", model.title_only)


def _shown(scorer: Scorer) -> dict[str, object]:
    return {
        "bias": scorer.bias,
        "weights": dict(zip(FEATURES, scorer.weights, strict=True)),
        "join": scorer.join,
        "merge": scorer.merge,
        "follow": scorer.follow,
        "rest": scorer.rest,
    }


if __name__ == "__main__":
    main()
