#!/usr/bin/python3
"""The terminal: keys, find, size, paste, what is asked before it closes, what is there again."""

import os
import subprocess
import time

from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
CLOSE = "ctrl+shift+w"


class Pet:
    """A running pet in a window that shows its terminal."""

    def __init__(self, name, **environment):
        self.name = name
        kennel("create", name, "--image", REFERENCE)
        kennel("start", name)
        self.window = Window(**environment)

    def __enter__(self):
        window = self.window.__enter__()
        wait("the pet is listed", lambda: window.row(self.name))
        return window

    def __exit__(self, *error):
        self.window.__exit__(*error)
        kennel("rm", "--force", "--yes", self.name)


def opened(window):
    window.press("Open Terminal")
    window.wait_for_prompt()


def both_sizes(window, name):
    window.shot(name)
    listed = lambda: window.button("Search Pets") is not None
    window.resize(360, 640)
    wait("where the person works is alone", lambda: not listed())
    window.shot(f"{name}-narrow")
    window.resize(980, 640)
    wait("the list is there again", listed)


def keys():
    """Plain Ctrl keys reach the shell; the window's own do not act."""
    with Pet("keys") as window:
        measure(window)
        window.type("cat -v\n")
        for letter in "nidhbgq":
            if letter not in "d":
                window.keys("ctrl+v" if letter == "q" else f"ctrl+{letter}")
        window.keys("F10", "Return")
        wait("cat shows them", lambda: all(f"^{letter}" in window.terminal() for letter in "NBG"))
        check("^[[21~" in window.terminal(), "F10, too")
        check(not window.button("Create"), "no dialog opened")
        window.keys("ctrl+c")
        window.type("echo one two")
        window.keys("ctrl+w")
        window.type("three\n")
        wait("Ctrl+W rubs out a word", lambda: "one three" in window.terminal().split("\n"))
        window.type("rubbish")
        window.keys("ctrl+u")
        window.run("echo cl''ean", "clean")
        window.keys("ctrl+d")
        wait("Ctrl+D ends the shell", lambda: window.says("No Terminal Open"))


def measure(window):
    """From the click to the shell's first prompt, by the clock of both."""
    with open(os.path.expanduser("~/.bash_profile"), "w") as profile:
        profile.write("PROMPT_COMMAND='echo $EPOCHREALTIME >>~/prompts'\n")
    prompts = os.path.expanduser("~/prompts")
    open(prompts, "w").close()
    button, _ = wait("there is the button", lambda: window.button("Open Terminal"))
    begin = time.time()
    button.queryAction().doAction(0)
    wait("a prompt came", lambda: open(prompts).read())
    took = float(open(prompts).read().split()[0]) - begin
    figure = f"from the click to the prompt: {took * 1000:.0f} ms"
    print(f"gui: {figure}", flush=True)
    if os.environ.get("KENNEL_SHOTS"):
        with open(f"{os.environ['KENNEL_SHOTS']}/prompt", "a") as file:
            file.write(f"{figure}\n")
    os.remove(os.path.expanduser("~/.bash_profile"))
    os.remove(prompts)
    window.wait_for_prompt()


def finds():
    with Pet("finds") as window:
        opened(window)
        window.run("echo need''le; seq 100; echo do''ne", "done")
        window.keys("ctrl+shift+f")
        window.type("needle")
        wait("the bar is there", lambda: window.button("Next Match"))
        check(not window.says("No Match"), "it is found")
        both_sizes(window, "terminal-find")
        window.click(window.find("terminal"))
        window.keys("ctrl+shift+f", "End")
        window.type(".x")
        wait("what is not there is said", lambda: window.says("No Match"))
        window.keys("Escape")
        wait("the bar goes", lambda: not window.button("Next Match"))
        wide = columns(window, "before")
        window.keys("ctrl+plus", "ctrl+plus")
        wait("larger text leaves fewer columns", lambda: columns(window, str(time.monotonic())) < wide)
        both_sizes(window, "terminal-large")
        window.keys("ctrl+0")
        wait("and the usual size as many as before", lambda: columns(window, str(time.monotonic())) == wide)
        window.keys("ctrl+shift+t")
        wait("a second tab opens", lambda: window.find("page tab list") or True)
        window.keys("ctrl+shift+o")
        both_sizes(window, "terminal-overview")


def columns(window, mark):
    window.type(f"clear; echo {mark}=$(tput cols)\n")
    told = lambda: [line for line in (window.terminal() or "").split("\n") if line.startswith(f"{mark}=") and line[-1:].isdigit()]
    found, _ = wait("the width is told", told)
    return int(found[0].split("=")[1])


def pastes():
    with Pet("pastes") as window:
        opened(window)
        copy("echo pas''ted")
        window.keys("ctrl+shift+v", "Return")
        wait("a line is pasted", lambda: "pasted" in window.terminal().split("\n"))
        copy("sudo touch /srv/x\necho ran\n")
        window.keys("ctrl+shift+v")
        wait("root is asked about", lambda: window.says("Paste a Command That Runs as Root?"))
        both_sizes(window, "terminal-paste")
        window.press("Cancel")
        wait("the question goes", lambda: not window.says("Paste a Command That Runs as Root?"))
        check("touch" not in window.terminal(), "nothing was pasted")


def copy(text):
    subprocess.run(["xclip", "-selection", "clipboard"], input=text, text=True, check=True, timeout=20)


def closes():
    with Pet("closes") as window:
        opened(window)
        window.type("sleep 1000\n")
        window.keys(CLOSE)
        wait("it asks", lambda: window.says("sleep is still running in this terminal and ends with it."))
        both_sizes(window, "terminal-close")
        window.press("Cancel")
        wait("the tab stays", lambda: not window.says("Close Terminal?"))
        window.press("Close")
        wait("so does the window", lambda: window.says("Close Window?"))
        check(window.says("sleep in closes"), "it names the program and the pet")
        both_sizes(window, "terminal-close-window")
        window.press("Cancel")
        wait("the window is there", lambda: not window.says("Close Window?"))
        window.click(window.find("terminal"))
        window.keys("ctrl+c", CLOSE)
        wait("an idle one closes at once", lambda: window.says("No Terminal Open"))


def restored():
    with Pet("restored") as window:
        opened(window)
        window.run("cd /usr/share; echo the''re", "there")
        window.keys("ctrl+shift+t")
        wait("the next begins where the first is", lambda: "/usr/share" in (window.terminal() or ""))
        window.press("Close")
        wait("the window closes", lambda: window.process.poll() is not None)
        with Window() as again:
            wait("the pet is listed", lambda: again.row("restored"))
            again.tab("Terminal")
            again.wait_for_prompt()
            check("/usr/share" in again.terminal(), "a shell is there again, in the same directory")
            again.shot("terminal-restored")


def external():
    """A terminal that the person chose runs `kennel enter`."""
    script = os.path.expanduser("~/their-terminal")
    with open(script, "w") as file:
        file.write('#!/bin/sh\necho "$@" >~/their-arguments\nsleep 2\n')
    os.chmod(script, 0o755)
    config = os.path.join(os.environ["XDG_CONFIG_HOME"], "kennel")
    os.makedirs(config)
    with open(f"{config}/config.toml", "w") as file:
        file.write(f'version = 1\nterminal = "{script}"\n')
    arguments = os.path.expanduser("~/their-arguments")
    with Pet("external") as window:
        window.tab("Terminal")
        window.press("Open in External Terminal")
        wait("it was started", lambda: os.path.exists(arguments) and open(arguments).read())
        words = open(arguments).read().split()
        check(words[0] == "-e" and words[2:] == ["enter", "external"], "with the pet's shell")
        window.shot("terminal-none")
    os.remove(script)
    os.remove(arguments)


main(keys, finds, pastes, closes, restored, external)
