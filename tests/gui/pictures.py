#!/usr/bin/python3
"""Takes the pictures of the window that software centres and the README show, into $KENNEL_SHOTS:
the real app with real pets, at work on made-up projects."""

import os
import subprocess
import time

from dressed import SYSTEMS, dress
from driver import Window, kennel, main, wait
from look import compose, portrait, settings

HOME = os.environ["HOME"]
DEBIAN, FEDORA, UBUNTU = (reference for reference, _name, _version in SYSTEMS)
PROMPT = r"PS1='\[\e[1;34m\]\w\[\e[0m\]\$ '" + "\nalias ls='ls --color=auto'\n"
SHOP = {
    "app.py": "from shop import create_app\n\napp = create_app()\n",
    "shop/__init__.py": "def create_app():\n    ...\n",
    "templates/cart.html": "<h1>Your cart</h1>\n",
    "README.md": "# Webshop\n",
    "requirements.txt": "flask\n",
}
COMMITS = ("Show the cart", "Take orders", "Ask for a delivery date")
SESSION = ["git log --oneline", "ls", "sudo whoami", "ps -e -o pid,comm"]
# Works and rests, as a build does.
WORK = "while :; do for ((i = 0; i < 1500000; i++)); do :; done; sleep 1; done"
# With its shadow it is still no wider than 1000 pixels, the most that software centres take.
SIZE = (940, 620)


def git(*arguments):
    person = {"GIT_AUTHOR_NAME": "Mia", "GIT_AUTHOR_EMAIL": "mia@example.org", "GIT_COMMITTER_NAME": "Mia", "GIT_COMMITTER_EMAIL": "mia@example.org"}
    subprocess.run(["git", "-C", f"{HOME}/src/webshop", *arguments], check=True, env={**os.environ, **person}, stdout=subprocess.DEVNULL)


def projects():
    for path, content in SHOP.items():
        path = f"{HOME}/src/webshop/{path}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(content)
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    for message in COMMITS:
        git("commit", "--quiet", "--allow-empty", "--message", message)
    for name in ("thesis", "old-firmware"):
        os.makedirs(f"{HOME}/src/{name}", exist_ok=True)
    with open(f"{HOME}/.bash_profile", "w") as profile:
        profile.write(PROMPT)


def pets():
    for reference, name, version in SYSTEMS:
        dress(os.environ["KENNEL_STARTER"], "image.oci.tar", reference, name, version)
        kennel("image", "import", "image.oci.tar")
    os.remove("image.oci.tar")
    kennel("create", "webshop", "--image", DEBIAN, "--project", f"{HOME}/src/webshop")
    kennel("create", "thesis", "--image", FEDORA, "--project", f"{HOME}/src/thesis", "--preset", "project")
    kennel("create", "old-firmware", "--image", UBUNTU, "--project", f"{HOME}/src/old-firmware", "--preset", "project")
    kennel("create", "try-things", "--image", DEBIAN, "--preset", "sealed")
    for name in ("webshop", "try-things"):
        kennel("start", name)


def picture(window, name):
    window.resize(*SIZE)
    # Nothing is pointed at, and nothing moves.
    window.tool("mousemove", 1270, 790)
    time.sleep(0.7)
    portrait("Kennel", f"{os.environ['KENNEL_SHOTS']}/{name}.png")


def back(window):
    window.press("Back")
    wait("the overview is there", lambda: window.button("Open Terminal"))


def window():
    display = compose()
    settings(enable_animations=0, cursor_blink=0, font_name="Cantarell 11")
    projects()
    pets()
    work = subprocess.Popen(["kennel", "run", "webshop", "--", "bash", "-c", WORK])
    try:
        with Window() as shown:
            shown.resize(*SIZE)
            pictures(shown)
    finally:
        work.kill()
    del display


def pictures(window):
    """By the pointer first: a key would show what has the keyboard."""
    wait("the pets are there", lambda: window.row("webshop"))
    window.click(window.find("list item", "webshop"))
    wait("its page is there", lambda: window.says("~/src/webshop · ") and window.says(" % of "))
    window.click_row("Usage")
    wait("its usage is there", lambda: window.says("The Last Five Minutes"))
    # Only for the picture: a graph of some length.
    time.sleep(100)
    picture(window, "usage")
    back(window)
    picture(window, "overview")
    window.click_row("Security")
    wait("the report is there", lambda: window.says("What Holds It"))
    picture(window, "security")
    back(window)
    window.tab("Settings")
    wait("its settings are there", lambda: window.says("Starting Point"))
    window.click_row("Windows and Sound")
    wait("every share has a switch", lambda: window.find("label", "Fonts, Icons and Themes"))
    window.scroll_to(window.find("label", "Fonts, Icons and Themes"))
    picture(window, "sharing")
    window.tab("Overview")
    window.press("New Pet")
    wait("a pet can be made", lambda: window.is_sensitive("Create"))
    picture(window, "new-pet")
    window.press("Cancel")
    wait("the dialog is gone", lambda: not window.button("Create"))
    window.press("Open Terminal")
    window.wait_for_prompt()
    window.type("cd ~/src/webshop; clear\n")
    for line in SESSION:
        # sudo takes what is typed ahead for a password.
        wait("there is a prompt", lambda: window.terminal().rstrip().endswith("webshop$"))
        window.type(line + "\n")
        wait("the line is there", lambda: f"$ {line}\n" in window.terminal())
    wait("the answers are there", lambda: window.terminal().rstrip().endswith("webshop$") and "COMMAND" in window.terminal())
    picture(window, "terminal")


main(window)
