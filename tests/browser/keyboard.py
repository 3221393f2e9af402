"""A person who uses the keyboard alone, and sees where they are."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FOCUS_IS_SEEN = """() => {
  const element = document.activeElement;
  const marked = [element, element.closest("label")].some((shown) => {
    if (!shown) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return marked && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
}"""
NAME_OF_FOCUS = "document.activeElement.outerHTML.slice(0, 160)"


class Keyboard:
    """Moves through a page with Tab, and fails where the focus cannot be seen or a thing cannot be reached."""

    def __init__(self, page: Page, most_steps: int = 80) -> None:
        self.page = page
        self.most_steps = most_steps

    def go_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus."""
        expect(target).to_be_attached()
        for _ in range(self.most_steps):
            self.page.keyboard.press("Tab")
            name = self.page.evaluate(NAME_OF_FOCUS)
            if name.startswith("<body"):
                continue  # past the end, on to the start again
            assert self.page.evaluate(FOCUS_IS_SEEN), f"on {self.page.url} the focus cannot be seen: {name}"
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"on {self.page.url} Tab does not reach {target}")

    def activate(self, target: Locator, key: str = "Enter") -> None:
        """Go to a link or a button and press it."""
        self.go_to(target)
        self.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and write into it, over what stands there."""
        self.go_to(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose_next(self, target: Locator) -> str:
        """Go to a list of choices, take the next one and return its value."""
        self.go_to(target)
        self.page.keyboard.press("ArrowDown")
        return target.input_value()
