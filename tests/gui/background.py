#!/usr/bin/python3
"""A closed window whose work goes on, where a desktop with sandboxes is asked. The sandbox is of the
test's own: it has what Flatpak tells an app of its sandbox, and Flatpak's session helper outside."""

import json
import os
import pathlib
import shutil
import subprocess

import pyatspi
from driver import Window, check, images, kennel, main, pets, wait

HERE = pathlib.Path(__file__).parent
TEST = pathlib.Path(os.environ["TEST_DIR"])
INFO = """[Application]
name=io.github.kennel.Kennel
[Instance]
app-path={files}
arch={architecture}
[Session Bus Policy]
org.freedesktop.Flatpak=talk
"""


def sandbox():
    """The command before the app: all that is there is there, and what Flatpak adds."""
    files = TEST / "files"
    (files / "libexec").mkdir(parents=True, exist_ok=True)
    if not (files / "libexec/kennel").exists():
        shutil.copy(shutil.which("kennel"), files / "libexec/kennel")
    info = TEST / "flatpak-info"
    info.write_text(INFO.format(files=files, architecture=os.uname().machine), encoding="utf-8")
    command = ["bwrap", "--ro-bind", str(info), "/.flatpak-info"]
    for name in os.listdir("/"):
        path = "/" + name
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            command += ["--dev-bind-try", path, path]
    return [*command, "kennel-desktop"]


class Portal:
    """The desktop's portal, which grants or refuses."""

    def __init__(self, manner):
        self.log = TEST / f"portal-{manner}"
        self.process = subprocess.Popen(["/usr/bin/python3", HERE / "../e2e/portal.py", self.log, manner])
        wait("the desktop has a portal", lambda: self.heard("ready"))

    def heard(self, what):
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line[what] for line in map(json.loads, lines) if what in line]

    def end(self):
        self.process.terminate()
        self.process.wait()


class Sandboxed(Window):
    """The app in the sandbox."""

    def __init__(self):  # pylint: disable=super-init-not-called
        self.process = subprocess.Popen(sandbox())

    def application(self):
        desktop = pyatspi.Registry.getDesktop(0)
        apps = (desktop.getChildAtIndex(i) for i in range(desktop.childCount))
        return next((app for app in apps if app is not None and app.name == "kennel-desktop"), None)


def begin(window):
    """Starts making a pet, which takes a while."""
    window.create("half", file=os.environ["KENNEL_STARTER"])
    wait("it says how far it is", lambda: window.says("Importing") or window.says("Unpacking"))


def clear():
    kennel("rm", "--force", "--yes", "half")
    for reference in images():
        kennel("image", "rm", "--yes", reference)


def granted():
    """The desktop is asked when the window is closed, and told what is being done."""
    portal = Portal("grant")
    with Sandboxed() as window:
        begin(window)
        window.keys("ctrl+q")
        wait("the window is closed", lambda: not window.find("frame", "Kennel"))
        check(portal.heard("asked") == ["Making half"], "the desktop was asked, with what for")
        wait("and is told", lambda: portal.heard("told") == ["Making half"])
        wait("the pet is made", lambda: "half" in pets(), 60)
        wait("the app ends by itself", lambda: window.process.poll() == 0)
    portal.end()
    clear()


def asked(window):
    """Closes the window while a pet is made: the question, as the desktop has refused."""
    begin(window)
    window.keys("ctrl+q")
    question, _ = wait("it asks", lambda: window.find("alert", where=lambda n: n.name == "Close Window?"))
    return question


def refused():
    """A desktop that refuses keeps the window, unless the person gives up what is being done."""
    portal = Portal("refuse")
    with Sandboxed() as window:
        question = asked(window)
        check(window.says("so this ends unfinished: Making half"), "and says what would end")
        window.shot("background-refused")
        window.press("Cancel", inside=question)
        wait("the pet is made", lambda: "half" in pets(), 60)
        wait("in the open window", lambda: window.find("frame", "Kennel"))
        check(portal.heard("told") == [], "the desktop was told nothing")
        wait("nothing is being done any more", lambda: "Running" in window.row("half") or "Stopped" in window.row("half"))
    portal.end()
    clear()


def given_up():
    """The person closes the window all the same: nothing half-made stays."""
    portal = Portal("refuse")
    with Sandboxed() as window:
        question = asked(window)
        window.press("Close", inside=question)
        wait("the app ends", lambda: window.process.poll() == 0)
        check(pets() == {} and images() == [], "there is no pet and no image")
    portal.end()


main(granted, refused, given_up)
