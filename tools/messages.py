#!/usr/bin/env python3
"""Checks that xgettext, which reads Rust as if it were C, misses no text for translation.

    tools/messages.py POT SOURCE…

Finds the calls of the gettext functions, and of those that make the engine's phrases, by itself and fails when a text of theirs is not in POT,
or when a call has no text to find.
"""

import ast
import re
import sys

CALL = re.compile(
    r"\b(?P<function>n|p|np)?gettext(?:_f)?\s*\(\s*"
    # The engine's texts; a method of this name has none.
    r"|(?<![.\w])(?:marked|phrase(?P<several>s)?)\s*\(\s*(?!\))"
)
# A literal may go on in the next line after a backslash, as Rust's do.
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
COMMENT = re.compile(r"^[ \t]*//.*$", re.M)
DEFINITION = re.compile(r"\bfn\s+$")


def text(literal):
    joined = re.sub(r"\\\n\s*", "", literal)
    return ast.literal_eval('"""' + joined[1:-1].replace('"""', r'\"\"\"') + '"""')


def calls(source):
    code = COMMENT.sub("", open(source, encoding="utf-8").read())
    code = code.split("#[cfg(test)]")[0]
    for call in CALL.finditer(code):
        before = code[: call.start()]
        # The functions themselves, and the one that hands its text on.
        if DEFINITION.search(before) or before.endswith("fill("):
            continue
        literals = 2 if call["function"] in ("n", "p") or call["several"] else 1
        rest, found = code[call.end():], []
        for _ in range(literals):
            literal = LITERAL.match(rest.lstrip(" ,\n"))
            if literal is None:
                break
            found.append(text(literal[0]))
            rest = rest.lstrip(" ,\n")[literal.end():]
        yield code.count("\n", 0, call.start()) + 1, found[1:] if call["function"] == "p" else found


def messages(pot):
    known, current = set(), None
    for line in open(pot, encoding="utf-8"):
        if match := re.match(r"(msgid|msgid_plural) (\".*\")$", line.rstrip("\n")):
            if current is not None:
                known.add(current)
            current = ast.literal_eval(match[2])
        elif line.startswith('"') and current is not None:
            current += ast.literal_eval(line.strip())
        elif current is not None:
            known.add(current)
            current = None
    return known | {current}


def main(pot, *sources):
    known, missed = messages(pot), 0
    for source in sources:
        for line, found in calls(source):
            if not found:
                print(f"{source}:{line}: a call without a text of its own", file=sys.stderr)
                missed += 1
            for message in found:
                if message not in known:
                    print(f"{source}:{line}: not extracted: {message!r}", file=sys.stderr)
                    missed += 1
    sys.exit(1 if missed else 0)


main(*sys.argv[1:])
