#!/usr/bin/python3
"""A pet's settings: every row is applied when it is changed, and what only a restart brings is said."""

import json
import os
import subprocess

from driver import Window, check, kennel, main, pets, wait

REFERENCE = os.environ["KENNEL_REF"]
HOME = os.environ["HOME"]


def chosen(name):
    """Everything that is chosen about the pet, as the command line shows it."""
    return json.loads(kennel("show", name, "--json"))


def inside(name, *command):
    """Whether the command succeeds in the pet."""
    return subprocess.run(["kennel", "run", name, "--", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def made(name, *options):
    kennel("create", name, "--image", REFERENCE, *options)


def open_settings(window, name):
    wait("the pet is listed", lambda: window.row(name))
    window.click(window.find("list item", name))
    wait("its page is there", lambda: window.button("Pet Menu"))
    window.tab("Settings")
    wait("its settings are there", lambda: window.says("Starting Point"))


def rename():
    """A name is checked while it is typed; a running pet is renamed too."""
    made("old-name")
    made("other")
    kennel("start", "old-name")
    with Window() as window:
        wait("the pets are listed", lambda: window.row("old-name"))
        window.click(window.find("list item", "old-name"))
        wait("its page is there", lambda: window.button("Stop"))
        window.choose("Pet Menu", 2)
        wait("it asks for a name", lambda: window.says("Rename old-name"))
        check(not window.is_sensitive("Rename"), "the same name is no new one")
        window.set_text("Name", "New Name")
        wait("what is no name is said at once", lambda: window.says("cannot be part of a name"))
        window.set_text("Name", "other")
        wait("so is a name that is taken", lambda: window.says("Another pet has this name already."))
        check(not window.is_sensitive("Rename"), "and neither can be given")
        window.shot("rename")
        window.set_text("Name", "new-name")
        window.press("Rename")
        wait("its row has the new name", lambda: window.row("new-name") and not window.row("old-name"))
        check(pets()["new-name"]["state"] == "running", "it runs on")
        window.choose("Pet Menu", 3)
        wait("a free name is proposed", lambda: window.text_of("Name") == "new-name-2")
        window.shot("another")
        window.press("Make")
        wait("the other one is listed", lambda: window.row("new-name-2"))
        check(chosen("new-name-2")["preset"] == chosen("new-name")["preset"], "with the same settings")
    for name in ("new-name", "new-name-2", "other"):
        kennel("rm", "--force", "--yes", name)


def sharing():
    """A switch takes something away from a running pet, once it was restarted."""
    made("shares")
    kennel("start", "shares")
    check(inside("shares", "test", "-e", "/run/host/etc"), "the pet sees the files of this computer")
    with Window() as window:
        open_settings(window, "shares")
        window.shot("settings")
        window.expand("Files and System")
        window.toggle("All Files of This Computer")
        wait("it is written down", lambda: "host-files" not in chosen("shares")["shares"])
        wait("a restart is offered", lambda: window.says("shares keeps its old settings until it is restarted"))
        check(inside("shares", "test", "-e", "/run/host/etc"), "the running pet is as it was")
        window.shot("settings-restart")
        window.press("Restart")
        wait("the offer is gone when the pet runs anew", lambda: not window.says("keeps its old settings"))
        wait("it runs", lambda: pets()["shares"]["state"] == "running")
        check(not inside("shares", "test", "-e", "/run/host/etc"), "the pet sees those files no more")
        window.press("Reset")
        wait("the preset is taken anew", lambda: "host-files" in chosen("shares")["shares"])
        wait("a restart is offered again", lambda: window.says("keeps its old settings"))
        window.toggle("All Files of This Computer")
        wait("as it runs now, it needs none", lambda: not window.says("keeps its old settings"))
    kennel("rm", "--force", "--yes", "shares")


def ports():
    """A port is checked while it is typed; a choice that does not go with it goes back."""
    made("ports", "--network", "private")
    with Window() as window:
        open_settings(window, "ports")
        window.set_text("Add a Port", "eighty")
        wait("what is no port is said at once", lambda: window.says("Write the port of this computer"))
        window.set_text("Add a Port", "8080:80")
        wait("what is one is not complained about", lambda: not window.says("Write the port"))
        window.press("Add a Port")
        wait("it is listed", lambda: window.button("Remove port 8080"))
        check(chosen("ports")["ports"] == ["8080:80"], "and written down")
        window.shot("ports")
        window.select("Network", up=1)
        wait("why not is said", lambda: window.says("can only lead into a pet with a private network"))
        window.shot("ports-refused")
        window.press("Close", inside=window.find("dialog"))
        wait("the row went back", lambda: window.says("It reaches the internet, but no program on this computer."))
        check(chosen("ports")["network"] == "private", "nothing was changed")
        window.press("Remove port 8080")
        wait("it is gone", lambda: chosen("ports").get("ports", []) == [])
    kennel("rm", "--force", "--yes", "ports")


def folders():
    """A folder is added to read, then to change; a variable, a limit and a host name are typed."""
    folder = os.path.join(HOME, "papers")
    os.makedirs(folder)
    with open(os.path.join(folder, "draft"), "w") as draft:
        draft.write("one\n")
    made("reads", "--preset", "sealed")
    with Window() as window:
        open_settings(window, "reads")
        window.press_row("Add Folder…")
        window.choose_path(folder)
        wait("it is listed", lambda: window.says("~/papers"))
        check(window.says("It may only read it"), "to read only")
        draft = os.path.join(folder, "draft")
        check(inside("reads", "grep", "one", draft), "the pet reads what is in it")
        check(not inside("reads", "touch", draft), "and cannot change it")
        window.press("~/papers: read only")
        wait("it may be changed", lambda: window.says("It may read and change it"))
        window.shot("folders")
        window.press("Restart")
        wait("the pet can change it", lambda: pets()["reads"]["state"] == "running" and inside("reads", "touch", draft))
        window.set_text("Add a Variable", "GREETING=hello there")
        window.press("Add a Variable")
        wait("the variable is listed", lambda: window.button("Remove GREETING"))
        check(inside("reads", "sh", "-c", '[ "$GREETING" = "hello there" ]') or window.says("keeps its old settings"), "and holds, or waits for a restart")
        window.shot("variables")
    kennel("rm", "--force", "--yes", "reads")


def narrow():
    """All of it can be used on a narrow window."""
    made("narrow", "--network", "private", "--publish", "8080:80")
    with Window() as window:
        window.resize(360, 600)
        open_settings(window, "narrow")
        window.shot("narrow-settings")
    kennel("rm", "--force", "--yes", "narrow")


main(rename, sharing, ports, folders, narrow)
