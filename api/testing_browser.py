"""Fakes that ship: a visitor of a page with the widget, driven by Playwright, who notes what should not be.

Playwright comes with the `dev` extra. The browser is named by CHROMIUM, else Debian's, else Playwright's own;
the shell without windows comes first, which takes half the time of the whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.errors import SettingsError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Playwright, Request

_DEBIAN = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
_HOW = "install one with `make browser`, or name one by CHROMIUM=/path/to/chromium"
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",  # no world outside
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-gpu",
)
_WATCH = """
window.__csp = [];
window.__root = () => document.querySelector('pincite-chat').shadowRoot;
window.__part = (name) => __root().querySelector(`[part~=${name}]`);
addEventListener('securitypolicyviolation', (e) =>
  __csp.push(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample), true);
"""
_SETTLED = "[part~=answer]:not([data-state=streaming])"
_PATIENCE_MS = 30_000  # what is traced for coverage takes its time
CONTEXT: dict[str, Any] = {
    "viewport": {"width": 1000, "height": 760},
    "locale": "en-GB",
    "timezone_id": "UTC",
    "reduced_motion": "reduce",
}


def find_browser(environment: Mapping[str, str], own: str) -> str:
    """The browser's path; `own` is where Playwright keeps the one it downloads. Raises SettingsError."""
    named = environment.get("CHROMIUM")
    places = (named,) if named else (*_DEBIAN, own)
    for path in places:
        if Path(path).is_file():
            return path
    raise SettingsError(f"no browser at {' or '.join(places)}; {_HOW}")


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser that reaches this machine alone."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    path = find_browser(os.environ, playwright.chromium.executable_path)
    return playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))


def snippet(api: str, key: str, version: str = "0", **attributes: str) -> str:
    """The script element that a site puts into its pages; `stall_ms` stands for `data-stall-ms`."""
    data = {"site": key} | {name.replace("_", "-"): value for name, value in attributes.items()}
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    return f'<script async src="{api}/w/{version}/pincite.js" crossorigin="anonymous"{told}></script>'


def host_page(embedded: str, body: str = "", lang: str = "en", head: str = "") -> str:
    """A page of somebody else with the widget in it."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A page</title>'
        f'<meta name="viewport" content="width=device-width">{head}</head>'
        f"<body><main><h1>A page</h1><p>It says something.</p>{body}</main>{embedded}</body></html>"
    )


def axe_source() -> str:
    """The checker of accessibility, as JavaScript; evaluated, it runs under any policy."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


class Visitor:
    """A page and who looks at it. `outside`, `errors`, `dialogs` note what no page of ours should do."""

    def __init__(self, page: Page, origins: tuple[str, ...]) -> None:
        self.page = page
        self.outside: list[str] = []  # requests to other origins than these
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.console: list[str] = []
        self._origins = (*origins, "data:", "about:", "blob:")
        page.set_default_timeout(_PATIENCE_MS)
        page.add_init_script(_WATCH)
        page.context.on("request", self._requested)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._asked)
        page.on("console", self._said)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(self._origins):
            self.outside.append(request.url)

    def _asked(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _said(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")

    def faults(self) -> dict[str, list[str]]:
        """What should not have been: requests elsewhere, errors, dialogs, breaches of policy, scripts run."""
        told: dict[str, list[str]] = self.page.evaluate(
            "() => ({policy: window.__csp ?? [], ran: '__xss' in window ? [String(window.__xss)] : []})"
        )
        told |= {"outside": self.outside, "errors": self.errors, "dialogs": self.dialogs}
        return {kind: found for kind, found in told.items() if found}

    def go(self, address: str, waits: bool = True) -> Visitor:
        """Go there, and wait until the widget stands there."""
        self.page.goto(address)
        if waits:
            self.page.wait_for_function("() => customElements.get('pincite-chat') !== undefined")
        return self

    def part(self, name: str) -> Locator:
        """The parts of a name, in the shadow tree."""
        return self.page.locator(f"[part~={name}]")

    def do(self, method: str, *arguments: object) -> Any:
        """Call a method of the element."""
        call = "([name, args]) => document.querySelector('pincite-chat')[name](...args)"
        return self.page.evaluate(call, [method, list(arguments)])

    def open(self) -> Visitor:
        """Open the panel, as a person does."""
        if not self.part("input").is_visible():
            self.part("launcher").click()
            self.part("input").wait_for()
        return self

    def send(self, question: str) -> Visitor:
        """Type a question and send it; returns at once."""
        self.open().part("input").fill(question)
        self.part("input").press("Enter")
        return self

    def ask(self, question: str) -> Locator:
        """Send a question and wait for the end of the answer, whatever that is; the answer."""
        before = self.part("answer").count()
        self.send(question)
        answer = self.part("answer").nth(before)
        self.page.locator(_SETTLED).nth(before).wait_for()
        self.idle()
        return answer

    def idle(self) -> None:
        """Wait until nothing is running."""
        self.page.evaluate("() => document.querySelector('pincite-chat').idle")

    def state(self) -> str | None:
        """How the last answer stands."""
        return self.part("answer").last.get_attribute("data-state")

    def axe(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds wrong, by some of its rules or all: rule, weight and place of each violation."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(axe_source())
        found: list[str] = self.page.evaluate(
            "(rules) => axe.run(document,"
            " {resultTypes: ['violations'], ...(rules.length && {runOnly: rules})})"
            ".then((r) => r.violations.flatMap("
            "(v) => v.nodes.map((n) => `${v.id} (${v.impact}): ${n.html.slice(0, 120)}`)))",
            list(rules),
        )
        return found
