#!/usr/bin/env python3
"""Measures the release binary on generated data and writes Documentation.docc/Performance.md.

Every answer is checked against the generator's own count before a figure is printed. Usage: bench.py BINARY [--quick]
"""
import json, os, platform, resource, shutil, subprocess, sys, tempfile, time

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PAGE = os.path.join(HERE, "Sources", "SpotCheck", "Documentation.docc", "Performance.md")


def run(*command):
    """Runs a command; returns wall seconds, CPU seconds, peak memory in MiB, standard output."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        sys.exit("%s: exit status %d" % (" ".join(command), code))
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out


def payload_bytes(path):
    if not path.endswith(".gz"):
        return os.path.getsize(path)
    return int(subprocess.run(["sh", "-c", 'gzip -dc "$0" | wc -c', path], capture_output=True, check=True).stdout)


def check(binary, store, folder):
    truth = json.load(open(os.path.join(folder, "TRUTH.json")))
    answer = json.loads(run(binary, "rate", "--store", store, "--by", "category,district", "--format", "json")[3])
    total = answer["total"]
    cells = [cell for cell in truth["cells"] if cell["purpose"] != "screening"]
    expected = {key: sum(cell[key] for cell in cells) for key in ("passed", "failed", "undetermined", "not_tested")}
    expected["screening"] = sum(cell["samples"] for cell in truth["cells"] if cell["purpose"] == "screening")
    expected["listed"] = sum(cell["listed"] for cell in cells)
    # The generator does not divide what is in no denominator any further.
    found = {key: total[key] for key in expected}
    found["undetermined"] += total["risk_monitoring"]
    found["not_tested"] += total["refused"] + total["unlicensed"]
    if found != expected or total["samples"] != truth["samples"]:
        sys.exit("wrong answer: %s, expected %s" % (found, expected))


def measure(binary, work, name, rows, *options):
    folder, store = os.path.join(work, name), os.path.join(work, name + ".store")
    run(binary, "generate", "--rows", str(rows), "--out", folder, "--quarters", "1", *options)
    path = next(os.path.join(folder, f) for f in os.listdir(folder) if f != "TRUTH.json")
    size = payload_bytes(path)
    run(binary, "init", store)
    wall, cpu, peak, _ = run(binary, "import", "--quiet", "--store", store, path)
    check(binary, store, folder)
    rate = min(run(binary, "rate", "--store", store, "--by", "category,district")[0] for _ in range(5))
    disk = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(store) for f in files)
    shutil.rmtree(folder)
    shutil.rmtree(store)
    print("%-22s %9d rows  %7.1f MB  %6.2f CPU s  %6.1f MiB peak" % (name, rows, size / 1e6, cpu, peak), flush=True)
    return dict(name=name, rows=rows, mb=size / 1e6, wall=wall, cpu=cpu, peak=peak, rate=rate * 1000, disk=disk / 1e6)


def main():
    binary = os.path.abspath(sys.argv[1])
    quick = "--quick" in sys.argv
    # About one gigabyte of payload at full size; a tenth of it shows that memory does not grow with the file.
    sizes = [20_000, 60_000] if quick else [340_000, 3_400_000]
    xml_sizes = [10_000, 30_000] if quick else [170_000, 1_750_000]
    results = []
    with tempfile.TemporaryDirectory() as work:
        for rows in sizes:
            results.append(measure(binary, work, "CSV.gz %d" % rows, rows, "--bureau", "agriculture"))
        for rows in xml_sizes:
            results.append(measure(binary, work, "XML %d" % rows, rows, "--bureau", "market"))
        start = min(run(binary, "--version")[0] for _ in range(10)) * 1000
    if quick:
        return
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    lines = [
        "# Performance", "",
        "Written by `make bench`; the answers are checked against the generator's own count before a figure is printed.",
        "", "Machine: %s, %d cores, %s. Release build, static Swift runtime." % (model, os.cpu_count(), platform.system()), "",
        "| Delivery | Rows | Payload MB | Import wall s | CPU s | CPU µs a row | MB/s a core | Peak memory MiB | Store MB | category × district ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        lines.append("| %s | %d | %.0f | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f | %.0f |" % (
            r["name"].split()[0], r["rows"], r["mb"], r["wall"], r["cpu"], r["cpu"] * 1e6 / r["rows"], r["mb"] / r["cpu"],
            r["peak"], r["disk"], r["rate"]))
    lines += ["", "Start-up (`spotcheck --version`): %.1f ms. The query figure is a cold process, best of five." % start, "",
              "Peak memory is that of the whole process, columns of the open segment included. It does not grow with the file:",
              "tables are written as a segment when they hold 250,000 rows (`ImportOptions.segmentRows`), and chunks are recycled.",
              "", "To repeat: `make bench` (needs about 3 GB in the temporary folder). Comparison with peers is a later issue."]
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write("\n".join(lines) + "\n")
    print("wrote", os.path.normpath(PAGE))


if __name__ == "__main__":
    main()
