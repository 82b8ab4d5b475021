#!/usr/bin/env python3
"""Reads the manifest, the one place that says what the Flatpak is.

    manifest.py [--devel] show KEY       id, command or cleanup, finish-args: one a line
    manifest.py [--devel] write VENDOR   the manifest for flatpak-builder, with crates from VENDOR

The development profile differs in its id and in one option of the build."""

import argparse
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The build in the sandbox has no network: crates come from the folder that `cargo vendor` made.
CARGO_CONFIG = """[source.crates-io]
replace-with = "vendored-sources"
[source.vendored-sources]
directory = "vendor"
"""


def manifest(devel: bool) -> dict:
    read = json.loads((HERE / "io.github.kennel.Kennel.json").read_text())
    if devel:
        read["id"] += ".Devel"
        read["modules"][-1]["config-opts"].append("-Dprofile=development")
    return read


def for_builder(read: dict, vendor: str) -> dict:
    sources = read["modules"][-1]["sources"]
    sources[0]["path"] = str(HERE.parent)
    sources.append({"type": "dir", "path": vendor, "dest": "vendor"})
    sources.append(
        {"type": "inline", "dest": ".cargo", "dest-filename": "config.toml", "contents": CARGO_CONFIG}
    )
    return read


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--devel", action="store_true")
    parser.add_argument("verb", choices=["show", "write"])
    parser.add_argument("what")
    arguments = parser.parse_args()
    read = manifest(arguments.devel)
    if arguments.verb == "write":
        print(json.dumps(for_builder(read, arguments.what), indent=4))
        return
    value = read[arguments.what]
    print("\n".join([value] if isinstance(value, str) else value))


if __name__ == "__main__":
    main()
