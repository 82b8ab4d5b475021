"""The languages that the window is translated into, for a computer that need not have their locales."""

import gettext
import os
import pathlib
import shutil
import subprocess

CATALOGS = pathlib.Path(shutil.which("kennel-desktop")).resolve().parent.parent / "share/locale"
LOCALES = {"ar": "ar_EG", "de": "de_DE", "es": "es_ES", "fr": "fr_FR", "zh_CN": "zh_CN"}


def locale(language):
    """The environment of a person who reads that language."""
    name, directory = LOCALES[language], os.path.abspath("locales")
    os.makedirs(directory, exist_ok=True)
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", f"{directory}/{name}.UTF-8"], check=False, stderr=subprocess.DEVNULL)
    return {"LOCPATH": directory, "LANG": f"{name}.UTF-8", "LC_ALL": f"{name}.UTF-8"}


def catalog(language):
    """What turns English words of the window into that language's."""
    translated = gettext.translation("kennel", CATALOGS, [language]).gettext

    def say(text):
        # With a letter that chooses it, it is another text for the translators.
        forms = (text, *(f"{text[:at]}_{text[at:]}" for at in range(len(text))))
        return next((translated(form).replace("_", "") for form in forms if translated(form) != form), text)

    return say
