#!/usr/bin/python3
"""Choosing an image: from the catalog, by its reference, from a source that is not trusted."""

import glob
import os

from driver import Window, check, images, kennel, main, pets, wait

# In the registry, and nowhere else.
REGISTRY = os.environ.get("KENNEL_REGISTRY")
DEBIAN = f"{REGISTRY}/test/debian:1"


def another(window, reference):
    """Names an image that is not listed."""
    window.press("Choose Image…")
    window.press("Another Image…")
    window.set_text("Image Reference", reference)
    window.press("Use This Image")
    wait("the form is back, with the image", lambda: window.button("Choose Image…") and window.says(reference))


def from_the_catalog():
    """An image of the catalog is found, downloaded and entered."""
    check(DEBIAN not in images(), "the image is not on this computer")
    with Window() as window:
        window.open_new_pet("from-catalog")
        window.press("Choose Image…")
        wait("the catalog is listed", lambda: window.says("Fedora 4"))
        check(window.says("On This Computer"), "what is here comes first")
        window.shot("picker")
        window.resize(360, 640)
        wait("it fits a narrow window", lambda: window.find("list item", "Fedora 44") and window.button("Another Image…"))
        window.shot("picker-narrow")
        window.set_text("Search Images", "nothing-like-this")
        wait("it says that nothing is found", lambda: window.says("No Image Found"))
        window.set_text("Search Images", "team")
        row, _ = wait("it is found", lambda: window.find("list item", "Team Base 7"))
        check(not window.says("Fedora 4"), "what does not answer is gone")
        window.click(row)
        wait("the form shows it", lambda: window.button("Choose Image…") and window.says("Team Base 7"))
        wait("and where it is from", lambda: window.says(f"From {REGISTRY} · trusted"))
        window.shot("chosen")
        window.resize(980, 640)
        window.press("Create")
        wait("it is here", lambda: DEBIAN in images(), 120)
        window.wait_for_prompt()
        window.run("echo $((6*7))", "42")
        window.click(window.find(("page tab", "radio button", "toggle button"), "Overview"))
        wait("its page says where it came from", lambda: window.says(f"from {REGISTRY}/test/debian"))
        check(window.says("Not required"), "and that no signature was asked for")
        check(window.button("Copy Full Digest"), "and its digest")
        check(window.says(f"Asks {REGISTRY}"), "nobody is asked for a newer one yet")
        window.press("Check for a Newer Image")
        wait("its registry has no newer one", lambda: window.says("The image on this computer is the newest."), 30)
        window.shot("origin")
        kennel("rm", "--force", "--yes", "from-catalog")


def untrusted():
    """A bad reference shows its reason; a source that is not trusted is asked about, once."""
    with Window() as window:
        window.open_new_pet("careful")
        window.press("Choose Image…")
        window.press("Another Image…")
        for text, reason in [
            ("no-such-name", "the registry it is from"),
            ("quay.io/Team/x", "in lower case"),
            ("quay.io/team/x y", "without spaces"),
            ("/tmp/image.tar", "This is a file"),
        ]:
            window.set_text("Image Reference", text)
            wait(f"the reason is given: {reason}", lambda: window.says(reason))
            check(not window.is_sensitive("Use This Image"), "it cannot be used")
        window.shot("bad-reference")
        window.set_text("Image Reference", DEBIAN)
        window.press("Use This Image")
        wait("it says that the source is not trusted", lambda: window.says(f"From {REGISTRY} · not on your trusted list"))
        window.shot("untrusted")
        window.press("Create")
        question, _ = wait("it asks first", lambda: window.find("alert", where=lambda n: "Trust This Image Once?" in n.name))
        check(window.says("could read and change all your files"), "and says what may come of it")
        window.shot("trust")
        window.press("Cancel", inside=question)
        wait("the question is gone", lambda: not window.says("Trust This Image Once?"))
        check(pets() == {} and images() == [], "nothing was fetched")
        window.press("Create")
        question, _ = wait("it asks again", lambda: window.find("alert", where=lambda n: "Trust This Image Once?" in n.name))
        window.press("Trust Once", inside=question)
        wait("the pet is there", lambda: "careful" in pets(), 120)
        check(images() == [DEBIAN], "from that image")
        window.wait_for_prompt()
        kennel("rm", "--force", "--yes", "careful")


def refused():
    """What this computer does not allow cannot be created, and the reason is said."""
    with Window() as window:
        window.open_new_pet("never")
        another(window, DEBIAN)
        wait("it says why not", lambda: window.says("is not among the sources that this computer allows"))
        window.shot("refused")
        check(not window.is_sensitive("Create"), "Create cannot be pressed")
        window.press("Cancel")


def cancelled():
    """A download that is cancelled leaves no pet and no image, and is gone on with the next time."""
    with Window() as window:
        window.open_new_pet("half")
        another(window, DEBIAN)
        wait("the engine has answered", lambda: window.is_sensitive("Create"))
        window.press("Create")
        window.press("Trust Once")
        wait("it says how far it is", lambda: window.says("Downloading ") and downloaded() > 1_000_000, 60)
        window.shot("downloading")
        window.press("Cancel half")
        wait("the window says what is kept", lambda: window.says("What was downloaded is kept for the next try."))
        check(pets() == {} and images() == [], "there is no pet and no image")
        check(downloaded() > 0, "what was downloaded is kept")


def downloaded():
    """The bytes of unfinished downloads."""
    return sum(map(os.path.getsize, glob.glob(os.environ["XDG_DATA_HOME"] + "/kennel/downloads/*.partial")))


def listed(window, reference):
    """Opens the Images dialog, where the image is."""
    window.choose("Main Menu", 2)
    wait("the image is listed", lambda: window.button(f"Remove {reference}"))


def close_images(window):
    window.press("Close", inside=window.find("dialog", "Images"))
    wait("the dialog is closed", lambda: not window.button("Remove Unused"))


def is_gone(window, reference):
    wait("the window says so", lambda: window.says(f"{reference} was removed"))
    wait("its row is gone", lambda: not window.button(f"Remove {reference}"))


def removed():
    """An image is removed without a question, and can be had back while the window says so; the pet
    that was made from it goes on."""
    kennel("image", "import", os.environ["KENNEL_STARTER"])
    [reference] = images()
    kennel("create", "stays", "--image", reference)
    with Window() as window:
        wait("the pet is listed", lambda: window.row("stays") and not window.says("No Pets Yet"))
        listed(window, reference)
        check(window.says("is its own"), "with its size")
        window.shot("images")
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        window.shot("images-undo")
        check(images() == [reference], "nothing is deleted yet")
        window.press("Undo")
        wait("it is listed again", lambda: window.button(f"Remove {reference}"))
        wait("and the toast is gone", lambda: not window.says("was removed"))
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        close_images(window)
        wait("the window goes on to say it", lambda: window.says(f"{reference} was removed"))
        window.shot("images-undo-closed")
        window.press("Undo")
        listed(window, reference)
        check(images() == [reference], "it was never deleted")
        window.keys("Escape")
        wait("Escape closes the dialog", lambda: not window.button("Remove Unused"))
        listed(window, reference)
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        window.keys("Escape")
        wait("Escape lets the toast go first", lambda: not window.says("was removed"))
        window.keys("Escape")
        wait("and then closes the dialog", lambda: not window.button("Remove Unused"))
        wait("the image is deleted", lambda: images() == [], 30)
        kennel("image", "import", os.environ["KENNEL_STARTER"])
        listed(window, reference)
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        wait("it is deleted when nobody wants it back", lambda: images() == [], 30)
        check(not window.says("was removed"), "after the window has stopped to say it")
        window.press("Remove Unused")
        wait("it says what was freed", lambda: window.says(" freed"))
        kennel("run", "stays", "--", "true")
        kennel("rm", "--force", "--yes", "stays")


def removal_cut_off():
    """A window that is killed while an image could still be had back deletes nothing; one that is
    closed deletes it at once."""
    kennel("image", "import", os.environ["KENNEL_STARTER"])
    [reference] = images()
    kennel("create", "stays", "--image", reference)
    with Window() as window:
        wait("the pet is listed", lambda: window.row("stays"))
        listed(window, reference)
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        window.process.kill()
        window.process.wait()
        check(images() == [reference], "it is there still")
    with Window() as window:
        wait("the pet is listed", lambda: window.row("stays"))
        listed(window, reference)
        window.press(f"Remove {reference}")
        is_gone(window, reference)
        close_images(window)
        window.keys("ctrl+q")
        wait("the app ends", lambda: window.process.poll() == 0, 7)
        check(images() == [], "and the image is deleted")
    kennel("rm", "--force", "--yes", "stays")


main(from_the_catalog, untrusted, refused, cancelled, removed, removal_cut_off)
