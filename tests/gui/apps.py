#!/usr/bin/python3
"""The apps of a pet, which a switch puts into the person's own app grid."""

import glob
import json
import os

import pyatspi
from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
EDITOR = """[Desktop Entry]
Type=Application
Name=Fish & <b>Chips</b>
Exec=true
"""


def entries():
    """What of pets is in the person's app grid."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return glob.glob(f"{data}/applications/kennel-*.desktop")


def exported():
    kennel("create", "office", "--image", REFERENCE)
    kennel("start", "office")
    with Window() as window:
        wait("the pet is listed", lambda: window.row("office"))
        window.click(window.find("list item", "office"))
        window.tab("Apps")
        wait("without apps it says how to get one", lambda: window.says("No Apps"))
        window.shot("apps-none")
        install = "mkdir -p /usr/share/applications && cat >/usr/share/applications/editor.desktop"
        kennel("run", "office", "--", "sudo", "-n", "sh", "-c", install, input=EDITOR)
        window.tab("Overview")
        window.tab("Apps")
        name = "Fish & <b>Chips</b>"
        wait("an app that was installed is listed", lambda: window.says(name))
        check(not entries(), "it is not among the person's yet")
        window.toggle(name)
        wait("a switch puts it there", lambda: entries())
        is_on = lambda: json.loads(kennel("apps", "office", "--json"))[0]["exported"]
        check(is_on(), "as the command line shows it too")
        window.shot("apps")
        window.resize(360, 600)
        wait("all is in a narrow window", lambda: window.find("page tab", "Apps") and not window.beyond(360))
        window.shot("apps-narrow")
        window.resize(980, 640)
        wait("the switch can be used again", lambda: window.is_sensitive(name) or window.says(name))
        window.toggle(name)
        wait("the switch takes it back", lambda: not entries())
        kennel("export", "app", "office", "editor")
        window.tab("Overview")
        window.tab("Apps")
        wait("the page is as things are", lambda: window.find(None, name, where=checked))
        check(entries(), "and changes nothing by being shown")
    kennel("rm", "--force", "--yes", "office")


def checked(node):
    return node.getState().contains(pyatspi.STATE_CHECKED)


main(exported)
