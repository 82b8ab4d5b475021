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


def shared(name):
    """The words of what the pet is given."""
    return [share["word"] for share in chosen(name)["shares"]]


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
        window.click_row("Files and System")
        window.toggle("All Files of This Computer")
        wait("it is written down", lambda: "host-files" not in shared("shares"))
        wait("a restart is offered", lambda: window.says("shares keeps its old settings until it is restarted"))
        check(inside("shares", "test", "-e", "/run/host/etc"), "the running pet is as it was")
        window.scroll_to(window.find("label", "All Files of This Computer"))
        window.shot("settings-restart")
        window.press("Restart")
        wait("the offer is gone when the pet runs anew", lambda: not window.says("keeps its old settings"))
        wait("it runs", lambda: pets()["shares"]["state"] == "running")
        check(not inside("shares", "test", "-e", "/run/host/etc"), "the pet sees those files no more")
        window.press("Reset")
        wait("the preset is taken anew", lambda: "host-files" in shared("shares"))
        wait("a restart is offered again", lambda: window.says("keeps its old settings"))
        window.toggle("All Files of This Computer")
        wait("as it runs now, it needs none", lambda: not window.says("keeps its old settings"))
    kennel("rm", "--force", "--yes", "shares")


def ports():
    """A port is checked while it is typed; a choice that does not go with it goes back."""
    made("ports", "--network", "private")
    with Window() as window:
        open_settings(window, "ports")
        window.set_text("Add Port", "eighty")
        wait("what is no port is said at once", lambda: window.says("Enter the port of this computer"))
        window.scroll_to(window.find("label", "Environment Variables"))
        window.shot("port-wrong")
        window.set_text("Add Port", "8080:80")
        wait("what is one is not complained about", lambda: not window.says("Enter the port"))
        window.add("Add Port")
        wait("it is listed", lambda: window.button("Remove port 8080"))
        check(chosen("ports")["ports"] == ["8080:80"], "and written down")
        window.select("Connection", "Up")
        wait("why not is said", lambda: window.says("can only lead into a pet with a private network"))
        window.shot("port-refused")
        window.press("Close", inside=window.find("dialog"))
        wait("the row went back", lambda: window.says("It reaches the internet, but no program on this computer."))
        check(chosen("ports")["network"] == "private", "nothing was changed")
        window.press("Remove port 8080")
        wait("it is gone", lambda: not window.button("Remove port 8080"))
        window.select("Connection", "Up")
        wait("now the network can be another one", lambda: chosen("ports")["network"] == "host")
        wait("to which no ports lead", lambda: not window.says("Add Port"))
    kennel("rm", "--force", "--yes", "ports")


def folders():
    """A folder is added to be read, then to be changed."""
    folder = os.path.join(HOME, "papers")
    os.makedirs(folder)
    draft = os.path.join(folder, "draft")
    with open(draft, "w") as file:
        file.write("one\n")
    made("reads", "--preset", "sealed")
    with Window() as window:
        open_settings(window, "reads")
        window.click_row("Add Folder…")
        window.choose_path(folder)
        wait("it is listed", lambda: window.says("~/papers"))
        check(window.says("It can only read it."), "to read only")
        check(inside("reads", "grep", "one", draft), "the pet reads what is in it")
        check(not inside("reads", "touch", draft), "and cannot change it")
        window.press("~/papers: read only")
        wait("it may be changed", lambda: window.says("It can read and change it."))
        wait("after a restart", lambda: window.button("Restart"))
        window.scroll_to(window.find("label", "Rights Inside"))
        window.shot("folders")
        window.press("Restart")
        wait("the pet can change it", lambda: pets()["reads"]["state"] == "running" and inside("reads", "touch", draft))
        window.press("Remove ~/papers")
        wait("it is taken away", lambda: chosen("reads").get("mounts", []) == [])
        window.press("Choose Project Folder")
        window.choose_path(folder)
        wait("it is the project folder", lambda: chosen("reads").get("project") == folder)
        window.scroll_to(window.find("label", "Rights Inside"))
        window.shot("project-folder")
        window.press("No Project Folder")
        wait("that is taken away, too", lambda: "project" not in chosen("reads"))
        wait("and the row says so", lambda: not window.button("No Project Folder"))
    kennel("rm", "--force", "--yes", "reads")


def typed():
    """What is typed is checked, applied with Enter, and taken away when it is emptied."""
    made("typed")
    with Window() as window:
        open_settings(window, "typed")
        window.type_into("Add Variable", "GREETING=hello there")
        wait("the variable is listed", lambda: window.button("Remove GREETING"))
        # Where limits cannot be enforced, only one that is there can be taken away.
        if limited := not window.says("Limits Cannot Be Enforced"):
            window.toggle("Memory")
            wait("memory is limited", lambda: chosen("typed")["limits"].get("memory"))
            window.type_into("Memory", "much")
            wait("what is no size is said at once", lambda: window.says("Enter a number with K, M, G or T"))
            window.type_into("Memory", "1.5G")
            wait("a limit is written down", lambda: chosen("typed")["limits"].get("memory") == 1536 << 20)
            wait("and shown as it is", lambda: window.text_of("Memory") == "1536M")
        window.click_row("Advanced")
        window.type_into("Host Name Inside", "work-shop")
        wait("a host name is", lambda: chosen("typed").get("hostname") == "work-shop")
        window.type_into("Add Limit for Each Process", "nofile=512")
        wait("a limit of each process is", lambda: chosen("typed").get("ulimits") == ["nofile=512"])
        window.scroll_to(window.find("label", "nofile"))
        window.shot("typed")
        check(inside("typed", "sh", "-c", '[ "$GREETING" = "hello there" ] && [ "$(hostname)" = work-shop ] && [ "$(ulimit -n)" = 512 ]'), "all of it holds in the pet")
        window.press("Remove nofile")
        wait("the limit of each process is gone", lambda: chosen("typed").get("ulimits", []) == [])
        window.type_into("Folder Where Shells Start", "/var/tmp")
        wait("a first folder is", lambda: chosen("typed").get("workdir") == "/var/tmp")
        window.type_into("Folder Where Shells Start", "")
        wait("an empty row is none", lambda: "workdir" not in chosen("typed"))
        window.type_into("Host Name Inside", "")
        wait("an empty host name is the pet's", lambda: "hostname" not in chosen("typed"))
        wait("and that is shown", lambda: window.text_of("Host Name Inside") == "typed")
        if limited:
            window.type_into("Memory", "")
            wait("an empty row is no limit", lambda: "memory" not in chosen("typed")["limits"])
        window.press("Remove GREETING")
        wait("the variable is gone", lambda: chosen("typed").get("env", {}) == {})
    kennel("rm", "--force", "--yes", "typed")


def narrow():
    """Nothing is cut off on a narrow window."""
    made("narrow", "--network", "private", "--port", "8080:80", "--mount", "/usr/share:/usr/share:ro", "--env", "EDITOR=nano")
    kennel("start", "narrow")
    with Window() as window:
        window.resize(360, 600)
        open_settings(window, "narrow")
        window.shot("narrow-settings")
        window.click_row("Windows and Sound")
        window.toggle("Sound and Microphones")
        wait("a restart is offered", lambda: window.button("Restart"))
        for title in ("Sound and Microphones", "Network", "Environment Variables", "Advanced"):
            window.scroll_to(window.find("label", title))
            window.shot(f"narrow-{title.split()[0].lower()}")
            check(not window.beyond(360), f"all is in the window around {title}")
        window.tab("Overview")
        wait("the overview says what it can reach", lambda: window.says("Comfortable, With Changes"))
        window.click_row("Comfortable, With Changes")
        window.scroll_to(window.find("label", "Graphics Card"))
        window.shot("narrow-reach")
    kennel("rm", "--force", "--yes", "narrow")


main(rename, sharing, ports, folders, typed, narrow)
