#!/usr/bin/python3
"""The search of GNOME's overview, asked as the desktop asks it: over the session bus, which starts
the app for it."""

import os
import signal
import subprocess
import time

import pyatspi
from driver import Failure, Window, check, has_state, kennel, main, pets, processes, wait
from gi.repository import Gio, GLib

NAME = "io.github.kennel.Kennel"
OBJECT = "/io/github/kennel/Kennel/SearchProvider"
INTERFACE = "org.gnome.Shell.SearchProvider2"
BUS = Gio.bus_get_sync(Gio.BusType.SESSION)
# The desktop gives up a provider that takes longer.
PATIENCE_MS = 25_000


def call(method, signature, *arguments):
    values = GLib.Variant(signature, arguments)
    reply = BUS.call_sync(NAME, OBJECT, INTERFACE, method, values, None, Gio.DBusCallFlags.NONE, PATIENCE_MS, None)
    answer = reply.unpack()
    return answer[0] if answer else None


def find(*terms):
    return call("GetInitialResultSet", "(as)", terms)


def describe(*ids):
    return call("GetResultMetas", "(as)", ids)


def owner():
    """The process that has the app's name, if any; asking starts none."""
    bus = "org.freedesktop.DBus"
    try:
        values = GLib.Variant("(s)", (NAME,))
        reply = BUS.call_sync(bus, "/" + bus.replace(".", "/"), bus, "GetConnectionUnixProcessID", values, None, Gio.DBusCallFlags.NONE, -1, None)
        return reply.unpack()[0]
    except GLib.Error:
        return None


def windows():
    """The windows that are on the screen."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", ".*"], text=True, stdout=subprocess.PIPE, check=False)
    return found.stdout.split()


def make(*names):
    for name in names:
        kennel("create", name, "--image", os.environ["KENNEL_REF"])
    return [pets()[name]["id"] for name in names]


def remove(*names):
    kennel("rm", "--force", "--yes", *names)


class Started(Window):
    """The app that the bus has started, ended with the test."""

    def __init__(self):  # pylint: disable=super-init-not-called
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.shot("failed-search")
        pid = owner()
        if pid:
            os.kill(pid, signal.SIGTERM)
            wait("the app has ended", lambda: not owner())

    def application(self):
        desktop = pyatspi.Registry.getDesktop(0)
        apps = (desktop.getChildAtIndex(i) for i in range(desktop.childCount))
        return next((app for app in apps if app is not None and app.name == "kennel-desktop"), None)


def selected(window):
    """The pet whose page is shown."""
    row = window.find("list item", where=lambda node: has_state(node, pyatspi.STATE_SELECTED))
    return row.name.split(",")[0].split("\n")[0].strip() if row else None


def ends():
    """Nobody asks any more: the app ends by itself, and its engine with it."""
    wait("the app ends by itself", lambda: not owner(), 12)
    wait("and its engine", lambda: not any(" serve " in f"{command} " for command in processes().values()))


def hidden():
    """The app answers without a window, and ends soon after."""
    webshop, web, thesis = make("webshop", "web", "thesis")
    kennel("start", "thesis")
    before = windows()
    check(owner() is None, "the app does not run")
    begin = time.monotonic()
    found = find("web")
    print(f"gui: the first answer took {1000 * (time.monotonic() - begin):.0f} ms", flush=True)
    check(found == [web, webshop], "the nearest name comes first")
    check(owner() is not None, "the bus has started the app")
    begin = time.monotonic()
    check(call("GetSubsearchResultSet", "(asas)", found, ["webs"]) == [webshop], "another letter finds less")
    print(f"gui: the next one {1000 * (time.monotonic() - begin):.0f} ms", flush=True)
    check(find("WEB", "shop") == [webshop], "every word must be found, in any case")
    check(find("no-such-pet") == [], "what is not there is not found")
    [about] = describe(thesis)
    check(about["id"] == thesis and about["name"] == "thesis", "a result has its name")
    check(about["description"].startswith("Running · "), f"and its state: {about['description']}")
    check(NAME in str(about["icon"]), "and an icon")
    check(describe("0123456789abcdef") == [], "of what is gone nothing is told")
    check(windows() == before, "there was no window")
    pid = owner()
    ends()
    wait("nothing of it is left", lambda: not os.path.exists(f"/proc/{pid}"))
    check(describe(webshop, thesis)[0]["name"] == "webshop", "started anew it still knows what was found")
    check(windows() == before, "without a window again")
    ends()
    check(pets()["thesis"]["state"] == "running", "the pet runs on")
    remove("webshop", "web", "thesis")


def shown():
    """A result that is chosen opens the window on that pet's page, whether there is one or not."""
    _, second = make("first", "second")
    check(find("second") == [second], "it is found")
    with Started() as window:
        call("ActivateResult", "(sasu)", second, ["second"], 0)
        wait("the window is there", window.application, 30)
        wait("its page is shown", lambda: selected(window) == "second")
        window.shot("search-chosen")
        first = find("first")
        call("ActivateResult", "(sasu)", first[0], ["first"], 0)
        wait("in the same window, another page", lambda: selected(window) == "first")
        time.sleep(7)
        check(owner() is not None, "the window stays")
        window.focus("Kennel")
        window.keys("ctrl+q")
        ends()
    remove("first", "second")


def listed():
    """“More” in the overview opens the window with the search in its list."""
    make("webshop", "thesis")
    with Started() as window:
        call("LaunchSearch", "(asu)", ["web", "shop"], 0)
        wait("the window is there", window.application, 30)
        wait("what is found is listed", lambda: window.row("webshop") and not window.row("thesis"))
        window.shot("search-list")
        window.focus("Kennel")
        window.type("s")
        wait("what is typed goes on with the words", lambda: window.says("No pet has this name"))
        window.keys("Escape")
        wait("all are listed again", lambda: window.row("thesis"))
    remove("webshop", "thesis")


def beside():
    """With a window open, the same process answers, with the same engine; and another engine when
    that was killed."""
    [identity] = make("alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        check(find("alp") == [identity], "it is found")
        check(owner() == window.process.pid, "by the process of the window")
        engines = lambda: [pid for pid, command in processes().items() if " serve " in f"{command} "]
        [engine] = engines()
        os.kill(engine, signal.SIGKILL)
        wait("the window says so", lambda: window.says("The engine stopped"))
        check(find("alp") == [identity], "another engine finds it")
        window.press("Start It Again")
        wait("the window is content again", lambda: not window.says("The engine stopped"))
        check(len(engines()) == 1, "which the window has as well")
    remove("alpha")


def nothing():
    """An app that has no engine finds nothing, in silence, and shows no window."""
    before = windows()
    check(find("web") == [] and windows() == before, "nothing is found")
    try:
        call("GetResultMetas", "(s)", "web")
    except GLib.Error:
        print("gui: what is no call is refused", flush=True)
    else:
        raise Failure("a call with other arguments was answered")
    ends()


main(hidden, shown, listed, beside, nothing)
