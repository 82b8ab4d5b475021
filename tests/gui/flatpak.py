"""The app as an installed Flatpak."""

import os
import pathlib
import subprocess

import pyatspi
from driver import Window, check, wait

APP = os.environ.get("KENNEL_FLATPAK", "io.github.kennel.Kennel")
DIRECTORY = "kennel-devel" if APP.endswith(".Devel") else "kennel"
COPIES = pathlib.Path(os.environ.get("XDG_DATA_HOME", os.path.expanduser("~/.local/share"))) / DIRECTORY / "bin"


class Sandboxed(Window):
    """The installed Flatpak's window."""

    def __init__(self, **environment):
        command = ["flatpak", "run", "--user", APP]
        self.process = subprocess.Popen(command, env={**os.environ, **environment})

    def application(self):
        # The process that the accessibility bus knows is the sandbox's proxy.
        desktop = pyatspi.Registry.getDesktop(0)
        apps = (desktop.getChildAtIndex(i) for i in range(desktop.childCount))
        return next((app for app in apps if app is not None and app.name in ("kennel-desktop", APP)), None)

    def __exit__(self, kind, error, trace):
        try:
            super().__exit__(kind, error, trace)
        finally:
            kill_app()


def kill_app():
    """As a crash would: with no chance to say goodbye."""
    subprocess.run(["flatpak", "kill", APP], check=False, stderr=subprocess.DEVNULL)
    instances = ["flatpak", "ps", "--columns=application"]
    wait("the app is gone", lambda: APP not in subprocess.run(instances, text=True, stdout=subprocess.PIPE).stdout)


def installed_copy():
    copies = [copy for copy in COPIES.iterdir() if len(copy.name) == 64]
    check(len(copies) == 1, f"one copy of the engine is installed: {copies}")
    check((COPIES / "current/kennel").resolve() == copies[0] / "kennel", "the lasting path leads there")
    sums = [subprocess.run(["sha256sum", copies[0] / "kennel"], text=True, stdout=subprocess.PIPE).stdout.split()[0]]
    check(sums == [copies[0].name], "its name is its content's digest")


def without_permission():
    override = ["flatpak", "override", "--user", APP]
    subprocess.run([*override, "--no-talk-name=org.freedesktop.Flatpak"], check=True)
    with Sandboxed() as window:
        wait("it says what it lacks", lambda: window.says("Kennel May Not Leave Its Sandbox"), 60)
        check(window.says(f"flatpak override --user --talk-name=org.freedesktop.Flatpak {APP}"), "and the command that gives it back")
        window.shot("sandboxed-not-permitted")
    subprocess.run([*override, "--talk-name=org.freedesktop.Flatpak"], check=True)
    with Sandboxed() as window:
        wait("with it, all is well", lambda: window.says("No Pets Yet"), 60)
    subprocess.run([*override, "--reset"], check=True)
