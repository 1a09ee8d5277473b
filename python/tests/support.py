"""Stores made with the real program, for the tests. SPOTCHECK_BINARY names it; without it tests are skipped."""

import atexit
import csv
import functools
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.dirname(FOLDER)
REPOSITORY = os.path.dirname(PYTHON)
sys.path.insert(0, PYTHON)

try:
    import pyarrow
    MISSING = None
except ImportError:
    MISSING = "pyarrow is not installed"
BINARY = os.environ.get("SPOTCHECK_BINARY", "")
if not MISSING and not (BINARY and os.access(BINARY, os.X_OK)):
    MISSING = "SPOTCHECK_BINARY names no program"

needs_program = unittest.skipIf(MISSING, MISSING or "")


@functools.lru_cache(maxsize=None)
def scratch():
    folder = tempfile.mkdtemp(prefix="spotcheck-python-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run(*arguments, allowed=(0,)):
    """The program's standard output."""
    return run_raw(*arguments, allowed=allowed).decode()


def run_raw(*arguments, allowed=(0,)):
    """The same, of a format that is no text."""
    environment = {**os.environ, "SPOTCHECK_PIPELINES": os.path.join(REPOSITORY, "pipelines")}
    environment.pop("SPOTCHECK_STORE", None)
    done = subprocess.run(
        [BINARY, *arguments], capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode not in allowed:
        raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def rows(*arguments):
    """What a command prints as CSV."""
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"), newline="")))


def snapshot(store, as_of):
    """The number of the snapshot that the program finds for a text."""
    answer = run("rate", "--store", store, "--by", "purpose", "--format", "json", "--as-of", as_of)
    return json.loads(answer)["snapshot"]


def copy(store):
    """A store that a test may spoil."""
    place = tempfile.mkdtemp(dir=scratch())
    shutil.rmtree(place)
    shutil.copytree(store, place)
    return place


@functools.lru_cache(maxsize=None)
def delivered():
    """All sample deliveries, as README's five minutes make it: every later quarter corrects earlier ones."""
    store = os.path.join(scratch(), "delivered")
    run("init", store)
    folder = os.path.join(REPOSITORY, "samples", "deliveries")
    # In the order of the shell's `*.xml *.gz`.
    files = sorted(os.listdir(folder))
    files = [n for n in files if n.endswith(".xml")] + [n for n in files if n.endswith(".gz")]
    run("import", "--quiet", "--store", store, *(os.path.join(folder, name) for name in files), allowed=(0, 3))
    return store


_HEADER = "序号,抽样编号,报告编号,林产品类别,样品名称,被抽检单位,抽样日期,报告日期,不合格项目║检验结果║标准值,检验结论,报告类别,备注\n"


def _line(number, report, day, kind, conclusion, remark="/"):
    item = "吡虫啉║3mg/kg║≤1mg/kg" if conclusion == "不合格" else "/"
    return f"1,{number},{report},枸杞,枸杞,甲,2023-03-05,{day},{item},{conclusion},{kind},{remark}\n"


@functools.lru_cache(maxsize=None)
def stories():
    """Reports with objections, a retest, a correction, a withdrawal; then compacted, and a large corrected file."""
    deliveries = [
        [_line("L1", "A1", "2023-03-20", "初检", "不合格"), _line("L2", "A2", "2023-03-20", "初检", "合格"),
         _line("L3", "A3", "2023-03-20", "初检", "合格"), _line("L4", "A4", "2023-03-20", "初检", "不合格"),
         _line("L5", "A5", "2023-03-20", "初检", "不合格"), _line("L6", "A6", "2023-03-20", "初检", "合格")],
        [_line("L1", "O1", "2023-03-28", "异议", ""), _line("L3", "O3", "2023-03-28", "异议", ""),
         _line("L4", "O4", "", "异议处置中", ""), _line("L5", "A5", "2023-03-20", "初检", "不合格", "异议处置中")],
        [_line("L1", "B1", "2023-04-10", "复检", "合格"),
         _line("L5", "A5", "2023-03-20", "初检", "不合格", "经核查异议不认可")],
        [_line("L2", "C2", "2023-04-15", "更正", "不合格")],
        [_line("L3", "D3", "2023-04-20", "撤回", "合格")],
    ]
    store = os.path.join(scratch(), "stories")
    run("init", store)
    for number, lines in enumerate(deliveries):
        _take_in(store, f"{number}.csv", (_HEADER + "".join(lines)).encode())
    with open(os.path.join(REPOSITORY, "samples", "deliveries", "lcj-2023Q1.csv.gz"), "rb") as file:
        first = gzip.decompress(file.read())
    _take_in(store, "lcj-2023Q1.csv", first)
    _take_in(store, "corrected.csv", first.replace("青花椒".encode("gb18030"), "红花椒".encode("gb18030"), 3))
    run("store", "compact", "--store", store, "--all")
    _take_in(store, "9.csv", (_HEADER + _line("L4", "B4", "2023-05-10", "复检", "合格")).encode())
    # An objection that came to nothing: the row's own flag says that it is pending, and a later mark that it is not.
    _take_in(store, "10.csv", (_HEADER + _line("L7", "A7", "2023-03-20", "初检", "不合格", "异议处置中")).encode())
    _take_in(store, "11.csv", (_HEADER + _line("L7", "O7", "2023-04-02", "异议", "", "异议不认可")).encode())
    _take_in(store, "classes.xml", _classes().encode())
    return store


def _classes():
    """Every purpose with every conclusion, and failures for the label only."""
    text = "<抽检数据>"
    for first, purpose in enumerate(("评价性抽检", "监督抽检", "举报抽检", "应急抽检", "跟踪抽检", "快速筛查", "风险监测", "不详", "")):
        for second, conclusion in enumerate(("合格", "不合格", "不判定", "未检验", "拒检", "涉嫌无证", "其他", "")):
            text += (
                f"<样品><抽样编号>SC2463010{first}{second}001</抽样编号><样品名称>白酒</样品名称><产品大类>酒类</产品大类>"
                f"<被抽样单位所在区县>城东区</被抽样单位所在区县><抽样时间>2024-03-05</抽样时间><任务类别>{purpose}</任务类别>"
                f"<结论>{conclusion}</结论>")
            if conclusion == "不合格" and first % 2:
                text += (
                    "<检验项目列表><检验项目 序号=\"1\"><项目名称>标签</项目名称><检验结果>不符合</检验结果>"
                    "<结果判定>不合格项</结果判定></检验项目></检验项目列表>")
            text += "</样品>"
    return text + "</抽检数据>"


def _take_in(store, name, content):
    path = os.path.join(scratch(), name)
    with open(path, "wb") as file:
        file.write(content)
    run("import", "--quiet", "--store", store, path, allowed=(0, 3))
