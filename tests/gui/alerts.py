#!/usr/bin/python3
"""Alerts in the window: on the pet's page, in the list, among what happened; when the person is told;
and the way here from a notification."""

import json
import os
import signal
import subprocess
import tomllib

import pyatspi
from driver import Window, check, kennel, main, pets, wait

REFERENCE = os.environ["KENNEL_REF"]
CONFIG = os.path.join(os.environ["XDG_CONFIG_HOME"], "kennel/config.toml")
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}


def running(name):
    """The directory of a pet's running state."""
    return os.path.join(os.environ["XDG_RUNTIME_DIR"], "kennel", pets()[name]["id"])


def state(name):
    with open(os.path.join(running(name), "state.json"), encoding="utf-8") as file:
        return json.load(file)


def stands(name, *kinds):
    """What the keeper leaves of alerts; a computer without control groups would have no busy pet."""
    path = os.path.join(running(name), "alerts.json")
    alerts = [{"kind": kind, "text": "", "since": "2026-01-01T00:00:00Z"} for kind in kinds]
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(alerts, file)
    os.rename(path + ".new", path)


def made(*names):
    for name in names:
        kennel("create", name, "--image", REFERENCE)
        kennel("start", name)


def open_page(window, name):
    wait("the pet is listed", lambda: window.row(name))
    window.click(window.find("list item", name))
    wait("its page is there", lambda: window.button("Pet Menu"))


def told():
    """A pet that eats the machine, and one that ended by itself."""
    made("miner", "lost")
    with Window() as window:
        open_page(window, "miner")
        check(not window.says("for a while"), "nothing is said of a quiet pet")
        stands("miner", "busy")
        wait("the page says that it is busy", lambda: window.says("miner has been using nearly all the processor time"))
        wait("so does the list", lambda: "Busy" in window.row("miner"))
        os.kill(state("lost")["pid"], signal.SIGKILL)
        wait("the list says what ended", lambda: "Ended unexpectedly" in window.row("lost"))
        window.shot("alert")
        window.press("Limit to One Core")
        wait("the button has done it", lambda: not window.button("Limit to One Core"))
        limits = json.loads(kennel("show", "miner", "--json"))["limits"]
        check(limits == {"cpu_millis": 1000}, "the pet is limited")
        window.choose("Main Menu", 4)
        wait("what happened is listed", lambda: window.says("“lost” ended though nobody stopped it"))
        check(window.says("miner was changed") and window.says("miner was started"), "also what is no alert")
        window.shot("activity")
        kennel("stop", "miner")
        wait("what happens meanwhile comes to it", lambda: window.says("miner was stopped"))
        window.keys("Escape")
        kennel("start", "lost")
        wait("started again, nothing is amiss", lambda: "unexpectedly" not in window.row("lost"))
    stands("lost", "held-back")
    with Window(**DARK) as window:
        open_page(window, "lost")
        wait("the words are apart", lambda: window.says("it wants more processor time than its limit allows"))
        check(not window.button("Limit to One Core"), "a limit is no help against a limit")
        window.shot("alert-dark")
        window.choose("Main Menu", 4)
        wait("what happened is listed", lambda: window.says("miner was stopped"))
        window.shot("activity-dark")
    kennel("rm", "--force", "--yes", "miner", "lost")


def spin(window, title):
    """The number of a row, which has the name."""
    row, _ = wait(f"there is {title}", lambda: window.find("list item", where=lambda node: node.name.startswith(title)))
    return window.find("spin button", inside=row).queryValue()


def written():
    with open(CONFIG, "rb") as file:
        return tomllib.load(file)["alerts"]


def thresholds():
    """For all pets in the preferences, and for one in its settings."""
    made("own")
    os.makedirs(os.path.dirname(CONFIG), exist_ok=True)
    with open(CONFIG, "w", encoding="utf-8") as file:
        file.write("version = 1\n[alerts]\n# my fan is loud\ncpu_percent = 80\n")
    with Window() as window:
        open_page(window, "own")
        window.choose("Main Menu", 6)
        tab, _ = wait("there is the page", lambda: window.find("page tab", "Alerts"))
        # Not where it is clicked: the dialog still moves.
        tab.queryAction().doAction(0)
        wait("it has what the file says", lambda: spin(window, "Processor, in Percent").currentValue == 80)
        window.shot("alert-preferences")
        spin(window, "Duration, in Seconds").currentValue = 120
        wait("it is written", lambda: written() == {"cpu_percent": 80, "cpu_seconds": 120})
        window.toggle("Alerts")
        wait("off is written as well", lambda: written().get("enabled") is False)
        with open(CONFIG, encoding="utf-8") as file:
            check("# my fan is loud" in file.read(), "and the comment stays")
        window.keys("Escape")
        window.tab("Settings")
        window.select("When to Alert", "Down")
        chosen = lambda: json.loads(kennel("show", "own", "--json")).get("alerts", {})
        wait("the pet has its own", lambda: chosen().get("enabled") is True and chosen()["cpu_percent"] == 90)
        window.scroll_to(window.find("label", "Free Disk Space, in Percent"))
        window.shot("alert-settings")
        spin(window, "Memory, in Percent").currentValue = 70
        wait("it is chosen at once", lambda: chosen().get("memory_percent") == 70)
        check(not window.says("until it is restarted"), "a running pet needs no restart for it")
        window.select("When to Alert", "Up")
        wait("and all of it is taken back", lambda: chosen() == {})
    kennel("rm", "--force", "--yes", "own")


def shown():
    """“Show” on a notification leads to the pet, whether the window is there or not."""
    made("first", "second")
    identity = pets()["second"]["id"]
    with Window() as window:
        open_page(window, "first")
        action = ["gdbus", "call", "--session", "--dest", "io.github.kennel.Kennel", "--object-path", "/io/github/kennel/Kennel"]
        action += ["--method", "org.freedesktop.Application.ActivateAction", "show-pet", f"[<'{identity}'>]", "{}"]
        subprocess.run(action, check=True, stdout=subprocess.DEVNULL)
        wait("its page is shown", lambda: selected(window) == "second")
        action[-2] = "[<'no pet'>]"
        subprocess.run(action, check=True, stdout=subprocess.DEVNULL)
        check(selected(window) == "second", "what is no pet changes nothing")
    pressed = os.environ["TEST_DIR"] + "/notifications"
    server = subprocess.Popen(["/usr/bin/python3", os.path.dirname(__file__) + "/../e2e/notifications.py", pressed, "show"])
    wait("somebody shows notifications", lambda: os.path.exists(pressed) and "ready" in open(pressed, encoding="utf-8").read())
    notice = {"kind": "ended", "id": identity, "name": "second", "title": "second ended", "text": "it ended", "offers": ["show"]}
    notify = subprocess.Popen(["kennel", "notify"], stdin=subprocess.PIPE)
    notify.stdin.write(json.dumps(notice).encode() + b"\n")
    notify.stdin.flush()
    started = Started()
    wait("the app was started", started.application, 30)
    wait("its page is shown", lambda: selected(started) == "second")
    notify.stdin.close()
    check(notify.wait(10) == 0, "the notification's process has ended")
    os.kill(started.pid, signal.SIGTERM)
    server.terminate()
    kennel("rm", "--force", "--yes", "first", "second")


def selected(window):
    """The pet whose page is shown."""
    row = window.find("list item", where=lambda node: node.getState().contains(pyatspi.STATE_SELECTED))
    return row.name.split(",")[0].split("\n")[0].strip() if row else None


class Started(Window):
    """The app that somebody else has started."""

    pid = None

    def __init__(self):  # pylint: disable=super-init-not-called
        pass

    def application(self):
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            app = desktop.getChildAtIndex(i)
            if app is not None and app.name == "kennel-desktop":
                self.pid = app.get_process_id()
                return app
        return None


main(told, thresholds, shown)
