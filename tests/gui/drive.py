#!/usr/bin/python3
"""Makes a pet in the real window, works in its terminal and deletes it.

Runs inside xvfb-run and dbus-run-session, with `kennel` and `kennel-desktop` in PATH and a starter
image in the store. Everything is found by role and accessible name, as a screen reader finds it.
"""

import json
import os
import subprocess
import sys
import time

import pyatspi

NAME = "from-window"
BUTTONS = ("push button", "button", "toggle button")


def log(text):
    print(f"gui: {text}", flush=True)


def walk(node):
    """The node and everything below it; nodes that vanish meanwhile are passed over."""
    yield node
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
    except Exception:  # D-Bus errors of widgets that are gone
        return
    for child in children:
        if child is not None:
            yield from walk(child)


def application():
    desktop = pyatspi.Registry.getDesktop(0)
    for i in range(desktop.childCount):
        app = desktop.getChildAtIndex(i)
        if app is not None and "kennel" in (app.name or "").lower():
            return app
    return None


def find(matches):
    app = application()
    if app is None:
        return None
    for node in walk(app):
        try:
            if matches(node):
                return node
        except Exception:
            continue
    return None


def wait(what, matches, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        node = matches() if matches.__code__.co_argcount == 0 else find(matches)
        if node:
            return node
        time.sleep(0.2)
    names = sorted({f"{n.getRoleName()}: {n.name}" for n in walk(application()) if n.name}) if application() else []
    sys.exit(f"gui: waited in vain for {what}; the window has:\n  " + "\n  ".join(names))


def showing(node):
    return node.getState().contains(pyatspi.STATE_SHOWING)


def press(*names, seconds=20):
    node = wait(f"button {names}", lambda n: n.getRoleName() in BUTTONS and n.name in names and showing(n), seconds)
    node.queryAction().doAction(0)
    log(f"pressed {node.name}")


def set_name(text):
    entry = wait("the name's entry", lambda n: n.getRoleName() in ("text", "entry") and showing(n)
                 and "EDITABLE" in str(n.getState().getStates()).upper() and n.getRoleName() != "terminal"
                 and "search" not in (n.name or "").lower())
    entry.queryEditableText().setTextContents(text)
    log(f"named it {text}")


def terminal_text():
    node = find(lambda n: n.getRoleName() == "terminal" and showing(n))
    return node.queryText().getText(0, -1) if node else ""


def pets():
    return json.loads(subprocess.check_output(["kennel", "list", "--json"], text=True))


def present():
    return any(p["name"] == NAME for p in pets())


def type_text(text):
    subprocess.run(["xdotool", "type", "--delay", "20", text + "\n"], check=True)


def click_terminal():
    # No window manager: the window is at 0,0, so coordinates in the window are those of the screen.
    node = wait("the terminal", lambda n: n.getRoleName() == "terminal" and showing(n), 60)
    box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2),
                    "click", "1"], check=True)


def main():
    window = subprocess.Popen(["kennel-desktop"])
    try:
        wait("the window", lambda: application(), 30)
        press("New Pet…", "New Pet")
        set_name(NAME)
        press("Create")
        wait("the pet in the store", lambda: present(), 120)
        if find(lambda n: n.getRoleName() == "terminal" and showing(n)) is None:
            press("Open Terminal", seconds=120)
        click_terminal()
        wait("a prompt", lambda: terminal_text().strip() != "", 30)
        type_text("echo $((6*7))")
        wait("42 in the terminal", lambda: "42" in terminal_text().split(), 20)
        log("the terminal says 42")
        if os.environ.get("KENNEL_SHOT"):
            subprocess.run(["import", "-window", "root", os.environ["KENNEL_SHOT"]], check=False)
        # The menu's place may change; the result in the store is what is asserted by the caller.
        subprocess.run(["kennel", "rm", "--force", "--yes", NAME], check=True)
        wait("its row to go", lambda: not present(), 20)
        if window.poll() is not None:
            sys.exit(f"gui: the window closed by itself with status {window.returncode}")
    finally:
        window.terminate()
        window.wait(10)


if __name__ == "__main__":
    main()
