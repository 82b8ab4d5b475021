#!/usr/bin/python3
"""The whole way from no pet to a shell and back, by the keyboard alone: no pointer, and nothing
that only a screen reader could press. After each step something that can be seen has the keyboard."""

import os

import pyatspi
from driver import Failure, Window, check, has_state, kennel, log, main, pets, wait


class Keyboard:
    """What a person without a pointer does."""

    def __init__(self, window):
        self.window = window

    def press(self, *keys):
        self.window.keys(*keys)

    def focus(self):
        """What has the keyboard: its role and name."""
        for node in self.window.nodes():
            try:
                if has_state(node, pyatspi.STATE_FOCUSED):
                    return node.getRoleName(), node.name
            except Exception:  # a widget that went away meanwhile
                continue
        return None

    def has(self, name):
        """Waits until what has this name has the keyboard."""
        wait(f"{name} has the keyboard", lambda: (self.focus() or ("", ""))[1] == name)

    def walk_to(self, name, key="Tab"):
        """Presses Tab until what has this name has the keyboard; says what was passed."""
        passed = []
        for _ in range(30):
            focus = self.focus()
            if focus and focus[1] == name:
                log(f"the keyboard walked over {passed} to {name}")
                return
            passed.append(focus)
            self.press(key)
        raise Failure(f"the keyboard does not reach {name}, only {passed}")


def creation():
    with Window() as window:
        keyboard = Keyboard(window)
        wait("there is no pet", lambda: window.says("No Pets Yet"))
        keyboard.has("New Pet…")
        window.shot("keyboard-start")
        keyboard.press("Return")
        wait("Enter asks for a pet", lambda: window.is_sensitive("Create"))
        keyboard.has("Name")
        window.shot("keyboard-new-pet")
        keyboard.press("Return")
        wait("Enter makes it, from the image that is here", lambda: len(pets()) == 1, 120)
        name = next(iter(pets()))
        window.wait_for_prompt()
        window.run("echo $((6*7))", "42")
        window.shot("keyboard-shell")
        terminal(window, keyboard)
        walk(window, keyboard, name)
        rename(window, keyboard, name)
        stop(window, keyboard)
        delete(window, keyboard)


def terminal(window, keyboard):
    """What is looked for in the terminal gives it the keyboard back."""
    keyboard.press("ctrl+shift+f")
    keyboard.has("Find in Terminal")
    keyboard.press("Escape")
    wait("the terminal has the keyboard again", lambda: (keyboard.focus() or [""])[0] == "terminal")
    window.run("echo ag''ain", "again")


def walk(window, keyboard, name):
    """Out of the terminal, which keeps Tab and the plain keys, to everything else."""
    keyboard.press("ctrl+shift+l")
    keyboard.has(name)
    window.shot("keyboard-list")
    keyboard.press("F10")
    wait("F10 opens the menu", lambda: window.find("menu item"))
    window.shot("keyboard-menu")
    keyboard.press("Escape")
    wait("Escape closes it", lambda: not window.find("menu item"))
    keyboard.press("ctrl+f")
    keyboard.has("Search Pets")
    keyboard.press("Escape")
    wait("the search is over", lambda: not window.find("text", "Search Pets"))
    keyboard.press("ctrl+shift+l")
    keyboard.has(name)
    keyboard.press("ctrl+comma")
    wait("the preferences are there", lambda: window.says("Trusted Sources"))
    window.shot("keyboard-preferences")
    keyboard.press("Escape")
    wait("the preferences are gone", lambda: not window.says("Trusted Sources"))
    keyboard.has(name)
    keyboard.walk_to("Pet Menu")
    keyboard.press("ctrl+n")
    wait("another pet can be made", lambda: window.is_sensitive("Create"))
    keyboard.press("alt+c")
    wait("Alt and its letter press Cancel", lambda: not window.button("Create"))


def rename(window, keyboard, name):
    keyboard.press("ctrl+shift+l", "F2")
    wait("F2 asks for a name", lambda: window.button("Rename"))
    keyboard.has("Name")
    keyboard.press("ctrl+a")
    window.type("by-key")
    keyboard.press("Return")
    wait("the pet has it", lambda: "by-key" in pets() and name not in pets())
    wait("and so has its row", lambda: window.row("by-key"))


def stop(window, keyboard):
    keyboard.press("ctrl+shift+l")
    keyboard.has("by-key")
    keyboard.press("ctrl+Return")
    wait("Ctrl+Return stops it", lambda: pets()["by-key"]["state"] == "stopped")
    wait("and its row says so", lambda: "Stopped" in window.row("by-key"))


def delete(window, keyboard):
    """Deleted and taken back twice: by the button, and by Ctrl+Z."""
    keyboard.press("Delete")
    wait("the window says so", lambda: window.says("by-key was deleted"))
    keyboard.walk_to("Undo")
    window.shot("keyboard-undo")
    keyboard.press("Return")
    wait("it is back", lambda: window.row("by-key"))
    keyboard.press("ctrl+shift+l")
    keyboard.has("by-key")
    keyboard.press("Delete")
    wait("its row is gone again", lambda: not window.row("by-key"))
    keyboard.press("ctrl+z")
    wait("Ctrl+Z takes it back", lambda: window.row("by-key"))
    check("by-key" in pets(), "and nothing of it was deleted")
    keyboard.press("ctrl+shift+l")
    keyboard.has("by-key")
    keyboard.press("Delete", "ctrl+q")
    wait("the window ends", lambda: window.process.poll() is not None)
    check(not pets(), "and with it the pet")


def layouts():
    """The keyboard stays where it is while the window gets small and large again."""
    kennel("create", "moved", "--image", os.environ["KENNEL_REF"])
    kennel("start", "moved")
    with Window() as window:
        keyboard = Keyboard(window)
        wait("the pet is shown", lambda: window.row("moved") and window.button("Stop"))
        keyboard.press("ctrl+shift+l")
        keyboard.has("moved")
        window.resize(370, 500)
        wait("the list and the page take turns", lambda: not window.row("moved") or not window.button("Stop"))
        wait("what is shown has the keyboard", keyboard.focus)
        window.resize(980, 640)
        wait("both are beside each other", lambda: window.row("moved") and window.button("Stop"))
        wait("what is shown has the keyboard", keyboard.focus)
        window.click(window.find("list item", "moved"))
        keyboard.walk_to("Stop")
        for _ in range(2):
            window.resize(370, 500)
            wait("only the page is there", lambda: not window.row("moved") and window.button("Stop"))
            keyboard.has("Stop")
            window.resize(980, 640)
            wait("the list is there, too", lambda: window.row("moved"))
            keyboard.has("Stop")
        for _ in range(2):
            window.click_row("Usage")
            wait("the usage is shown", lambda: window.says("The Last Five Minutes"))
            window.resize(370, 500)
            wait("only the page is there", lambda: not window.row("moved") and window.says("The Last Five Minutes"))
            wait("what is shown has the keyboard", keyboard.focus)
            window.resize(980, 640)
            wait("the list is there, too", lambda: window.row("moved"))
            wait("what is shown has the keyboard", keyboard.focus)
            keyboard.press("alt+Left")
            wait("it is still the page that keys reach", lambda: window.button("Open Terminal"))
    kennel("rm", "--force", "--yes", "moved")


main(creation, layouts)
