#!/usr/bin/env python3
"""Checks a Ferry proof against an image, written from docs/specs/manifest.md alone.

Shares no code with Ferry: the standard library, and the `openssl` program for certificates and signature.
Usage: check_proof.py PROOF IMAGE [CA.PEM]. Exit status: 0 equal, 2 not a proof, 3 not equal or not to be trusted.
"""

import calendar
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time

BLOCK = 4096
REGION_BLOCKS = 256
REGION = BLOCK * REGION_BLOCKS
ZERO, UNUSED, CHUNK, DAMAGED = range(4)
KEYS = (
    "schema volume volume-id agent disk-identity disk-size block-size region-size cut-rule pass generation "
    "consistency started-at ended-at verified-at signed-at root manifest-bytes data-bytes zero-bytes unused-bytes "
    "damaged-bytes certificates release"
).split()
NUMBERS = [key for key in KEYS if key.endswith("-bytes") or key in ("disk-size", "cut-rule", "pass", "generation")]


class Malformed(Exception):
    """The file is not a proof."""


class Refused(Exception):
    """The proof does not hold, or the image is another."""


def require(condition, text, error=Malformed):
    if not condition:
        raise error(text)


def take_line(file):
    line = file.readline(64)
    require(line.endswith(b"\n"), "a line between the parts is missing")
    return line[:-1]


def take_length(file, name, most):
    match = re.fullmatch(name.encode() + rb" (0|[1-9][0-9]{0,19})", take_line(file))
    require(match and int(match[1]) <= most, f"there is no {name} in its place")
    return int(match[1])


def take_part(file, name, most):
    length = take_length(file, name, most)
    part = file.read(length)
    require(len(part) == length, f"the {name} is cut off")
    return part


def parse_statement(data):
    require(data.endswith(b"\n"), "the statement does not end with a line")
    lines = data[:-1].split(b"\n")
    require(len(lines) == len(KEYS), "the statement has another number of lines")
    fields = {}
    for key, line in zip(KEYS, lines):
        require(all(0x20 <= byte <= 0x7E for byte in line), f"{key} is not printable")
        require(line.startswith(key.encode() + b" "), f"there is no {key} in its place")
        fields[key] = line[len(key) + 1 :].decode("ascii")
    for key in NUMBERS:
        require(re.fullmatch(r"0|[1-9][0-9]{0,19}", fields[key]), f"{key} is not a number")
        fields[key] = int(fields[key])
    require(fields["schema"] == "ferry-proof/1", "another version")
    require(fields["block-size"] == str(BLOCK) and fields["region-size"] == str(REGION), "another version")
    require(0 < fields["disk-size"] <= REGION << 32, "no disk is that large")
    require(fields["consistency"] in ("consistent", "fuzzy"), "no such consistency")
    for key in ("root", "certificates"):
        require(re.fullmatch(r"[0-9a-f]{64}", fields[key]), f"{key} is not a digest")
    for key in ("started-at", "ended-at", "verified-at", "signed-at"):
        require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", fields[key]), f"{key} is not a time")
    return fields


def openssl(*words):
    return subprocess.run(["openssl", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)


def check_signature(statement, fields, signature, certificates, authority):
    require(hashlib.sha256(certificates).hexdigest() == fields["certificates"], "other certificates", Refused)
    pems = re.findall(rb"-----BEGIN CERTIFICATE-----\n.*?-----END CERTIFICATE-----\n", certificates, re.DOTALL)
    require(len(pems) == 2 and b"".join(pems) == certificates, "there are not two certificates", Refused)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ("leaf", "ca", "key", "signature", "signed")}
        contents = {"leaf": pems[0], "ca": pems[1], "signature": signature, "signed": b"ferry proof 1\n" + statement}
        for name, content in contents.items():
            with open(paths[name], "wb") as file:
                file.write(content)
        moment = calendar.timegm(time.strptime(fields["signed-at"][:19], "%Y-%m-%dT%H:%M:%S"))
        trusted = authority or paths["ca"]
        chain = openssl("verify", "-attime", str(moment), "-CAfile", trusted, "-no-CApath", paths["leaf"])
        require(chain.returncode == 0, "the certificate does not come from the authority", Refused)
        text = openssl("x509", "-in", paths["leaf"], "-noout", "-ext", "subjectAltName,keyUsage").stdout.decode()
        require(re.search(r"URI:ferry://proof/[A-Za-z0-9._-]+\s", text), "it is no proof key's certificate", Refused)
        require("Non Repudiation" in text and "Digital Signature" not in text, "it is for another use", Refused)
        key = openssl("x509", "-in", paths["leaf"], "-noout", "-pubkey")
        with open(paths["key"], "wb") as file:
            file.write(key.stdout)
        words = ("-verify", "-pubin", "-inkey", paths["key"], "-rawin", "-in", paths["signed"])
        result = openssl("pkeyutl", *words, "-sigfile", paths["signature"])
        require(result.returncode == 0, "the signature is not over this statement", Refused)


class Tree:
    """RFC 6962, section 2.1: complete subtrees from left to right, joined when two are of one size."""

    def __init__(self):
        self.subtrees = []

    def append(self, leaf):
        self.subtrees.append((leaf, 1))
        while len(self.subtrees) > 1 and self.subtrees[-2][1] == self.subtrees[-1][1]:
            self.join()

    def join(self):
        (left, count), (right, more) = self.subtrees[-2:]
        self.subtrees[-2:] = [(hashlib.sha256(b"\1" + left + right).digest(), count + more)]

    def root(self):
        while len(self.subtrees) > 1:
            self.join()
        return self.subtrees[0][0].hex()


def take(file, count):
    data = file.read(count)
    require(len(data) == count, "the manifest is cut off")
    return data


def compare(file, image, fields):
    """Reads manifest and image side by side; returns the first place that differs, and checks the manifest."""
    size = fields["disk-size"]
    tree, sums, length, differs = Tree(), [0, 0, 0, 0], 0, None
    for start in range(0, size, REGION):
        left = min(REGION, size - start)
        encoded, place = b"", start
        while left > 0:
            head = take(file, 2)
            kind, count = head[0], (head[1] + 1) * BLOCK
            require(kind <= DAMAGED, "a run of no known kind")
            require(count <= -(-left // BLOCK) * BLOCK, "a run reaches beyond its region")
            count = min(count, left)
            digest = take(file, 32) if kind == CHUNK else b""
            content = image.read(count)
            right = hashlib.sha256(content).digest() == digest if kind == CHUNK else not any(content)
            if differs is None and not (right and len(content) == count):
                differs = place
            encoded += head + digest
            sums[kind] += count
            place += count
            left -= count
        tree.append(hashlib.sha256(b"\0" + encoded).digest())
        length += len(encoded)
    require(not file.read(1), "there is something behind the end")
    require(length == fields["manifest-bytes"], "the manifest is of another length")
    require(tree.root() == fields["root"], "the manifest is not the one that was signed", Refused)
    stated = [fields[key] for key in ("zero-bytes", "unused-bytes", "data-bytes", "damaged-bytes")]
    require(sums == stated, "the manifest does not add up", Refused)
    return differs


def check(proof, image, authority):
    with open(proof, "rb") as file, open(image, "rb", buffering=REGION) as content:
        require(take_line(file) == b"ferry proof file 1", "it is not a proof of version 1")
        statement = take_part(file, "statement", 65536)
        signature = take_part(file, "signature", 129)
        require(re.fullmatch(rb"[0-9a-f]{128}\n", signature), "the signature is not 128 digits")
        certificates = take_part(file, "certificates", 65536)
        fields = parse_statement(statement)
        length = take_length(file, "manifest", 8704 << 32)
        require(length == fields["manifest-bytes"], "two lengths of the manifest")
        check_signature(statement, fields, bytes.fromhex(signature[:-1].decode()), certificates, authority)
        differs = compare(file, content, fields)
        require(differs is None, f"the image differs at byte {differs}", Refused)
        require(not content.read(1), "the image is larger than the disk", Refused)
    return fields


def main(words):
    if len(words) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        fields = check(words[0], words[1], words[2] if len(words) == 3 else None)
    except (Malformed, ValueError) as error:
        print(f"not a proof: {error}")
        return 2
    except Refused as error:
        print(f"not equal: {error}")
        return 3
    print(f"equal: {fields['volume']} generation {fields['generation']} {fields['consistency']} {fields['root']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
