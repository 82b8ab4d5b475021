#!/usr/bin/python3
"""Walks through every page and dialog as a screen reader would: whatever a person can press, type
into or choose has a name and is large enough to be hit."""

import os

import pyatspi
from driver import Failure, Window, has_state, kennel, log, main, wait

REFERENCE = os.environ["KENNEL_REF"]
# WCAG 2.2, 2.5.8 “Target Size (Minimum)”: 24 by 24 pixels.
SMALLEST = 24
INTERACTIVE = {
    "push button", "button", "toggle button", "check box", "switch", "radio button", "text", "entry",
    "password text", "spin button", "slider", "combo box", "page tab", "menu item", "link", "terminal",
}
# What encloses something and answers for it: the row around a switch, the entry around its text.
ENCLOSING = INTERACTIVE | {"list item", "row"}


class Audit:
    """What was found on all pages."""

    def __init__(self, window):
        self.window = window
        self.found = []
        self.looked = 0

    def page(self, name):
        self.window.shot(f"audit-{name}")
        for node in list(self.window.nodes()):
            try:
                if node.getRoleName() in INTERACTIVE and has_state(node, pyatspi.STATE_SHOWING):
                    self.looked += 1
                    self.look(name, node)
            except Exception as gone:  # a widget that went away meanwhile
                log(f"passed over: {gone}")

    def look(self, page, node):
        chain = [node, *enclosing(node)]
        if not any(part.name for part in chain):
            self.found.append(f"{page}: a {node.getRoleName()} has no name (in {path(node)})")
        sizes = [size(part) for part in chain]
        if not any(width >= SMALLEST and height >= SMALLEST for width, height in sizes):
            self.found.append(f"{page}: {node.getRoleName()} “{node.name}” is {sizes[0][0]}×{sizes[0][1]} pixels (in {path(node)})")


def enclosing(node):
    """The interactive widgets right around it."""
    around = node.parent
    for _ in range(4):
        if around is None or around.getRoleName() in ("frame", "dialog", "list"):
            return
        if around.getRoleName() in ENCLOSING:
            yield around
        around = around.parent


def size(node):
    box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    return box.width, box.height


def path(node):
    names, around = [], node.parent
    while around is not None and around.getRoleName() != "frame" and len(names) < 6:
        names.append(around.name or around.getRoleName())
        around = around.parent
    return " < ".join(names)


def audit():
    with Window() as window:
        audit = Audit(window)
        wait("there is no pet", lambda: window.says("No Pets Yet"))
        audit.page("welcome")
        kennel("create", "audited", "--image", REFERENCE)
        wait("the pet is there", lambda: window.row("audited"))
        window.click(window.find("list item", "audited"))
        audit.page("overview")
        for row in ("Security", "Usage"):
            if window.find("label", row):
                window.click_row(row)
                wait("its page is there", lambda: window.button("Back"))
                audit.page(row.lower())
                window.press("Back")
                wait("the overview is there again", lambda: window.button("Open Terminal"))
        window.press("Open Terminal")
        window.wait_for_prompt()
        audit.page("terminal")
        for tab in ("Apps", "Settings"):
            window.tab(tab)
            wait(f"{tab} is there", lambda: window.find("page tab", tab))
            audit.page(tab.lower())
        for position, name, shown in (
            (1, "new-pet", lambda: window.button("Create")),
            (2, "images", lambda: window.says("Images")),
            (3, "this-computer", lambda: window.says("This Computer")),
            (4, "activity", lambda: window.says("Activity")),
            (5, "usage-of-all", lambda: window.says("Usage of All Pets")),
            (6, "preferences", lambda: window.says("Preferences")),
        ):
            window.choose("Main Menu", position)
            wait(f"{name} is there", shown)
            audit.page(name)
            window.keys("Escape")
            wait(f"{name} is gone", lambda: not window.find("dialog"))
        log(f"{audit.looked} looked at")
        if audit.looked < 100:
            raise Failure("hardly anything was looked at")
        if audit.found:
            raise Failure("\n  ".join(["not as it should be:", *sorted(set(audit.found))]))
    kennel("rm", "--force", "--yes", "audited")


main(audit)
