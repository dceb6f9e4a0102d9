"""What newsrooms do to a text, on many stories: a copy stays quiet, a changed figure is named."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from monitor import dedupe
from monitor.model import Candidate, Document, DocumentId, Original, Same, Update, Verdict

# Stories: the numbers in brackets may change; place and person differ by family.

SKELETONS = [
    """A ferry with [84] passengers ran aground off {place} before dawn on Tuesday.
    Lifeboats took everybody ashore within [3] hours, the coast guard said.
    {who}, who runs the harbour office, blamed a buoy that had drifted in the storm.
    Divers found a tear of [11] metres below the waterline.
    About [2,600] litres of diesel leaked into the bay, and nets were laid around the hull.
    The owner has sailed the route since the bridge was closed for repairs in spring.
    "My cup slid off the table, and then the lights went out," a teacher on board said.
    An inquiry led by a retired judge will hear the crew behind closed doors.""",
    """The town council of {place} voted on Monday to sell its old power station.
    A builder from the capital offered [41 million] euros for the site beside the canal.
    Under the plan [320] flats will go up where the coal yard used to be.
    {who}, the only independent on the council, called the price an insult.
    The chimney stays, because kestrels have nested in it for longer than anybody remembers.
    Neighbours handed in [5,700] signatures against the sale last month.
    A park with [14] plane trees will lie between the houses and the water.
    Work cannot begin until a court has ruled on the soil under the boiler house.""",
    """Fire swept through a furniture market in {place} on Friday night, killing [19] people.
    Rescue workers pulled [46] others out of the smoke, many of them night guards.
    It took crews until noon to reach the last of the [7] halls, said fire chief {who}.
    The blaze seems to have begun in a workshop where lacquer was stored against the rules.
    Traders said the sprinklers had been switched off during stocktaking.
    Damage is put at [12.5 million] dollars, but few of the stalls were insured.
    Prosecutors have opened a case and seized the ledgers of the market's owner.
    Shops near the river will stay shut while engineers look at the walls.""",
    """The shipyard at {place} will cut [950] jobs by the end of next summer.
    Orders for cargo vessels fell [23 percent] in the first half, it said in a letter to staff.
    {who}, who speaks for the welders, said the news came without a word of warning.
    The yard lost [66 million] crowns last year after a dock gate failed.
    A rival across the bay has hired many of the younger draughtsmen already.
    The regional bank holds [30 percent] of the shares and wants to keep them.
    Apprentices may finish their courses, whatever happens to the slipways.
    Talks about a rescue open on Wednesday in the old customs house.""",
    """Health officials in {place} have counted [138] cases of a fever carried by sand flies.
    Most patients recover within a week, but [4] elderly men have died.
    The first cases were seen among pickers who slept in the open near the salt pans.
    {who}, a doctor at the district clinic, asked families to keep windows closed at dusk.
    Some [27,000] nets have been handed out in schools since the weekend.
    A vaccine exists only on paper, and laboratories say the sum on offer is too small.
    Sprayers are working through [52] villages along the lower river.
    The fair that opens the melon season was called off for the first time.""",
    """A gang that stole church bells was broken up on Thursday, police in {place} said.
    Officers searched [16] barns and arrested a scrap dealer with his two brothers.
    They recovered [31] bells, the oldest of them cast before the railway came.
    Detective {who} said the thieves had used a crane hired under a false name.
    The bronze would have fetched [210,000] euros once it was melted down.
    Parishes had rung recordings from a loudspeaker while their towers stood empty.
    One bell had been cut into [9] pieces and was hidden under potatoes.
    A bishop plans a service of thanks when all of them hang again.""",
    """Heavy snow cut off {place} on Sunday and left [18,400] homes without power.
    Ploughs cleared the pass road after [29] hours, only to see it close again.
    The railway put up [700] travellers in sleeping cars at the junction below the town.
    {who} at the weather service said nobody working there had measured so much in one night.
    Drifts of [5] metres buried the lower station of the cable car.
    Farmers dug tunnels to their byres and poured away milk that no lorry could fetch.
    The army flew in [6] generators, and bakers worked by candlelight.
    A thaw is forecast for the middle of the week, and with it the danger of slides.""",
    """The museum of {place} has bought back a carpet that was looted in the civil war.
    It paid [1.8 million] pounds to a collector who had kept it in a bank vault.
    Woven by [40] women over two winters, it shows the gardens before the dam was built.
    {who}, the director, wept when the crate was opened in front of the staff.
    Conservators will need [18] months to take out the moth and the old glue.
    A local brewery gave [350,000] pounds and asked for no plaque in return.
    The collector said he had not known where the piece came from when he bid for it.
    Schools may visit the workshop on Fridays and tie a knot of their own.""",
]
FILLINGS = [
    ("Merrow", "Ilse Brandt"),
    ("Port Calder", "Owen Prys"),
    ("Zelin", "Maria Kovac"),
    ("Las Piedras", "Jorge Ulloa"),
]
STORIES = [
    [" ".join(s.split()).format(place=place, who=who) for s in skeleton.splitlines()]
    for i, skeleton in enumerate(SKELETONS)
    for place, who in (FILLINGS[i % 4], FILLINGS[(i + 1) % 4], FILLINGS[(i + 2) % 4])
]
FIGURE = re.compile(r"\[([\d.,]+)( million| percent)?\]")
NOISE = """amber brisk cradle dwindle ember fathom gallant hollow ingot jostle kindle lantern mellow
nimble orchard pebble quiver rustle saddle thimble umber velvet willow yonder zephyr""".split()
ELSEWHERE = [
    "In a neighbouring county people gathered at the library to talk about what it means for them.",
    "Councillor Ruth Delaney said 62 households on her street had asked for advice.",
    '"We have waited for 11 years for somebody to listen," said the owner of a bakery.',
]
FURNITURE = [
    "Sign up for our morning letter and never miss a story from your part of the country.",
    "All rights in texts and pictures remain with the publisher and its agencies.",
    "Write to the desk if you were there or have a picture to share with readers.",
]
HEADINGS = ["What happens next", "Reactions", "A long night"]


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same edits in every run


def stated(sentences: Sequence[str]) -> list[str]:
    """The sentences with their figures as they are."""
    return [FIGURE.sub(lambda m: m.group(1) + (m.group(2) or ""), s) for s in sentences]


def reworded(sentence: str, rng: random.Random, share: float) -> str:
    """Other words in place of some, figures and what stands beside them kept."""
    words = sentence.split()
    fixed = {i + k for i, w in enumerate(words) if re.search(r"\d", w) for k in (-1, 0, 1, 2)}
    free = [i for i in range(len(words)) if i not in fixed]
    for i in rng.sample(free, min(len(free), round(share * len(words)))):
        words[i] = rng.choice(NOISE)
    return " ".join(words)


def wrapped(text: str) -> str:
    """Lines of a terminal, as old wire feeds have them."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 60:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


Edit = Callable[[list[str], random.Random], str]


def half_reworded(s: list[str], rng: random.Random) -> str:
    return " ".join(x if re.search(r"\d", x) else reworded(x, rng, 0.5) for x in s)


def figures_reworded(s: list[str], rng: random.Random) -> str:
    return " ".join(reworded(x, rng, 0.25) if re.search(r"\d", x) else x for x in s)


EDITS: dict[str, Edit] = {
    "as it was": lambda s, _: " ".join(s),
    "shortened from the end": lambda s, _: " ".join(s[:5]),
    "the middle cut": lambda s, _: " ".join(s[:3] + s[5:]),
    "paragraphs, shuffled below the lead": lambda s, rng: "\n\n".join(
        s[:2] + rng.sample(s[2:], len(s) - 2)
    ),
    "a new lead": lambda s, _: " ".join([*ELSEWHERE[:1], *s[1:]]),
    "local voices added": lambda s, _: "\n\n".join(s[:3] + ELSEWHERE + s[3:]),
    "a quotation with a number added": lambda s, _: " ".join(s[:2] + ELSEWHERE[2:] + s[2:]),
    "dateline, byline, footer": lambda s, _: "\n".join(
        ["By Tom Ashdown", "HARWICK, March 4 (AP) - " + " ".join(s), *FURNITURE]
    ),
    "broken lines": lambda s, _: wrapped(" ".join(s)),
    "headings glued to the text": lambda s, _: " ".join(
        f"{HEADINGS[i % 3]} {x}" if i and i % 3 == 0 else x for i, x in enumerate(s)
    ),
    "full stops lost": lambda s, _: "\n".join(x.removesuffix(".") for x in s),
    "sentences joined": lambda s, _: " ".join(
        f"{a.removesuffix('.')}, while {b[0].lower()}{b[1:]}"
        for a, b in zip(s[::2], s[1::2], strict=True)
    ),
    "the sentences without a figure reworded": half_reworded,
    "the sentences with a figure reworded": figures_reworded,
    "a word in ten replaced": lambda s, rng: " ".join(reworded(x, rng, 0.1) for x in s),
}


def document(body: str, id_: str, hours: float = 0.0) -> Document:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(hours=hours)
    return Document(
        id=DocumentId(id_),
        url="",
        outlet=id_,
        title="",
        text=body,
        language="en",
        published=at,
        seen=at,
    )


def judged(new: str, old: str, hours: float = 5.0) -> Verdict:
    """The verdict, if a store that follows the room's rules proposes the old text at all."""
    before = dedupe.prepare(document(old, "old"))
    after = dedupe.prepare(document(new, "new", hours))
    known, fresh = dedupe.sign(before), dedupe.sign(after)
    if (
        set(known.bands).isdisjoint(fresh.bands)
        and len(set(known.anchors) & set(fresh.anchors)) < fresh.anchors_needed
        and known.exact != fresh.exact
    ):
        return Original(note="not proposed")
    return dedupe.judge(after, fresh, [Candidate(document=before.document, signature=known)])


# -- copies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_copy_is_linked_and_announces_nothing(edit):
    for number, sentences in enumerate(map(stated, STORIES)):
        verdict = judged(edit(sentences, dice(number)), " ".join(sentences))
        assert not isinstance(verdict, Original | Update), (sentences[0], verdict)


@pytest.mark.parametrize("words", [18, 25, 35])
def test_a_brief_cut_from_the_beginning_is_a_copy(words):
    verdicts = []
    for sentences in map(stated, STORIES):
        whole = " ".join(sentences)
        verdicts.append(judged(" ".join(whole.split()[:words]) + " …", whole))
    assert all(isinstance(v, Same) or v.note == "not proposed" for v in verdicts), verdicts
    assert sum(isinstance(v, Same) for v in verdicts) >= 22


# -- updates --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A story in which one figure grew: the figure as written, and its two values."""

    sentences: list[str]
    figure: str
    gone: str
    fresh: str


def value(figure: str) -> str:
    number, _, unit = figure.partition(" ")
    return f"{Decimal(number.replace(',', '')) * (10**6 if unit == 'million' else 1):.0f}"


def changes(sentences: list[str]) -> Iterator[Change]:
    """The story once for each of its figures, that figure raised by about a third."""
    for at, sentence in enumerate(sentences):
        for match in FIGURE.finditer(sentence):
            number, unit = match.group(1), match.group(2) or ""
            raised = Decimal(number.replace(",", "")) * Decimal("1.34")
            figure = (f"{raised:.1f}" if "." in number else f"{raised:,.0f}") + unit
            changed = sentence.replace(match.group(), figure)
            yield Change(
                sentences=stated([*sentences[:at], changed, *sentences[at + 1 :]]),
                figure=figure,
                gone=value(number + unit),
                fresh=value(figure),
            )


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_changed_figure_and_no_other_is_named(edit):
    wrong, total = [], 0
    for number, sentences in enumerate(STORIES):
        old = " ".join(stated(sentences))
        for change in changes(sentences):
            new = edit(change.sentences, dice(number))
            if not re.search(rf"(?<![\d,.]){re.escape(change.figure)}(?![\d,]|\.\d)", new):
                continue  # it was cut
            total += 1
            verdict = judged(new, old)
            figures = verdict.figures if isinstance(verdict, Update) else ()
            if [(d.gone, d.fresh) for d in figures] != [((change.gone,), (change.fresh,))]:
                wrong.append((change.gone, change.fresh, verdict))
    assert total >= 48
    assert len(wrong) <= 0.03 * total, wrong


def test_a_changed_figure_in_a_brief_is_named():
    named = []
    for sentences in STORIES:
        for change in changes(sentences[:2]):
            verdict = judged(" ".join(change.sentences), " ".join(stated(sentences)))
            if isinstance(verdict, Update):
                (figures,) = verdict.figures
                assert (figures.gone, figures.fresh) == ((change.gone,), (change.fresh,))
            named.append(isinstance(verdict, Update))
    assert len(named) >= 24
    assert sum(named) >= 0.9 * len(named)


# -- the same mould --------------------------------------------------------------------------------

MOULDS = [
    """Share prices in {place} closed {up} on {day}, with the main index at {a} points.
    Turnover reached {b} million crowns as {firm} led the gainers.
    Dealers said buyers were waiting for the figures on retail sales due later this week.
    The crown was quoted at {c} to the dollar, after {d} at the close before.""",
    """A magnitude {c} earthquake shook {place} on {day}, the seismological office said.
    Its centre lay {a} kilometres off the coast at a depth of {b} kilometres.
    There were no reports of damage or injuries, and no tsunami warning was issued.
    The region has felt {d} tremors of that size since the beginning of the year.""",
    """{place} will see {up} temperatures on {day}, with a high of {b} degrees in the valleys.
    Up to {a} millimetres of rain are expected above {d} metres, the weather office said.
    Drivers should be careful on mountain roads, where fog may come up towards evening.
    Winds will reach {c} kilometres an hour along the coast and calm down overnight.""",
    """{firm} earned {a} million crowns in the quarter, {up} from {b} million a year earlier.
    Sales of the {place} group came to {d} million, the company said on {day}.
    The board proposes a dividend of {c} crowns and expects the second half to be similar.
    Its shares had been suspended before the announcement and will trade again tomorrow.""",
    """{place} beat {firm} {b}-{d} on {day} and moved up to place {c} in the northern league.
    A crowd of {a} saw the visitors take the lead before the break and lose it soon after.
    Both coaches praised the referee, who kept his cards in his pocket until the end.
    The next round is played at the weekend, when the ground is shared with the juniors.""",
]


def filled(mould: str, issue: int) -> str:
    """Another issue of a report: another day, other numbers, and mostly another subject."""
    rng = dice(issue)
    return " ".join(mould.split()).format(
        place=FILLINGS[issue % 4][0],
        firm=("Weller Marine", "Ostrava Glass", "Kestrel Foods", "Harbour Brothers")[issue % 4],
        day=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")[issue % 5],
        up=("higher", "lower")[issue % 2],
        a=rng.randint(100, 999),
        b=rng.randint(12, 99),
        c=rng.randint(31, 79) / 10,
        d=rng.randint(12, 99),
    )


@pytest.mark.parametrize("mould", MOULDS)
def test_a_report_of_another_day_is_an_original(mould):
    for issue in range(20):
        verdict = judged(filled(mould, issue + 4), filled(mould, issue), hours=24)
        assert isinstance(verdict, Original), verdict


def test_a_report_on_another_subject_is_an_original():
    verdicts = [
        judged(filled(mould, issue + 5), filled(mould, issue), hours=2)
        for mould in MOULDS
        for issue in range(20)
    ]
    apart = sum(isinstance(v, Original) for v in verdicts)
    assert apart >= 0.9 * len(verdicts), verdicts
