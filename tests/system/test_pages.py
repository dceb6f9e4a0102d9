"""The golden mails in a real browser: nothing sticks out and all can be read, light and dark."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from monitor.config import Target
from monitor.model import Form
from monitor.render import MAIL_LIMIT, load_templates, render
from monitor.testing import digest, figure_changed, item, observation, reading, source

GOLDEN = Path(__file__).parents[1] / "unit" / "golden"
WIDTHS = (360, 1200)
ENOUGH_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 (AA), for text of any size
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

MEASURE = """
const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
function paper(node, view) {
  for (; node; node = node.parentElement) {
    const colour = parts(view.getComputedStyle(node).backgroundColor);
    if (colour.length == 3 || colour[3] > 0) return colour;
  }
  return view.matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
}
function measured(frame) {
  const view = frame.contentWindow, root = view.document.documentElement;
  const walk = view.document.createTreeWalker(view.document.body, NodeFilter.SHOW_TEXT);
  let least = 99, where = "", beyond = "";
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.trim(), node = walk.currentNode.parentElement;
    if (!words) continue;
    const ink = light(parts(view.getComputedStyle(node).color));
    const found = ratio(ink, light(paper(node, view)));
    if (found < least) [least, where] = [found, words];
    if (node.getBoundingClientRect().right > view.innerWidth) beyond = beyond || words;
  }
  return {name: frame.name, width: view.innerWidth, wide: root.scrollWidth, beyond, least, where,
          dark: view.matchMedia("(prefers-color-scheme: dark)").matches};
}
onload = () => {
  const told = [...document.querySelectorAll("iframe")].map(measured);
  document.body.innerHTML = "<pre></pre>";
  document.querySelector("pre").textContent = JSON.stringify(told);
};
"""


def monster() -> str:
    """Everything as long as it can be, and without a blank."""
    word = "Donaudampfschiffahrtsgesellschaft" * 9
    said = observation(reading(f"{word} 12 {word}", "12", 12, claimant=word), outlet=word)
    change = figure_changed(said, said, label=word, reason=word)
    built = item(
        word,
        changes=(change,),
        lead=((word, 1),),
        sources=(source(word, word, agency=word),),
        watches=(word,),
        terms=(word,),
    )
    target = Target.model_validate({"name": "desk", "url": "json://h"})
    told = digest(built, notes=(word,))
    return render(told, Form.MAIL, MAIL_LIMIT, target=target, templates=load_templates()).html


def pages() -> dict[str, str]:
    golden = {path.name: path.read_text("utf-8") for path in sorted(GOLDEN.glob("*.mail.html"))}
    return {**golden, "monster": monster()}


def frames() -> str:
    """One page with every mail in every width."""
    return "".join(
        f'<iframe name="{name}" srcdoc="{html.escape(page)}" width="{width}" height="600"'
        ' style="border:0"></iframe>'
        for name, page in pages().items()
        for width in WIDTHS
    )


def shown(folder: Path, *, dark: bool) -> list[dict[str, Any]]:
    sheet = folder / "sheet.html"
    sheet.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<body>{frames()}<script>{MEASURE}</script>",
        encoding="utf-8",
    )
    assert BROWSER is not None
    done = subprocess.run(
        [
            *(BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}"),
            *("--virtual-time-budget=20000", f"--blink-settings=preferredColorScheme={1 - dark}"),
            sheet.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    found = re.search("<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert found is not None, done.stderr
    told: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    return told


@pytest.mark.skipif(BROWSER is None, reason="no chromium: apt install chromium")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_mail_fits_a_telephone_and_a_desk_and_can_be_read(dark: bool, tmp_path: Path) -> None:
    told = shown(tmp_path, dark=dark)
    assert len(told) == len(WIDTHS) * len(pages()) >= 2 * 8
    assert {each["width"] for each in told} == set(WIDTHS)
    assert {each["dark"] for each in told} == {dark}
    for each in told:
        assert each["wide"] <= each["width"], each
        assert not each["beyond"], each
        assert each["least"] >= ENOUGH_CONTRAST, each
