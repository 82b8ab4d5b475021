#!/usr/bin/env python3
"""Checks that each translation in a PO file has the placeholders of its text: {name}, no more and
no less; and a line end where it has one.

    tools/placeholders.py FILE.po
"""

import ast
import re
import sys

FIELD = re.compile(r"\{\w+\}")


def entries(path):
    entry, key = {}, None
    for line in [*open(path, encoding="utf-8"), "\n"]:
        line = line.rstrip("\n")
        if line.startswith("#~"):
            continue
        if match := re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?|msgctxt) (".*")$', line):
            key = match[1]
            entry[key] = ast.literal_eval(match[2])
        elif line.startswith('"') and key:
            entry[key] += ast.literal_eval(line)
        elif not line:
            if entry.get("msgid"):
                yield entry
            entry, key = {}, None


def main(path):
    wrong = 0
    for entry in entries(path):
        for key, translation in entry.items():
            if not key.startswith("msgstr") or not translation:
                continue
            # One thing may be said without its number.
            texts = [entry["msgid"], entry.get("msgid_plural", entry["msgid"])]
            fields = lambda text: sorted(set(FIELD.findall(text)))
            allowed = [fields(text) for text in texts]
            if len(texts) == 2 and "msgid_plural" in entry:
                allowed.append([field for field in allowed[1] if field not in ("{n}", "{count}")])
            if fields(translation) not in allowed:
                print(f"{path}: placeholders differ: {entry['msgid']!r} → {translation!r}", file=sys.stderr)
                wrong += 1
            if ("\n" in entry["msgid"]) != ("\n" in translation):
                print(f"{path}: line ends differ: {entry['msgid']!r}", file=sys.stderr)
                wrong += 1
    sys.exit(1 if wrong else 0)


main(sys.argv[1])
