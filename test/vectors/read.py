#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Reads the vectors of this folder with nothing but Python's standard library. An example to start from.

It checks the hash of every vector, patched ones included. Four structures it reads with offsets of its own, QuoteV4 (of
TDs), TdReport, TdxReportReq and TdxQuoteHdr: their values must be those in the vectors, and it must refuse what is to be
refused. Prints what it has done; exits with 1 after the first difference.
"""
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


class Refused(Exception):
    """These bytes are not what they should be."""


class Reader:
    """Takes fields from bytes up to `end`, and refuses to go past it."""

    def __init__(self, data, at=0, end=None, strict=False):
        self.data, self.at, self.strict = data, at, strict
        self.end = len(data) if end is None else end

    def take(self, size):
        if size > self.end - self.at:
            raise Refused(f"needs {size} bytes at {self.at}, {self.end - self.at} left")
        self.at += size
        return self.data[self.at - size : self.at]

    def hex(self, size):
        return self.take(size).hex()

    def number(self, size):
        value = int.from_bytes(self.take(size), "little")
        return f"0x{value:016x}" if size == 8 else value

    def reserved(self, size):
        value = self.take(size)
        if self.strict and any(value):
            raise Refused(f"reserved bytes in front of {self.at} are not zero")
        return value.hex()

    def flags(self, size, names):
        value = int.from_bytes(self.take(size), "little")
        if self.strict and value & ~sum(1 << bit for bit in names):
            raise Refused(f"unknown bits in front of {self.at}")
        return {"raw": f"0x{value:0{2 * size}x}", "flags": [names[bit] for bit in sorted(names) if value >> bit & 1]}

    def part(self, size):
        """A reader of the next bytes, which must be there."""
        start = self.at
        self.take(size)
        return Reader(self.data, start, self.at, self.strict)

    def finish(self):
        if self.at != self.end:
            raise Refused(f"{self.end - self.at} bytes too many at {self.at}")

    def fields(self, rows):
        """Rows of name, kind and size, in the order of the bytes."""
        return {name: getattr(self, kind)(*rest) for name, kind, *rest in rows}


TD_ATTRIBUTES = {
    0: "DEBUG", 4: "HGS_PLUS_PROF", 5: "PERF_PROF", 6: "PMT_PROF", 16: "ICSSD", 17: "SERVTD_EXT", 27: "LASS",
    28: "SEPT_VE_DISABLE", 29: "MIGRATABLE", 30: "PKS", 31: "KL", 62: "TPA", 63: "PERFMON",
}
XFAM = dict(enumerate((
    "X87 SSE AVX BNDREGS BNDCSR OPMASK ZMM_HI256 HI16_ZMM PT PKU PASID CET_U CET_S HDC UINTR LBR HWP XTILECFG XTILEDATA"
).split()))
SGX_FLAGS = {
    0: "INIT", 1: "DEBUG", 2: "MODE64BIT", 4: "PROVISIONKEY", 5: "EINITTOKENKEY", 6: "CET", 7: "KSS", 10: "AEXNOTIFY",
}
SGX_XFRM = {bit: XFAM[bit] for bit in (0, 1, 2, 3, 4, 5, 6, 7, 17, 18)} | {9: "PKRU"}
TDINFO_VALID = {0: "SERVTD_HASH", 8: "TD_ID", 9: "VMID"}


def rtmr(reader):
    return [reader.hex(48) for _ in range(4)]


def td_body(reader):
    return {
        **reader.fields([
            ("teeTcbSvn", "hex", 16), ("mrseam", "hex", 48), ("mrsignerseam", "hex", 48),
            ("seamattributes", "flags", 8, {}), ("tdattributes", "flags", 8, TD_ATTRIBUTES), ("xfam", "flags", 8, XFAM),
            ("mrtd", "hex", 48), ("mrconfigid", "hex", 48), ("mrowner", "hex", 48), ("mrownerconfig", "hex", 48),
        ]),
        "rtmr": rtmr(reader),
        "reportdata": reader.hex(64),
    }


def sgx_body(reader):
    return reader.fields([
        ("cpusvn", "hex", 16), ("miscselect", "flags", 4, {0: "EXINFO"}), ("reserved1", "reserved", 12),
        ("isvextprodid", "hex", 16), ("attributesFlags", "flags", 8, SGX_FLAGS), ("attributesXfrm", "flags", 8, SGX_XFRM),
        ("mrenclave", "hex", 32), ("reserved2", "reserved", 32), ("mrsigner", "hex", 32), ("reserved3", "reserved", 32),
        ("configid", "hex", 64), ("isvprodid", "number", 2), ("isvsvn", "number", 2), ("configsvn", "number", 2),
        ("reserved4", "reserved", 42), ("isvfamilyid", "hex", 16), ("reportdata", "hex", 64),
    ])


def ppid(reader, kind, size):
    """Certification data of types 1 to 3. Type 1 occurs without PCEID, too."""
    first = ("ppid", "hex", 16) if kind == 1 else ("encPpid", "hex", {2: 256, 3: 384}[kind])
    rows = [first, ("cpusvn", "hex", 16), ("pcesvn", "number", 2), ("pceid", "number", 2)]
    return reader.fields(rows[:3] if size == 34 and kind == 1 else rows)


def inner_certification(reader):
    kind, size = reader.number(2), reader.number(4)
    if kind == 6 or reader.strict and kind not in (1, 2, 3, 4, 5, 7):
        raise Refused(f"certification data type {kind}")
    part = reader.part(size)
    if kind in (1, 2, 3):
        data = ppid(part, kind, size)
    elif kind == 5:
        chain = part.take(size)
        data = {"pem": chain.decode()} if chain.isascii() else {"hex": chain.hex()}
    else:
        data = part.hex(size)
    part.finish()
    return {"certificationDataType": kind, "size": size, "certificationData": data}


def qe_report_certification(reader):
    value = {"qeReport": sgx_body(reader), "qeReportSignature": reader.hex(64)}
    size = reader.number(2)
    value["qeAuthenticationData"] = {"size": size, "data": reader.hex(size)}
    return {**value, "qeCertificationData": inner_certification(reader)}


def signature_data(reader):
    value = {"quoteSignature": reader.hex(64), "ecdsaAttestationKey": reader.hex(64)}
    kind, size = reader.number(2), reader.number(4)
    if kind in (1, 2, 3, 4, 5, 7) or reader.strict and kind != 6:
        raise Refused(f"outer certification data type {kind}")
    part = reader.part(size)
    data = qe_report_certification(part) if kind == 6 else part.hex(size)
    part.finish()
    return {**value, "qeCertificationData": {"certificationDataType": kind, "size": size, "certificationData": data}}


def quote_v4(reader):
    header = reader.fields([
        ("version", "number", 2), ("attestationKeyType", "number", 2), ("teeType", "number", 4),
        ("reserved", "reserved", 4), ("qeVendorId", "hex", 16), ("userData", "hex", 20),
    ])
    if header["version"] != 4 or header["teeType"] not in (0, 0x81):
        raise Refused("version or TEE type")
    body = (td_body if header["teeType"] == 0x81 else sgx_body)(reader)
    size = reader.number(4)
    known = header["attestationKeyType"] == 2
    if reader.strict and not known:
        raise Refused("attestation key type")
    part = reader.part(size)
    signature = signature_data(part) if known else part.hex(size)
    part.finish()
    trailing = reader.hex(reader.end - reader.at)
    return {"header": header, "body": body, "signatureDataLen": size, "signatureData": signature, "trailing": trailing}


def report_mac(reader):
    kind = reader.fields([("type", "number", 1), ("subtype", "number", 1), ("version", "number", 1), ("reserved", "reserved", 1)])
    if kind["type"] != 0x81 or kind["version"] not in (0, 1, 3) or reader.strict and kind["subtype"] != 0:
        raise Refused("report type")
    return {"reporttype": kind} | reader.fields([
        ("reserved1", "reserved", 12), ("cpusvn", "hex", 16), ("teeTcbInfoHash", "hex", 48), ("teeInfoHash", "hex", 48),
        ("reportdata", "hex", 64), ("reserved2", "reserved", 32), ("mac", "hex", 32),
    ])


def td_report(reader):
    mac = report_mac(reader)
    valid = reader.number(8)
    if int(valid, 16) not in (0x1FF, 0x301FF):
        raise Refused("VALID")
    newer = [("teeTcbSvn2", "hex", 16), ("reserved", "reserved", 95)]
    tcb = {"valid": valid} | reader.fields([
        ("teeTcbSvn", "hex", 16), ("mrseam", "hex", 48), ("mrsignerseam", "hex", 48), ("attributes", "flags", 8, {}),
        *(newer if int(valid, 16) == 0x301FF else [("reserved", "reserved", 111)]),
    ])
    between = reader.reserved(17)
    info = reader.fields([
        ("attributes", "flags", 8, TD_ATTRIBUTES), ("xfam", "flags", 8, XFAM),
        ("mrtd", "hex", 48), ("mrconfigid", "hex", 48), ("mrowner", "hex", 48), ("mrownerconfig", "hex", 48),
    ]) | {"rtmr": rtmr(reader), "servtdHash": reader.hex(48)}
    extended = [
        ("tdId", "hex", 32), ("reserved1", "reserved", 24), ("vmid", "number", 1), ("reserved2", "reserved", 3),
        ("valid", "flags", 4, TDINFO_VALID),
    ]
    info |= reader.fields(extended if mac["reporttype"]["version"] == 3 else [("reserved", "reserved", 64)])
    return {"reportmacstruct": mac, "teeTcbInfo": tcb, "reserved": between, "tdinfo": info}


def report_req(reader):
    return reader.fields([("reportdata", "hex", 64), ("tdreport", "hex", 1024)])


def quote_hdr(reader):
    return reader.fields([("version", "number", 8), ("status", "number", 8), ("inLen", "number", 4), ("outLen", "number", 4)])


STRUCTS = {"QuoteV4": quote_v4, "TdReport": td_report, "TdxReportReq": report_req, "TdxQuoteHdr": quote_hdr}


def read(struct, data, strict=False):
    reader = Reader(data, strict=strict)
    value = STRUCTS[struct](reader)
    reader.finish()
    return value


def bytes_of(path, vector):
    """The bytes of a vector; of a negative one, patched."""
    if "bin" in vector:
        return (path.parent / vector["bin"]).read_bytes()
    if "bytes" in vector:
        return bytes.fromhex(vector["bytes"])
    origin = path.parent / vector["from"]
    data = bytearray(bytes_of(origin, json.loads(origin.read_text())))
    for patch in vector["patch"]:
        if "truncate" in patch:
            del data[patch["truncate"] :]
        elif "append" in patch:
            data += bytes.fromhex(patch["append"])
        else:
            new = bytes.fromhex(patch["hex"])
            data[patch["at"] : patch["at"] + len(new)] = new
    return bytes(data)


def check(entry):
    """Whether the structure is one that this program reads; raises AssertionError for a difference."""
    path = ROOT / entry["path"]
    vector = json.loads(path.read_text())
    data = bytes_of(path, vector)
    assert hashlib.sha256(data).hexdigest() == entry["sha256"], "another hash"
    assert vector["struct"] == entry["struct"], "another struct"
    if entry["struct"] not in STRUCTS:
        return False
    if entry["kind"] == "positive":
        value = read(entry["struct"], data)
        assert value == vector["value"], "another value"
        # == does not look at the order of keys.
        assert json.dumps(value) == json.dumps(vector["value"]), "another order"
        if path.stem.startswith(("clean", "sample")):
            read(entry["struct"], data, strict=True)
        return True
    try:
        read(entry["struct"], data, vector.get("strict", False))
    except Refused:
        return True
    raise AssertionError("not refused")


def main():
    entries = json.loads((ROOT / "manifest.json").read_text())["vectors"]
    counts = {"positive": 0, "negative": 0}
    for entry in entries:
        try:
            counts[entry["kind"]] += check(entry)
        except (AssertionError, Refused) as problem:
            print(f"{entry['path']}: {problem}")
            return 1
    print(f"{len(entries)} hashes, {counts['positive']} values and {counts['negative']} refusals are as written down")
    return 0


if __name__ == "__main__":
    sys.exit(main())
