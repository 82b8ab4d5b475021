"""Drives the real window as a person does: finds what is shown by role and accessible name, as a
screen reader finds it, presses, types and reads.

Runs inside tests/gui/with-display, with `kennel` and `kennel-desktop` in PATH. Nothing here
sleeps for luck: `wait` polls until what it is told to wait for is there, and fails with what the
window shows instead.
"""

import json
import os
import subprocess
import sys
import time

import pyatspi

BUTTONS = ("push button", "button", "toggle button")
SWITCHES = ("switch", "check box", "toggle button")
POLL = 0.05
# How many times longer everything may take: more than 1 where the computer is emulated.
PATIENCE = int(os.environ.get("KENNEL_PATIENCE", "1"))


class Failure(Exception):
    """What the person would not have seen."""


def log(text):
    print(f"gui: {text}", flush=True)


def check(fact, text):
    if not fact:
        raise Failure(text)
    log(text)


def wait(what, question, seconds=20):
    """Asks until the answer is true; returns it and how long it took."""
    begin = time.monotonic()
    seconds *= PATIENCE
    while True:
        answer = question()
        took = time.monotonic() - begin
        if answer:
            log(f"{what} (after {took:.2f} s)")
            return answer, took
        if took > seconds:
            raise Failure(f"waited {seconds} s in vain: {what}")
        time.sleep(POLL)


def kennel(*arguments, **options):
    """Runs the command and returns what it printed."""
    return subprocess.run(["kennel", *arguments], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def pets():
    return {pet["name"]: pet for pet in json.loads(kennel("list", "--json"))}


def images():
    return [image["reference"] for image in json.loads(kennel("image", "list", "--json"))]


def processes():
    """This person's `kennel` processes that are not finished: id to command line."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = open(f"/proc/{pid}/status").read().split()
            command = open(f"/proc/{pid}/cmdline").read().replace("\0", " ").strip()
        except OSError:
            continue
        # Not by the owner of /proc/PID: that is root for a process that may not be dumped.
        uid = status[status.index("Uid:") + 1]
        if status[1].startswith("kennel") and uid == str(os.getuid()) and command:
            found[int(pid)] = command
    return found


def walk(node, where=lambda node: True):
    """The node and everything below it, but nothing below what is not `where`; widgets that vanish
    meanwhile are passed over."""
    yield node
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
    except Exception:  # D-Bus errors of widgets that are gone
        return
    for child in children:
        try:
            if child is None or not where(child):
                continue
        except Exception:
            continue
        yield from walk(child, where)


def wait_until_still(node):
    """Waits for the end of what moves, as a list that is scrolled."""
    place = lambda: node.queryComponent().getExtents(pyatspi.WINDOW_COORDS).y
    last = None
    while last != (last := place()):
        time.sleep(2 * POLL)


def has_state(node, state):
    return node.getState().contains(state)


class Window:
    """The running app."""

    def __init__(self, stderr=None, **environment):
        self.process = subprocess.Popen(["kennel-desktop"], env={**os.environ, **environment}, stderr=stderr)

    def __enter__(self):
        wait("the window is there", self.application, 30)
        self.focus("Kennel")
        return self

    def __exit__(self, kind, error, _trace):
        if kind is not None:
            self.shot(f"failed-{sys.argv[1]}")
            log("the window shows:\n  " + "\n  ".join(self.everything()))
        self.process.terminate()
        self.process.wait(10 * PATIENCE)

    # What is there.

    def application(self):
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            app = desktop.getChildAtIndex(i)
            if app is not None and app.get_process_id() == self.process.pid:
                return app
        return None

    def nodes(self, inside=None):
        """Everything that is on the screen; below what is not, nothing is."""
        root = inside or self.application()
        showing = lambda node: has_state(node, pyatspi.STATE_SHOWING)
        return walk(root, showing) if root else ()

    def find(self, role=None, name=None, inside=None, where=lambda node: True):
        roles = (role,) if isinstance(role, str) else role
        for node in self.nodes(inside):
            try:
                if (roles is None or node.getRoleName() in roles) and (name is None or node.name == name) and where(node):
                    return node
            except Exception:
                continue
        return None

    def says(self, text, inside=None):
        """Whether a label, title or alert with this text in it is on the screen."""
        return any(text in (node.name or "") for node in self.nodes(inside))

    def everything(self):
        return sorted({f"{node.getRoleName()}: {node.name}" for node in self.nodes() if node.name})

    def beyond(self, width):
        """The texts and buttons that reach over the window's left or right edge."""
        edge = self.find("frame", "Kennel").queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        # The border by which a window is resized takes five pixels on each side.
        far = lambda box: box.width > 0 and (box.x < edge.x - 10 or box.x + box.width > edge.x + width)
        shown = [node for node in self.nodes() if node.getRoleName() in ("label", "text", *BUTTONS, *SWITCHES)]
        return [node.name for node in shown if far(node.queryComponent().getExtents(pyatspi.WINDOW_COORDS))]

    def row(self, pet):
        """The pet's row in the list, as all the texts it shows."""
        row = self.find("list item", pet)
        return [node.name for node in walk(row) if node.name] if row else []

    def button(self, name):
        return self.find(BUTTONS, name)

    def is_sensitive(self, name):
        button = self.button(name)
        return button is not None and has_state(button, pyatspi.STATE_SENSITIVE)

    # What the person does.

    def press(self, name, inside=None):
        """Presses a button, of the whole window or inside one part of it."""
        sensitive = lambda node: has_state(node, pyatspi.STATE_SENSITIVE)
        node, _ = wait(f"there is {name}", lambda: self.find(BUTTONS, name, inside, sensitive))
        for part in walk(node):
            actions = part.get_action_iface()
            if actions is not None and actions.get_n_actions() > 0:
                part.queryAction().doAction(0)
                return
        raise Failure(f"{name} cannot be pressed")

    def choose(self, menu, position):
        """Opens a menu and chooses an item, by its position from 1: GTK tells no name of one."""
        self.press(menu)
        items = lambda: [node for node in self.nodes() if node.getRoleName() == "menu item"]
        found, _ = wait(f"{menu} has item {position}", lambda: items()[position - 1:])
        found[0].queryAction().doAction(0)

    def click(self, node, down=0.5):
        box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        self.tool("mousemove", box.x + box.width // 2, box.y + int(box.height * down), "click", 1)

    def scroll_to(self, node):
        """Turns the wheel over the node's column until the node is in the window."""
        frame = self.find("frame", "Kennel").queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        for _ in range(60):
            box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
            top, bottom = frame.y + 100, frame.y + frame.height - 60
            if top <= box.y and box.y + box.height <= bottom:
                return
            self.tool("mousemove", box.x + 8, frame.y + frame.height // 2, "click", 4 if box.y < top else 5)
            wait_until_still(node)

    def tab(self, name, inside=None):
        """Shows a page of the pet, or of a dialog."""
        tab, _ = wait(f"there is the page {name}", lambda: self.find("page tab", name, inside))
        # What GTK says of its place leaves out the padding above it.
        self.click(tab, 0.8)

    def click_row(self, title):
        """Clicks a row: what opens, or what has no button of its own."""
        label, _ = wait(f"there is the row {title}", lambda: self.find("label", title))
        self.scroll_to(label)
        self.click(label)

    def toggle(self, title):
        """Turns a switch over."""
        # That of an open row is named after the rows in it, too.
        named = lambda node: node.name == title or node.name.startswith(f"{title} {title}")
        row, _ = wait(f"there is the switch {title}", lambda: self.find(SWITCHES, where=named))
        for node in walk(row):
            actions = node.get_action_iface()
            for index in range(actions.get_n_actions() if actions else 0):
                if actions.get_action_name(index) == "toggle":
                    node.queryAction().doAction(index)
                    return
        raise Failure(f"{title} cannot be switched")

    def select(self, title, *keys):
        """Opens a row with a few values and walks to another one."""
        row, _ = wait(f"there is {title}", lambda: self.find("combo box", title))
        self.scroll_to(row)
        self.click(row)
        self.keys(*keys, "Return")

    def set_text(self, label, text):
        entry, _ = wait(f"there is the entry {label}", lambda: self.find(("text", "entry"), label))
        entry.queryEditableText().setTextContents(text)

    def type_into(self, label, text):
        """Types into a row as a person does, and ends with Enter."""
        entry, _ = wait(f"there is the entry {label}", lambda: self.find(("text", "entry"), label))
        self.scroll_to(entry)
        self.click(entry)
        self.keys("ctrl+a")
        if text:
            self.type(text)
        else:
            self.keys("BackSpace")
        self.keys("Return")

    def add(self, label):
        """Presses the button of the row that adds to a list."""
        self.press("Add", inside=self.find("list item", where=lambda row: row.name.startswith(label)))

    def text_of(self, label):
        entry = self.find(("text", "entry"), label)
        return entry.queryText().getText(0, -1) if entry else ""

    def keys(self, *keys):
        self.tool("key", *keys)

    def tab_to(self, name):
        """Presses Tab until what has this name has the keyboard."""
        focused = lambda node: has_state(node, pyatspi.STATE_FOCUSED)
        for _ in range(40):
            if self.find(None, name, where=focused):
                return
            self.keys("Tab")
        raise Failure(f"the keyboard does not reach {name}")

    def type(self, text):
        self.tool("type", "--delay", 15, text)

    def choose_path(self, path):
        """Answers GTK's own file chooser by typing the path."""
        wait("the file chooser is open", lambda: self.find(BUTTONS, "Choose"))
        self.focus("Choose")
        self.type("/")
        entry, _ = wait("it asks for a path", lambda: self.find(("text", "entry"), where=lambda n: has_state(n, pyatspi.STATE_FOCUSED)))
        entry.queryEditableText().setTextContents(path)
        self.press("Choose")
        wait("the file chooser is closed", lambda: not self.find(BUTTONS, "Choose"))
        self.focus("Kennel")

    def resize(self, width, height):
        self.tool("search", "--onlyvisible", "--name", "^Kennel$", "windowsize", width, height)
        self.focus("Kennel")

    def focus(self, title):
        """Gives the window with this title the keyboard: there is no window manager to do it."""
        # While it changes its size it may be asked in vain.
        command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{title}", "windowfocus", "--sync"]
        focused = lambda: subprocess.run(command, check=False, timeout=30 * PATIENCE).returncode == 0
        wait(f"{title} has the keyboard", focused)

    def tool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=30 * PATIENCE)

    def shot(self, name):
        """Leaves a picture in $KENNEL_SHOTS, when that is set."""
        directory = os.environ.get("KENNEL_SHOTS")
        if directory:
            subprocess.run(["import", "-window", "root", f"{directory}/{name}.png"], check=False)

    # The terminal.

    def terminal(self):
        """The visible terminal's text; None when there is no terminal."""
        node = self.find("terminal")
        return node.queryText().getText(0, -1) if node else None

    def wait_for_prompt(self):
        wait("the terminal has a prompt", lambda: (self.terminal() or "").rstrip().endswith(("$", "#")), 60)

    def run(self, command, answer):
        """Types a command into the terminal and waits for a line that is the answer."""
        self.type(command + "\n")
        wait(f"the terminal says {answer}", lambda: answer in (self.terminal() or "").split("\n"))

    # What the person often does.

    def open_new_pet(self, name):
        """Opens the New Pet dialog and gives the pet its name."""
        either = lambda: self.button("New Pet…") or self.button("New Pet")
        button, _ = wait("a pet can be made", either)
        self.press(button.name)
        self.set_text("Name", name)

    def create(self, name, file=None):
        """Makes a pet with the New Pet dialog."""
        self.open_new_pet(name)
        if file:
            self.press("Choose File…")
            self.choose_path(file)
            wait("the dialog shows the file", lambda: self.says(os.path.basename(file)))
        self.press("Create")


def main(*scenarios):
    """Runs the scenario that the command line names."""
    by_name = {scenario.__name__: scenario for scenario in scenarios}
    scenario = by_name[sys.argv[1]]
    try:
        scenario()
    except Failure as failure:
        sys.exit(f"gui: {scenario.__name__}: {failure}")
