#!/usr/bin/python3
"""What a project file asks for is read by the person before anything is made or run."""

import json
import os

from driver import Window, check, kennel, main, pets, wait

REFERENCE = os.environ["KENNEL_REF"]
HOME = os.environ["HOME"]


def project(name, text):
    """A project folder with this kennel.toml."""
    folder = os.path.join(HOME, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "kennel.toml"), "w") as file:
        file.write(text)
    return folder


def choose(window, folder):
    either = lambda: window.button("New Pet…") or window.button("New Pet")
    button, _ = wait("a pet can be made", either)
    window.press(button.name)
    window.press("Choose Folder…")
    window.choose_path(folder)


def approved():
    """Everything is shown first; Create on that page makes it, under the name that was typed."""
    command = "echo effect > made  # \\u202e hidden"
    folder = project("webshop", f"""image = "{REFERENCE}"
preset = "project"
shares = ["ssh-agent"]
network = "private"
ports = ["8080:80"]
setup = ["{command}", {{ run = "touch /root-was-here", user = "root" }}]
each_start = ["date >> starts"]
[env]
NODE_ENV = "development"
""")
    with Window() as window:
        choose(window, folder)
        wait("the file is offered", lambda: window.says("webshop has kennel.toml"))
        wait("it takes the place of the form", lambda: not window.says("Which System?"))
        window.shot("offered")
        window.toggle("webshop has kennel.toml")
        wait("the form can be used instead", lambda: window.says("Which System?") and window.button("Create"))
        window.toggle("webshop has kennel.toml")
        window.set_text("Name", "shop")
        window.press("Review…")
        wait("the image is judged", lambda: window.says("On this computer: nothing is downloaded."))
        check(not pets(), "nothing is made yet")
        check(not os.path.exists(f"{folder}/made"), "and nothing has run")
        window.shot("review")
        listed = lambda: [node.name for node in window.nodes()]
        for text in ("Project Only, With Changes", "Port 8080", "SSH Keys", "NODE_ENV", "development", "By the pet’s root", "touch /root-was-here", "date >> starts"):
            wait(f"it lists {text}", lambda: text in listed() or scrolled_to(window, text))
        check(window.find("label", "echo effect > made  # \\u{202e} hidden") or scrolled_to(window, "echo effect > made  # \\u{202e} hidden"), "nothing in a command is hidden")
        window.shot("review-end")
        window.resize(360, 600)
        check(not window.beyond(360), "all of it fits a narrow window")
        window.shot("review-narrow")
        window.resize(980, 640)
        window.press("Create")
        wait("the pet has the typed name", lambda: "shop" in pets(), 60)
        window.wait_for_prompt()
        check(open(f"{folder}/made").read() == "effect\n", "what it runs has run")
        check(json.loads(kennel("show", "shop", "--json"))["ports"] == ["8080:80"], "the port leads into it")
        wait("the window shows it", lambda: "Running" in window.row("shop"))
    kennel("rm", "--force", "--yes", "shop")


def scrolled_to(window, text):
    """Turns the wheel until this is on the screen."""
    for _ in range(40):
        frame = window.find("frame", "Kennel").queryComponent().getExtents(0)
        window.tool("mousemove", frame.x + frame.width // 2, frame.y + frame.height // 2, "click", 5)
        if window.find("label", text):
            return True
    return False


def broken():
    """A file that is not right says where; the form can be used without it."""
    folder = project("broken", f'image = "{REFERENCE}"\nprest = "sealed"\n')
    with Window() as window:
        choose(window, folder)
        wait("the line is named", lambda: window.says("~/broken/kennel.toml:2:1"))
        window.shot("broken-file")
        check(window.button("Create") and window.says("Which System?"), "the form is there")
        with open(f"{folder}/kennel.toml", "w") as file:
            file.write(f'image = "{REFERENCE}"\n')
        window.press("Choose Folder…")
        window.choose_path(folder)
        wait("when it is mended it is offered", lambda: window.says("broken has kennel.toml"))
        check(not window.says("kennel.toml:2:1"), "and nothing is wrong with it")
        window.press("No Project Folder")
        wait("without a folder there is none", lambda: not window.says("has kennel.toml") and window.button("Create"))
        window.press("Cancel")
    check(not pets(), "nothing was made")


def setup():
    """The page says which step runs, what it prints and which one failed, which is tried again."""
    folder = project("site", f"""image = "{REFERENCE}"
setup = [
    {{ name = "waiting", run = "echo first words; until test -e go; do sleep 0.1; done" }},
    {{ name = "second", run = "echo why it failed >&2; test -e mended || exit 7" }},
    "echo third >> third",
]
each_start = ["echo started >> starts"]
""")
    with Window() as window:
        choose(window, folder)
        window.press("Review…")
        window.press("Create")
        wait("the row says what runs", lambda: "Setting up: waiting (1 of 4)" in window.row("site"), 60)
        window.click(window.find("list item", "site"))
        window.press("Show Log")
        wait("the log has what it printed", lambda: "first words" in window.text_of("Setup Log"))
        window.shot("setup-log")
        window.keys("Escape")
        wait("the log is closed", lambda: not window.text_of("Setup Log"))
        window.shot("setup-runs")
        open(f"{folder}/go", "w").close()
        stopped = "The setup stopped at “second”: status 7"
        wait("the step that failed is named", lambda: window.says(stopped))
        window.wait_for_prompt()
        window.shot("setup-failed")
        window.tab("Overview")
        wait("the overview tells it too", lambda: window.says("The steps after it were not run."))
        window.press("Show Log")
        wait("the log says why", lambda: "why it failed" in window.text_of("Setup Log"))
        window.keys("Escape")
        wait("the log is closed again", lambda: not window.text_of("Setup Log"))
        window.resize(360, 600)
        wait("it fits a narrow window", lambda: window.button("Try Again") and not window.beyond(360))
        window.shot("setup-narrow")
        window.resize(980, 640)
        window.press("Try Again")
        wait("it is tried", lambda: kennel("logs", "site").count("why it failed") == 2)
        wait("and fails again", lambda: window.says(stopped) and window.button("Try Again"))
        window.tab("Terminal")
        window.wait_for_prompt()
        window.click(window.find("terminal"))
        window.type("touch mended\n")
        wait("what was wrong is mended in the terminal", lambda: os.path.exists(f"{folder}/mended"))
        window.press("Try Again")
        wait("the rest is run", lambda: os.path.exists(f"{folder}/starts"))
        wait("and nothing is wrong any more", lambda: not window.says(stopped) and not window.button("Try Again"))
        check(open(f"{folder}/third").read() == "third\n", "each step ran once")
        kennel("stop", "site")
        window.tab("Overview")
        wait("it is stopped", lambda: "Stopped" in window.row("site"))
        window.press("Open Terminal")
        wait("a terminal starts it with what is run at each start", lambda: open(f"{folder}/starts").read().count("started") == 2)
        window.wait_for_prompt()
    kennel("rm", "--force", "--yes", "site")


def hanging():
    """A step that hangs, with children that do not listen, is ended from the window; the pet is there to mend it."""
    folder = project("stuck", f"""image = "{REFERENCE}"
setup = [{{ name = "hangs", run = "trap '' TERM; touch begun; sleep 4717 & setsid sleep 4717 & sleep 4717" }}]
""")
    with Window() as window:
        choose(window, folder)
        window.press("Review…")
        window.press("Create")
        wait("the row says what runs", lambda: "Setting up: hangs (1 of 1)" in window.row("stuck") and os.path.exists(f"{folder}/begun"), 60)
        window.click(window.find("list item", "stuck"))
        wait("it can be ended", lambda: window.button("Cancel"))
        window.shot("setup-hangs")
        window.press("Cancel")
        wait("it is ended", lambda: "Setting up" not in window.row("stuck"), 20)
        wait("the page says which step was ended", lambda: window.says("The setup stopped at “hangs”: cancelled"), 20)
        window.shot("setup-cancelled")
        check(kennel("run", "stuck", "--", "sh", "-c", "pgrep -fc '[s]leep 4717' || true").strip() == "0", "nothing of it runs on")
    kennel("rm", "--force", "--yes", "stuck")


main(approved, broken, setup, hanging)
