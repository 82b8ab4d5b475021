#!/usr/bin/env python3
"""Signs an image in a plain-http registry as `cosign sign --key` does. sign.py HOST:PORT REPOSITORY DIGEST KEY [IDENTITY]

KEY is a private key in PEM form; openssl signs. IDENTITY is the repository the signature names, by
default the true one."""

import base64
import json
import subprocess
import sys

from odd_images import OCI, Repository


def payload(identity, digest):
    return json.dumps({
        "critical": {
            "identity": {"docker-reference": identity},
            "image": {"docker-manifest-digest": digest},
            "type": "cosign container image signature",
        },
        "optional": None,
    }).encode()


def main():
    registry, name, digest, key, *identity = sys.argv[1:]
    document = payload(identity[0] if identity else f"{registry}/{name}", digest)
    signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=document, capture_output=True, check=True)
    repository = Repository(registry, name)
    layer = repository.blob(document, "application/vnd.dev.cosign.simplesigning.v1+json")
    layer["annotations"] = {"dev.cosignproject.cosign/signature": base64.b64encode(signed.stdout).decode()}
    config = repository.blob(b"{}", OCI + "config.v1+json")
    repository.manifest({"config": config, "layers": [layer]}, OCI + "manifest.v1+json",
                        "sha256-" + digest.removeprefix("sha256:") + ".sig")


if __name__ == "__main__":
    main()
