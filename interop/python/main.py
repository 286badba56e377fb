#!/usr/bin/env python3
"""Reads the golden vectors of tdx-codec in Python, holds dcap-qvl against the JSON of quotes, and its verdicts against the catalogue.

    python main.py [FOLDER]    the folder that npm run interop writes; ../.cache/data unless told

Needs the package of requirements.txt. With VERDICTS in the environment it prints every verdict. Exits with 1 when anything disagrees.
"""
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path

import dcap_qvl

VERIFIER = "dcap-qvl"
VERSION = importlib.metadata.version(VERIFIER)

HEADER = {
    "version": "version", "attestation_key_type": "attestationKeyType", "qe_vendor_id": "qeVendorId", "user_data": "userData",
}
SGX = {
    "cpu_svn": "cpusvn", "attributes": ("attributesFlags", "attributesXfrm"), "mr_enclave": "mrenclave", "mr_signer": "mrsigner",
    "report_data": "reportdata",
}
TD = {
    "tee_tcb_svn": "teeTcbSvn", "mr_seam": "mrseam", "mr_signer_seam": "mrsignerseam", "seam_attributes": "seamattributes",
    "td_attributes": "tdattributes", "xfam": "xfam", "mr_td": "mrtd", "mr_config_id": "mrconfigid", "mr_owner": "mrowner",
    "mr_owner_config": "mrownerconfig", "report_data": "reportdata", "tee_tcb_svn2": "teeTcbSvn2", "mr_service_td": "mrservicetd",
    "vmid": "vmid", "td_id": "tdId", "dev_info": "devinfo", "init_service_td_hash": "initServtdHash",
    "init_service_td_attributes": "initServtdAttr", "init_cpu_svn": "initCpusvn", "init_tee_tcb_svn": "initTeeTcbSvn",
    "init_tee_fmspc": "initTeeFmspc", "cur_service_td_hash": "currServtdHash", "cur_service_td_attributes": "currServtdAttr",
}


class Run:
    def __init__(self):
        self.vectors = self.quotes = self.fixtures = self.unread = self.theirs = self.disagreements = 0

    def disagree(self, what):
        self.disagreements += 1
        print("DISAGREES", what)


def wire(value):
    """What a leaf of canonical JSON stands for: bytes, or a number."""
    if isinstance(value, dict):
        if "raw" in value:
            return int(value["raw"], 16).to_bytes((len(value["raw"]) - 2) // 2, "little")
        return value["pem"].encode() if "pem" in value else bytes.fromhex(value["hex"])
    return value if isinstance(value, int) else bytes.fromhex(value)


def read_vectors(run, folder):
    """The reader in the pack, which has offsets of its own for four structures and checks the hash of all vectors."""
    spec = importlib.util.spec_from_file_location("read", folder / "read.py")
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    entries = json.loads((folder / "manifest.json").read_text())["vectors"]
    if not entries:
        run.disagree("the manifest lists no vectors")
    for entry in entries:
        try:
            run.vectors += reader.check(entry)
        except (AssertionError, reader.Refused) as problem:
            run.disagree(f"vector {entry['path']}: {problem}")
    print(f"read.py knows four structures; of the {len(entries) - run.vectors} vectors of others it has checked the hash")


def fields(quote, value):
    """Pairs of a name, what dcap-qvl reads, and what our JSON has."""
    header, report, body = quote.header, quote.report, value["header"] | value["body"]
    names = HEADER | (TD if hasattr(report, "mr_td") else SGX)
    for theirs, ours in names.items():
        of = header if theirs in HEADER else report
        if hasattr(of, theirs):
            parts = ours if isinstance(ours, tuple) else (ours,)
            mine = [wire(body[part]) for part in parts]
            yield "+".join(parts), getattr(of, theirs), mine[0] if len(mine) == 1 else b"".join(mine)
    for i, register in enumerate(value["body"].get("rtmr", [])):
        yield f"rtmr[{i}]", getattr(report, f"rt_mr{i}"), bytes.fromhex(register)
    if value["header"]["version"] == 3:
        for theirs, ours in ("qe_svn", "qeSvn"), ("pce_svn", "pceSvn"):
            yield ours, getattr(header, theirs), value["header"][ours]
    else:
        yield "teeType", header.tee_type, value["header"]["teeType"]


def compare(run, name, data, value):
    """Holds what dcap-qvl reads in a quote against our JSON; `value` is None where we refuse the quote."""
    try:
        quote = dcap_qvl.Quote.parse(data)
    except ValueError:
        return
    if value is None:
        run.theirs += 1
        return
    for field, theirs, ours in fields(quote, value):
        if theirs != ours:
            run.disagree(f"quote {name}: {field} is {theirs!r} in dcap-qvl, {ours!r} in our JSON")
    run.quotes += 1


def verdict(folder, now):
    try:
        collateral = dcap_qvl.QuoteCollateralV3.from_json((folder / "collateral.json").read_text())
        root = (folder / "root.der").read_bytes()
        status = dcap_qvl.verify_with_root_ca((folder / "quote.bin").read_bytes(), collateral, root, now).status
    except ValueError as why:
        return "refuses", str(why)
    return ("accepts" if status == "UpToDate" else "downgrades"), status


def wanted(manifest, differences):
    """What the catalogue says of this version of the verifier; None of what it does not read."""
    name = manifest.get("defect", manifest["profile"])
    return next((it["says"] for it in differences if name in it["of"]), manifest["expect"].get(VERIFIER))


def judge(run, folder, verifier):
    # Those are TDREPORTs; the quote beside them is good.
    if folder.name.startswith("report-"):
        return
    manifest = json.loads((folder / "manifest.json").read_text())
    json_file = folder / "quote.json"
    value = json.loads(json_file.read_text())["value"] if json_file.exists() else None
    compare(run, folder.name, (folder / "quote.bin").read_bytes(), value)

    others = verifier.get("otherVersions", {})
    expected = wanted(manifest, others.get(VERSION, []))
    said, why = verdict(folder, manifest["now"])
    if "VERDICTS" in os.environ:
        print("VERDICT", folder.name, said, why)
    if said != (expected or "refuses"):
        known = VERSION == verifier["version"] or VERSION in others
        changed = (
            "the verifier is the same: the fixture changed, or the catalogue is wrong" if known
            else f"the verifier changed: the catalogue knows {', '.join([verifier['version'], *others])}"
        )
        run.disagree(
            f"fixture {folder.name}: the catalogue says that {VERIFIER} {VERSION} {expected or 'refuses'} it, it {said} it ({why}); {changed}"
        )
    if expected:
        run.fixtures += 1
    else:
        run.unread += 1


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "../.cache/data")
    run = Run()
    read_vectors(run, folder / "vectors")
    corpus = json.loads((folder / "corpus.json").read_text())
    if not corpus:
        print("SKIPPED: quotes of the corpus, since there is none")
    for each in corpus:
        compare(run, each["name"], Path(each["path"]).read_bytes(), each.get("value"))
    verifier = next(it for it in json.loads((folder / "verifiers.json").read_text()) if it["name"] == VERIFIER)
    for fixture in sorted((folder / "fixtures").iterdir()):
        judge(run, fixture, verifier)
    print(
        f"{VERIFIER} {VERSION}: {run.unread} fixtures are of kinds that it does not read; "
        f"it reads {run.theirs} quotes that are malformed for us"
    )
    print(
        f"python: vectors read {run.vectors}, quotes compared {run.quotes}, fixtures judged {run.fixtures}, "
        f"disagreements {run.disagreements}"
    )
    return 1 if run.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
