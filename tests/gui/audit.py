#!/usr/bin/python3
"""Walks through every page and dialog as a screen reader would, with the window at its usual size
and as small as it gets: whatever a person can press, type into or choose has a name and is large
enough to be hit, nothing reaches over the window's edge, and no button's label ends in an ellipsis.
The same with text of twice the size, in a narrow window too, from right to left, in high contrast, and dark."""

import os
import subprocess
import tempfile
import time

import pyatspi
from driver import BUTTONS, Failure, Window, has_state, kennel, log, main, wait
from locales import catalog, locale
from look import complaints, contrast_of_mark, enlarge_text, is_cut_short, settings

REFERENCE = os.environ["KENNEL_REF"]
# WCAG 2.2, 2.5.8 “Target Size (Minimum)”: 24 by 24 pixels.
SMALLEST = 24
INTERACTIVE = {
    "push button", "button", "toggle button", "check box", "switch", "radio button", "text", "entry",
    "password text", "spin button", "slider", "combo box", "page tab", "menu item", "link", "terminal",
}
# What encloses something and answers for it: the row around a switch, the entry around its text.
ENCLOSING = INTERACTIVE | {"list item", "row"}
# The border by which a window is resized takes five pixels on each side.
USUAL, SMALLEST_WINDOW = (980, 640), (370, 410)
# With text of twice the size as many letters are beside each other as in a window half as wide.
SMALL_FOR_LARGE_TEXT = (720, 640)
# A phone's width, with the border by which a window is resized.
NARROW_FOR_LARGE_TEXT = (370, 650)
# A question of libadwaita tries whether its heading fits in one line, and then takes two.
TRIES_ONE_LINE = "Trying to measure GtkLabel"


class Audit:
    """What was found on all pages."""

    def __init__(self, window, name, width):
        self.window, self.name, self.width = window, name, width
        self.found = []
        self.looked = 0

    def page(self, page):
        """Looks at what is shown."""
        self.settle()
        self.window.shot(f"audit-{self.name}-{page}")
        # What is further down is in the tree already: there only the picture is another one.
        if not page.startswith("settings-"):
            self.look_around(page)

    def mark(self):
        """The mark of a pet that runs, in the row that is selected, is a colour of our own."""
        self.settle()
        contrast = contrast_of_mark(16, 56, 60, 240)
        log(f"the mark's contrast is {contrast:.2f}")
        if contrast < 4.5:
            self.found.append(f"the mark of a pet that runs has a contrast of {contrast:.2f}")

    def settle(self):
        """Waits until everything has found its place: until a picture is like the one before."""
        last = None
        for _ in range(20):
            picture = subprocess.run(["import", "-window", "root", "rgb:-"], stdout=subprocess.PIPE, check=True).stdout
            if last == (last := picture):
                return
            time.sleep(0.1)

    def look_around(self, page):
        for node in list(self.window.nodes()):
            try:
                role = node.getRoleName()
                if role in INTERACTIVE and has_state(node, pyatspi.STATE_SHOWING):
                    self.looked += 1
                    self.look(page, node)
                if role == "label" and is_of_button(node) and is_cut_short(node):
                    self.found.append(f"{page}: “{node.name}” is cut short (in {path(node)})")
            except Exception as gone:  # a widget that went away meanwhile
                if self.window.process.poll() is not None:
                    raise Failure(f"the window ended at {role} {path(node)}") from gone
                log(f"passed over: {gone}")
        self.found += [f"{page}: “{name}” reaches over the edge" for name in self.window.beyond(self.width)]

    def look(self, page, node):
        chain = [node, *enclosing(node)]
        # GTK tells no name of a menu's items: a screen reader finds their labels itself.
        if node.getRoleName() != "menu item" and not any(part.name for part in chain):
            self.found.append(f"{page}: a {node.getRoleName()} has no name (in {path(node)})")
        sizes = [extents(part)[2:] for part in chain]
        if not any(width >= SMALLEST and height >= SMALLEST for width, height in sizes):
            self.found.append(f"{page}: {node.getRoleName()} “{node.name}” is {sizes[0][0]}×{sizes[0][1]} pixels (in {path(node)})")


def is_of_button(label):
    return any(part.getRoleName() in (*BUTTONS, "page tab") for part in enclosing(label))


def enclosing(node):
    """The interactive widgets right around it."""
    around = node.parent
    for _ in range(4):
        if around is None or around.getRoleName() in ("frame", "dialog", "list"):
            return
        if around.getRoleName() in ENCLOSING:
            yield around
        around = around.parent


def extents(node):
    box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    return box.x, box.y, box.width, box.height


def path(node):
    names, around = [], node.parent
    while around is not None and around.getRoleName() != "frame" and len(names) < 6:
        names.append(around.name or around.getRoleName())
        around = around.parent
    return " < ".join(names)


def pages(window, _):
    """Opens one page after the other and gives its name; `_` says what a part is called there."""
    wait("there is no pet", lambda: window.says(_("No Pets Yet")))
    yield "welcome"
    folder = os.path.expanduser("~/a-folder-whose-name-is-long")
    os.makedirs(folder, exist_ok=True)
    kennel("create", "audited", "--image", REFERENCE, "--mount", "/usr/share:/usr/share:ro", "--env", "EDITOR=nano", "--memory", "2G")
    kennel("create", "a-pet-whose-name-is-long", "--image", REFERENCE, "--preset", "project", "--project", folder)
    kennel("start", "audited")
    wait("the pets are there", lambda: window.row("audited") and window.row("a-pet-whose-name-is-long"))
    yield "list"
    window.click(window.find("list item", "audited"))
    wait("the pet is shown", lambda: window.button(_("Stop")))
    yield "overview"
    leads_back = "alt+Right" if _ is not str else "alt+Left"
    for row, shown in (("Security", "What Holds It"), ("Usage", "The Last Five Minutes")):
        window.click_row(_(row))
        wait(f"{row} is there", lambda: window.says(_(shown)))
        yield row.lower()
        window.keys(leads_back)
        wait("the overview is there again", lambda: window.button(_("Open Terminal")))
    window.press(_("Pet Menu"))
    wait("the menu is there", lambda: window.find("menu item"))
    yield "pet-menu"
    window.keys("Escape")
    window.press(_("Open Terminal"))
    window.wait_for_prompt()
    yield "terminal"
    window.keys("ctrl+shift+f")
    wait("the terminal can be searched", lambda: window.find(None, _("Find in Terminal")))
    yield "terminal-find"
    window.keys("Escape")
    for tab in ("Apps", "Settings"):
        window.tab(_(tab))
        wait(f"{tab} is there", lambda: window.says(_("No Apps" if tab == "Apps" else "Starting Point")))
        yield tab.lower()
    yield from settings_further_down(window, _)
    # Behind the dialogs: the page with the fewest widgets. In the list no letter is anybody's own.
    window.tab(_("Overview"))
    wait("the overview is there again", lambda: window.button(_("Open Terminal")))
    window.keys("ctrl+shift+l")
    yield from dialogs(window, _)


def settings_further_down(window, _):
    for title in ("Folders", "Limits", "Alerts", "Advanced"):
        window.scroll_to(window.find("label", _(title)))
        yield f"settings-{title.lower()}"


def dialogs(window, _):
    shown = lambda text: lambda: window.says(_(text))
    button = lambda text: lambda: window.button(_(text))
    for keys, name, there in (
        ("ctrl+i", "images", shown("Unused Data")),
        ("ctrl+d", "this-computer", shown("As It Should Be")),
        ("ctrl+h", "activity", shown("Activity")),
        ("ctrl+u", "usage-of-all", shown("Running Pets")),
        ("shift+F1", "about", lambda: window.find("dialog")),
        ("F2", "rename", button("Rename")),
    ):
        window.keys(keys)
        wait(f"{name} is there", there)
        yield name
        yield from closed(window, name)
    window.keys("ctrl+comma")
    wait("the preferences are there", shown("Trusted Sources"))
    yield "preferences"
    for tab in ("Alerts", "Terminal"):
        window.tab(_(tab), window.find("dialog"))
        yield f"preferences-{tab.lower().replace(' ', '-')}"
    yield from closed(window, "preferences")
    window.keys("ctrl+n")
    wait("a pet can be made", lambda: window.is_sensitive(_("Create")))
    yield "new-pet"
    window.press(_("Choose Image…"))
    wait("images are offered", shown("From the Catalog"))
    yield "new-pet-images"
    window.press(_("Another Image…"))
    wait("another can be named", button("Use This Image"))
    yield "new-pet-another-image"


def closed(window, name):
    window.keys("Escape")
    wait(f"{name} is closed", lambda: not window.find(("dialog", "alert")))
    yield from ()


def walk(name, environment=None, language=None, size=USUAL, harmless=None):
    # Without motion pages are there at once, and what moves by itself is seen to stand still.
    settings(enable_animations=0, cursor_blink=0, font_name="Cantarell 11")
    said = tempfile.NamedTemporaryFile(prefix="said-")
    with Window(stderr=said, **(environment or {})) as window:
        if size != USUAL:
            window.resize(*size)
        audit = Audit(window, name, size[0])
        try:
            for page in pages(window, catalog(language) if language else str):
                # Where it is otherwise, the picture has no place of it.
                if page == "overview" and not language and size == USUAL:
                    audit.mark()
                audit.page(page)
        finally:
            log(f"{audit.looked} looked at")
            audit.found += [f"GTK says: {line}" for line in complaints(said.name) if not (harmless and harmless in line)]
            for found in sorted(set(audit.found)):
                log(f"FOUND {found}")
        if audit.looked < 200:
            raise Failure("hardly anything was looked at")
        if audit.found:
            raise Failure("\n  ".join(["not as it should be:", *sorted(set(audit.found))]))
    kennel("rm", "--force", "--yes", "audited", "a-pet-whose-name-is-long")


def usual():
    walk("usual")


def narrow():
    walk("narrow", size=SMALLEST_WINDOW)


def large_text():
    enlarge_text(2)
    walk("large-text", size=SMALL_FOR_LARGE_TEXT)


def large_narrow():
    enlarge_text(2)
    walk("large-narrow", size=NARROW_FOR_LARGE_TEXT, harmless=TRIES_ONE_LINE)


def right_to_left():
    walk("right-to-left", locale("ar"), "ar")


def high_contrast():
    walk("high-contrast", {"ADW_DEBUG_HIGH_CONTRAST": "1"})


def dark():
    walk("dark", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})


main(usual, narrow, large_text, large_narrow, right_to_left, high_contrast, dark)
