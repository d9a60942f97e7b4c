"""How a person works a page: by keyboard alone or with a finger. Both do the same, each in its own way."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 250
IS_FOCUSED = "element => element === document.activeElement"
# An outline or a ring on what has the focus, or on the label or chip around it.
IS_SEEN = """element => {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    if ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
      return at === element || at.matches('label, .bv-chip, summary') || at.contains(element);
    if (at !== element && !at.matches('label, .bv-chip')) return false;
  }
  return false;
}"""


class Hand(Protocol):
    """`press` what acts when pressed, `write` into a field, `choose` an option by its value."""

    def press(self, wanted: Locator) -> None: ...

    def write(self, wanted: Locator, text: str) -> None: ...

    def choose(self, wanted: Locator, value: str) -> None: ...

    def first(self, rows: Locator) -> None:
        """Choose the first thing of a list."""

    def close(self, panel: Locator) -> None:
        """Close the panel of what is chosen."""

    def other_view(self) -> None:
        """From the map to the list and back."""

    def to_start(self, slider: Locator) -> None:
        """Bring a slider to its start."""


class Keys:
    """Tab, Enter, the space bar, arrows and the page's shortcuts; never a click.

    The page's own "to the content" link is taken where it is on the way. What has the focus must show it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Tab until it has the focus."""
        expect(wanted).to_be_visible()
        for stop in range(MOST_STOPS):
            if wanted.evaluate(IS_FOCUSED):
                assert wanted.evaluate(IS_SEEN), f"{wanted} does not show its focus"
                return
            self.page.keyboard.press("Tab")
            if stop == 0 and self.page.evaluate("document.activeElement.matches('.bv-skip')"):
                self.page.keyboard.press("Enter")
        raise AssertionError(f"{wanted} is not reached by Tab")

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, value: str) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Home")
        for _ in range(wanted.locator("option").count()):
            if wanted.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen")

    def first(self, rows: Locator) -> None:
        self.page.keyboard.press("j")

    def close(self, panel: Locator) -> None:
        self.page.keyboard.press("Escape")

    def other_view(self) -> None:
        self.page.keyboard.press("l")

    def to_start(self, slider: Locator) -> None:
        self.reach(slider)
        self.page.keyboard.press("Home")


class Finger:
    """Taps on a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, wanted: Locator) -> None:
        wanted.tap()

    def write(self, wanted: Locator, text: str) -> None:
        wanted.tap()
        wanted.fill(text)

    def choose(self, wanted: Locator, value: str) -> None:
        wanted.select_option(value)

    def first(self, rows: Locator) -> None:
        rows.first.locator("td, small").first.tap()

    def close(self, panel: Locator) -> None:
        panel.locator("[data-panel-close]").tap()

    def other_view(self) -> None:
        self.page.locator("a[data-layout]:not([aria-current])").tap()

    def to_start(self, slider: Locator) -> None:
        slider.tap(position={"x": 4, "y": 10})
