#!/usr/bin/python3
"""The list of pets: searched, sorted by the keyboard, deleted from and taken back."""

import json
import os
import pathlib
import shutil
import subprocess

import pyatspi
from driver import Window, check, has_state, kennel, main, pets, wait


TEST = pathlib.Path(os.environ["TEST_DIR"])


def make(*names):
    for name in names:
        kennel("create", name, "--image", os.environ["KENNEL_REF"])


def remove(*names):
    for name in names:
        kennel("rm", "--force", "--yes", name)


def search():
    """Ctrl+F finds by name; Enter opens what is found first."""
    make("alpha", "beta")
    with Window() as window:
        wait("both are listed", lambda: window.row("alpha") and window.row("beta"))
        window.focus("Kennel")
        window.keys("ctrl+f")
        window.type("bet")
        wait("the other is not listed", lambda: not window.row("alpha"))
        check(window.row("beta"), "what was searched is")
        window.shot("list-search")
        window.keys("Return")
        wait("all are listed again", lambda: window.row("alpha"))
    remove("alpha", "beta")


def again():
    """Started once more, the app leaves everything to the one that runs, and starts no engine for it."""
    make("alpha")
    engine, traces = TEST / "engine", TEST / "engines"
    engine.write_text(f'#!/bin/sh\necho started >> {traces}\nexec {shutil.which("kennel")} "$@"\n', encoding="utf-8")
    engine.chmod(0o755)
    environment = {**os.environ, "KENNEL": str(engine)}
    with Window(KENNEL=str(engine)) as window:
        wait("it is listed", lambda: window.row("alpha"))
        check(traces.read_text(encoding="utf-8").count("started") == 1, "the first start began an engine")
        subprocess.run(["kennel-desktop"], env=environment, check=True, timeout=60)
        check(traces.read_text(encoding="utf-8").count("started") == 1, "the second one did not")
        check(window.row("alpha"), "the window is there still")
    remove("alpha")


def undo():
    """The Delete key hides a pet; Undo brings it back, and nothing of it was deleted."""
    make("alpha", "beta")
    with Window() as window:
        wait("both are listed", lambda: window.row("alpha") and window.row("beta"))
        window.click(window.find("list item", "beta"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("beta was deleted"))
        wait("its row is gone", lambda: not window.row("beta"))
        window.shot("list-undo")
        window.press("Undo")
        wait("it is back", lambda: window.row("beta"))
        check("beta" in pets(), "and was never deleted")
    remove("alpha", "beta")


def killed():
    """A window that is killed while a pet could still be had back deletes nothing."""
    make("alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        window.click(window.find("list item", "alpha"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("alpha was deleted"))
        window.process.kill()
        window.process.wait()
        check("alpha" in pets(), "it is there still")
    remove("alpha")


def closed():
    """A window that is closed meanwhile deletes it at once: nobody can take it back any more."""
    make("alpha")
    kennel("start", "alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        window.click(window.find("list item", "alpha"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("alpha was stopped and deleted"))
        window.keys("ctrl+q")
        wait("the app ends", lambda: window.process.poll() == 0, 7)
        check("alpha" not in pets(), "and the pet is deleted")


def asked():
    """The desktop's menu of the app opens New Pet."""
    make("alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        subprocess.run(["gapplication", "action", "io.github.kennel.Kennel", "new-pet"], check=True)
        wait("a pet can be made", lambda: window.is_sensitive("Create"))
    remove("alpha")


def make_many(count):
    """Makes one pet as a person does and the others by copies of its file, which is what a stopped pet is."""
    make("many-000")
    data = pathlib.Path(os.environ.get("XDG_DATA_HOME", pathlib.Path.home() / ".local/share"))
    spec = json.loads((data / "kennel/pets" / pets()["many-000"]["id"] / "pet.json").read_text())
    copies = []
    for number in range(1, count):
        pet = {**spec, "id": f"{number:016x}", "name": f"many-{number:03}"}
        copy = data / "kennel/pets" / pet["id"]
        copy.mkdir()
        (copy / "pet.json").write_text(json.dumps(pet))
        copies.append(copy)
    return copies


def many():
    """Two hundred pets are listed, scrolled to the last one, searched and walked through by keys."""
    copies = make_many(200)
    with Window() as window:
        wait("the first is listed", lambda: window.row("many-000"))
        wait("and its page is there", lambda: window.button("Open Terminal"))
        focused = lambda name: window.find("list item", name, where=lambda node: has_state(node, pyatspi.STATE_FOCUSED))
        shown = lambda name: window.find("label", name, where=lambda node: not in_list(node))
        window.click(window.find("list item", "many-000"))
        wait("a click chooses", lambda: focused("many-000"))
        window.keys("End")
        wait("End goes to the last", lambda: focused("many-199"))
        window.keys("Return")
        wait("its page is shown", lambda: shown("many-199"))
        window.shot("list-many-scrolled")
        window.keys("Up")
        wait("the arrow goes to the one above", lambda: focused("many-198"))
        window.keys("ctrl+f")
        window.type("150")
        wait("the others are not listed", lambda: not window.row("many-149"))
        check(window.row("many-150"), "what was searched is")
        window.shot("list-many-searched")
        window.keys("Return")
        wait("its page is shown", lambda: shown("many-150"))
        wait("all are listed again", lambda: window.row("many-149"))
    for copy in copies:
        shutil.rmtree(copy)
    remove("many-000")


def in_list(node):
    """Whether it is part of a row of the list."""
    while node is not None and node.getRoleName() != "list item":
        node = node.parent
    return node is not None


main(search, again, undo, killed, closed, asked, many)
