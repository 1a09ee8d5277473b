"""Where the CPU of an import goes: a sample of its stack two thousand times a second, by perf.

A sample counts for the innermost frame that says what is being done: memory that is copied or fetched, and the kernel's work
on its pages, counts for whoever asked for it.
"""

import os
import re
import shutil
import subprocess

from data import Delivery, warm
from measure import CORES, Failure

# (what, whether a peer does it too, words of mangled names); of one frame the first that fits.
STAGES = [
    ("inflate, CRC", True, "inflate|crc32|adler32|GzipInflater"),
    ("SHA-256 of file, payload and segments", False, "sha256|SHA256|ContentHasher"),
    ("XML parser (ours, libxml2)", True, "^xml|^SAX|nameNsPush|areBlanks|^marks_|XMLPlain"),
    ("XML events to records", True, "XMLRecordBuilder|XMLRecordReader|XMLCallbacks|XMLPush|XMLPath"),
    ("CSV rows and cells", True, "CSVReader|scan_avx|scan_sse|find_avx|find_sse|^sck_"),
    ("decoding of text", True, "TextStream|TextDecoder|PayloadStream"),
    ("items seen before", False, "knownItem|ItemTemplates"),
    ("fields of samples, dictionaries", True, "readSample|readField|Interpreter|ByteDictionary"),
    ("columns of samples: codes, days, story", False, "7CuratorV8describe|createSample|mapCodes|7CuratorV5write|OpenSamples"),
    ("judging", False, "Judging|ItemJudge|SampleJudge"),
    ("the rest of curation", False, "17SpotCheckCuration"),
    ("segments to disk", True, "SegmentWriter|ArrowFileWriter|FileSink|SegmentMaker"),
    ("earlier versions, catalogue, counts", False, "VersionResolver|SpotCheckCatalogue|sqlite3|4GRDB|SnapshotCount"),
    ("a copy of the file", False, "10OpenFolderV4copy|11SystemCallsO4copy|KeptPlace"),
    ("pipelines and code tables", False, "PipelineLibrary|[Yy]aml|YAML|CodeTable|PipelineCompiler"),
]


def shares(bench):
    """{label: [(stage, does a peer do it, share)]} of one CSV and one XML import on one core; {} where perf cannot be used."""
    if not shutil.which("perf"):
        return {}
    found = {}
    for bureau, label in (("agriculture", "CSV.gz"), ("market", "XML")):
        delivery = Delivery(bench, bureau, bench.sizes[0], 1)
        warm(delivery.files)
        store, samples = bench.store(delivery), os.path.join(bench.work, "perf.data")
        bench.fresh(store)
        command = bench.import_command(store, delivery.files, 1)
        done = subprocess.run(["taskset", "-c", str(CORES[-1]), "perf", "record", "-q", "-e", "cpu-clock", "-F", "2000", "-g",
                               "-o", samples, *command], capture_output=True)
        if done.returncode not in (0, 3):
            return {}
        found[label] = counted(samples)
        bench.clear()
    return found


def counted(samples):
    stages = [(what, peer, re.compile(words)) for what, peer, words in STAGES]
    script = subprocess.Popen(["perf", "script", "-i", samples, "-F", "ip,sym"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, errors="replace")
    counts, known, total, stack = {}, {}, 0, []
    for line in script.stdout:
        if line.strip():
            stack.append(line.split(None, 1)[1].strip() if len(line.split(None, 1)) > 1 else "")
            continue
        if stack:
            total += 1
            what = next((stage for stage in (named(frame, stages, known) for frame in stack) if stage), ("everything else", False))
            counts[what] = counts.get(what, 0) + 1
        stack = []
    if script.wait() or not total:
        raise Failure("perf script could not read what perf had recorded")
    order = [(what, peer) for what, peer, _ in STAGES] + [("everything else", False)]
    return [(*stage, counts.get(stage, 0) / total) for stage in order]


def named(frame, stages, known):
    if frame not in known:
        known[frame] = next(((what, peer) for what, peer, words in stages if words.search(frame)), None)
    return known[frame]


def table(found):
    """As Markdown; the flame of what remains, one line a stage."""
    if not found:
        return "Not measured: perf cannot be used on this machine."
    labels = list(found)
    lines = ["| What the CPU does | " + " | ".join(labels) + " |", "| --- |" + " ---: |" * len(labels)]
    for index, (what, _, _) in enumerate(found[labels[0]]):
        cells = [found[label][index][2] for label in labels]
        if any(cell >= 0.0005 for cell in cells):
            lines.append(f"| {what} | " + " | ".join(f"{cell:.1%} {bar(cell)}".strip() for cell in cells) + " |")
    sums = [comparable(found[label]) for label in labels]
    lines.append("| *of which a peer does some form too* | " + " | ".join(f"{share:.1%}" for share in sums) + " |")
    return "\n".join(lines)


def comparable(stages):
    """The part of the CPU that is spent on what a peer does too."""
    return sum(share for _, peer, share in stages if peer)


def bar(share):
    return "█" * round(share * 40)
