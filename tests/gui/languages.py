#!/usr/bin/python3
"""The window in each language that it is translated into, and from right to left where that is how
the language is read."""

import os
import tempfile

import pyatspi
from driver import Window, check, kennel, main, wait
from locales import CATALOGS, catalog, locale
from look import is_cut_short

REFERENCE = os.environ["KENNEL_REF"]
RIGHT_TO_LEFT = ("ar",)
# Names of the window's parts have to be those of the language, or the driver does not find them.
PARTS = ("No Pets Yet", "New Pet…", "Open Terminal", "Settings", "Sealed", "What It Can Reach")


def languages():
    found = sorted(path.name for path in CATALOGS.iterdir())
    check({"ar", "de", "es", "fr", "zh_CN"} <= set(found), f"there are catalogs: {found}")
    for language in found:
        _ = catalog(language)
        check(all(_(part) != part for part in PARTS), f"{language} has words of its own")
        with Window(**locale(language)) as window:
            wait(f"{language}: there is no pet", lambda: window.says(_("No Pets Yet")), 30)
            window.shot(f"language-{language}-empty")
            kennel("create", "abroad", "--image", REFERENCE)
            row, _took = wait(f"{language}: the pet is there", lambda: window.find("list item", "abroad"))
            window.click(row)
            button, _took = wait(f"{language}: its page is there", lambda: window.button(_("Open Terminal")))
            check(window.says(_("What It Can Reach")), f"{language}: it says what it can reach")
            page = button.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
            listed = row.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
            check((listed.x > page.x) == (language in RIGHT_TO_LEFT), f"{language}: the list is on its side")
            tabs = [node for tab in window.nodes() if tab.getRoleName() == "page tab" for node in window.nodes(tab)]
            check(len(tabs) >= 4, f"{language}: its pages are offered")
            cut = [node.name for node in tabs if node.getRoleName() == "label" and is_cut_short(node)]
            check(not cut, f"{language}: all of their captions is there, {cut} is cut")
            window.shot(f"language-{language}")
            kennel("rm", "--force", "--yes", "abroad")
            wait(f"{language}: it is gone", lambda: window.says(_("No Pets Yet")))


def engine():
    """What the engine says is in the person's language, with names and paths as they are."""
    project = tempfile.mkdtemp(prefix="project-", dir=os.environ["HOME"])
    kennel("create", "abroad", "--image", REFERENCE, "--project", project)
    os.rmdir(project)
    for language, what, todo, doctor, report in (
        ("de", f"{project}, das „abroad“ bekommt, ist nicht vorhanden", "kennel edit abroad --no-project",
         "Grenzen von Pets können nicht durchgesetzt werden.", "Ihr persönlicher Ordner ist freigegeben"),
        ("ar", f"\u2068{project}\u2069، المعطى إلى «\u2068abroad\u2069»، غير موجود", "kennel edit \u2068abroad\u2069 \u2068--no-project\u2069",
         "لا يمكن فرض حدود الرفقاء.", "مجلد منزلك مشترك"),
    ):
        _ = catalog(language)
        with Window(**locale(language)) as window:
            # A job's error.
            window.press(_("Start"))
            alert, _took = wait(f"{language}: a dialog says what is missing",
                                lambda: window.find("alert", where=lambda n: what in n.name))
            check(window.says(todo, inside=alert), f"{language}: and what to do")
            window.shot(f"language-{language}-error")
            window.press(_("Close"), inside=alert)
            cause = what.replace(os.environ["HOME"], "~")
            wait(f"{language}: the row says so", lambda: any(cause in text for text in window.row("abroad")))
            # The report.
            window.click_row(_("Security"))
            wait(f"{language}: a line of the report", lambda: window.says(report))
            window.shot(f"language-{language}-security")
            # A question's answer.
            window.keys("ctrl+d")
            wait(f"{language}: a finding of the doctor", lambda: window.says(doctor))
            window.shot(f"language-{language}-doctor")
    kennel("rm", "--force", "--yes", "abroad")


def told():
    """What happened, in the log and in the reasons beside what does not work, has no English word."""
    kennel("create", "before", "--image", REFERENCE)
    kennel("rename", "before", "abroad")
    kennel("start", "abroad")
    kennel("stop", "abroad")
    for language, titles, details in (
        ("de", ("abroad wurde umbenannt", "abroad wurde gestoppt"), ("vorher before", "aus ", "Rückgabewert: ")),
        ("ar", (), ("كان اسمه \u2068before\u2069", "من \u2068", "حالة الخروج: ")),
    ):
        _ = catalog(language)
        with Window(**locale(language)) as window:
            # The page that comes up with the pets would close the menu.
            wait(f"{language}: the pets are listed",
                 lambda: window.row("abroad") and window.button(_("Open Terminal")))
            window.choose(_("Main Menu"), 4)
            wait(f"{language}: the activity is there", lambda: window.says(_("Host Commands")))
            for part in (*titles, *details):
                wait(f"{language}: it says {part}",
                     lambda part=part: any(part in node.name for node in window.nodes()))
            left = [node.name for node in window.nodes()
                    for english in ("it was before", "exit status", f"from {REFERENCE}", "signal:")
                    if english in node.name]
            check(not left, f"{language}: nothing of it is English: {left}")
            window.shot(f"language-{language}-activity")
    kennel("rm", "--force", "--yes", "abroad")


main(languages, engine, told)
