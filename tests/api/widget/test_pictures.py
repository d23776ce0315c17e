"""The widget looks as it did: pictures compared where fonts and browser are those that the pictures are of.

Elsewhere the difference is told and nothing fails. `PINCITE_PICTURES=write` takes them anew.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops

from api.testing_browser import Visitor
from api.testing_states import REACH, SITES, prepare
from api.testing_stream import Scripted

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Visit = Callable[..., Visitor]
GOLDEN = Path(__file__).with_name("pictures")
FONTS = ("system-ui", "monospace")  # the first of the widget's own, as fontconfig finds it
LEVELS, SHARE = 8, 0.001  # a pixel differs by more than these levels; the share that may
DARK: dict[str, Any] = {"color_scheme": "dark"}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 700}}
SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"{state}-light": (state, {})
        for state in ("closed", "complete", "card", "viewer", "failure", "no answer")
    },
    **{f"{state}-dark": (state, DARK) for state in ("complete", "card", "viewer")},
    **{f"{state}-narrow": (state, NARROW) for state in ("complete", "viewer")},
    "complete-forced": ("complete", {"forced_colors": "active"}),
}


def machine(browser: Browser) -> str:
    """The browser's first number and the files of the fonts: what a picture depends on."""
    files = [
        subprocess.run(["fc-match", "-f", "%{file}", font], capture_output=True, check=False).stdout
        for font in FONTS
    ]
    fonts = hashlib.sha256(b"".join(Path(file.decode()).read_bytes() for file in files if file)).hexdigest()[
        :12
    ]
    return f"chromium-{browser.version.partition('.')[0]}-{fonts}"


def differs(taken: Image.Image, golden: Image.Image) -> float:
    """The share of pixels that are another colour than before; all of them where the sizes differ."""
    if taken.size != golden.size:
        return 1.0
    apart = ImageChops.difference(taken.convert("RGB"), golden.convert("RGB")).convert("L")
    return sum(apart.histogram()[LEVELS + 1 :]) / (taken.width * taken.height)


@pytest.mark.parametrize("name", SHOWN)
def test_it_looks_as_it_did(visit: Visit, api: Scripted, browser: Browser, tmp_path: Path, name: str) -> None:
    state, context = SHOWN[name]
    prepare(api)
    visitor = visit(SITES[state], context=context, persist="none")
    REACH[state](visitor)
    visitor.page.mouse.move(1, 1)
    taken = Image.open(io.BytesIO(visitor.page.screenshot(animations="disabled", caret="hide")))
    file = GOLDEN / f"{name.replace(' ', '-')}.png"
    if os.environ.get("PINCITE_PICTURES") == "write":
        GOLDEN.mkdir(exist_ok=True)
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
        (GOLDEN / "machine.txt").write_text(machine(browser) + "\n", encoding="utf-8")
    with Image.open(file) as golden:
        share = differs(taken, golden)
    if share > SHARE:
        taken.save(tmp_path / file.name)
    if (GOLDEN / "machine.txt").read_text(encoding="utf-8").strip() == machine(browser):
        assert share <= SHARE, f"{share:.2%} of the pixels of {name} differ; see {tmp_path / file.name}"
    elif share > SHARE:
        pytest.skip(f"{share:.2%} of the pixels differ, but the browser or the fonts are others too")


def test_what_is_drawn_is_in_the_fonts_that_pictures_are_filed_by(visit: Visit, api: Scripted) -> None:
    prepare(api)
    visitor = visit(SITES["complete"], persist="none")
    REACH["complete"](visitor)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    session.send("DOM.getDocument")
    found = session.send("Runtime.evaluate", {"expression": "__part('answer').querySelector('p')"})
    node = session.send("DOM.requestNode", {"objectId": found["result"]["objectId"]})
    drawn = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
    known = subprocess.run(["fc-match", "-f", "%{family}", FONTS[0]], capture_output=True, check=True).stdout
    assert {font["familyName"] for font in drawn} == {known.decode()}


def test_a_difference_is_seen() -> None:
    white, spot = Image.new("RGB", (100, 100), "white"), Image.new("RGB", (100, 100), "white")
    spot.paste((200, 255, 255), (0, 0, 10, 10))
    assert (differs(white, white), differs(white, spot), differs(white, spot.crop((0, 0, 9, 9)))) == (
        0.0,
        0.01,
        1.0,
    )
