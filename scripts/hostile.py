#!/usr/bin/env python3
"""Writes samples/hostile/: one file per diagnostic code, and EXPECTED.csv with the place where the code must stand.

The mark \u00a6 in a payload below is taken out again: it says where the diagnostic must point.
Files are small, deterministic and made here; nothing is copied from anywhere.
"""
import csv, gzip, io, os, random, struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "samples", "hostile")
MARK = "\u00a6"
HEADER = ("抽样编号,报告编号,监测类型,任务级别,监测环节,产品类别,样品名称,受检单位,受检单位统一社会信用代码,受检单位所在县区,生产单位,抽样时间,收样日期,"
          "报告日期,检测机构,检测项目,检测结果,计量单位,最大残留限量,单项判定,检测方法,判定依据,综合判定,备注")
NAMES = HEADER.split(",")
GOOD = dict(zip(NAMES, ["NCP236301000000001", "QH2023-000001", "监督抽查", "市级", "种养殖", "蔬菜", "菠菜", "西宁城西商店7", "/", "城西区",
    "青海牧歌农牧有限公司", "2023-03-05", "2023-03-06", "2023-03-20", "青海省食品检验检测院", "毒死蜱", "0.01", "mg/kg", "0.02", "合格",
    "GB 23200.113-2018", "GB 2763-2021", "合格", ""]))
files, expected = {}, []

def row(number=1, **changes):
    cells = dict(GOOD, 抽样编号="NCP2363010000%05d" % number)
    cells.update(changes)
    return ",".join(cells[name] for name in NAMES)

def lines(*rows, header=HEADER, end="\r\n"):
    return end.join([header, *rows]) + end

def add(code, name, payload, encoding="utf-8", pack=None, byte=None, line=None, pipeline="agriculture", note=""):
    """payload: text with a mark, or bytes (then byte and line are given, or the diagnostic is about the file)."""
    if isinstance(payload, str):
        before, mark, after = payload.partition(MARK)
        if mark:
            byte = len(before.encode(encoding)) if byte is None else byte
            line = before.replace("\r\n", "\n").count("\n") + 1 if line is None else line
        payload = (before + after).encode(encoding)
    files[name] = pack(payload) if pack else payload
    expected.append([code, name, pipeline, "" if line is None else line, "" if byte is None else byte, note])

def gz(data, mtime=0):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=mtime, filename="") as f:
        f.write(data)
    return out.getvalue()

good = lines(row(1), row(2))
body = good.encode()
# File
add("FS_EMPTY", "FS_EMPTY.csv", b"")
add("FILE_NO_RECORDS", "FILE_NO_RECORDS.csv", lines())
add("PIPELINE_NONE", "PIPELINE_NONE.csv", "名称,数量\r\n螺丝,3\r\n", pipeline="")
# Compression: byte is the offset in the compressed file
packed = gz(body)
add("GZ_NOT_GZIP", "GZ_NOT_GZIP.csv.gz", body, byte=0)
add("GZ_TRUNCATED", "GZ_TRUNCATED.csv.gz", packed[:-5], byte=len(packed) - 5)
add("GZ_CRC", "GZ_CRC.csv.gz", packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:], byte=len(packed) - 8)
add("GZ_ISIZE", "GZ_ISIZE.csv.gz", packed[:-4] + struct.pack("<I", len(body) + 1), byte=len(packed) - 4)
damaged = bytearray(packed); damaged[10] |= 0x06
add("GZ_DATA", "GZ_DATA.csv.gz", bytes(damaged))
add("GZ_RATIO", "GZ_RATIO.csv.gz", gz(body + b"\r\n" * 8_000_000))
add("GZ_NESTED", "GZ_NESTED.csv.gz", gz(packed), byte=0)
add("GZ_TRAILING_GARBAGE", "GZ_TRAILING_GARBAGE.csv.gz", packed + b"garbage", byte=len(packed))
add("GZ_TRAILING_ZEROS", "GZ_TRAILING_ZEROS.csv.gz", packed + bytes(512), byte=len(packed))
half = body.index(b"\r\n") + 2
add("GZ_MULTI_MEMBER", "GZ_MULTI_MEMBER.csv.gz", gz(body[:half]) + gz(body[half:]), byte=len(gz(body[:half])))
# Character set
add("ENC_UNDECLARED", "ENC_UNDECLARED.csv", MARK + good, encoding="gb18030")
broken = lines(row(1), row(2, 样品名称="菠" + MARK + "菜")).replace(MARK + "菜", MARK)
before, _, after = broken.partition(MARK)
add("ENC_INVALID_SEQ", "ENC_INVALID_SEQ.csv", before.encode() + b"\xff" + after.encode(),
    byte=len(before.encode()), line=3)
bad = row(10).encode().replace("菠菜".encode(), b"\xff" * 60) + b"\r\n"
# The 1001st bad byte: 16 rows with 60 each, then the 41st.
add("ENC_TOO_MANY_INVALID", "ENC_TOO_MANY_INVALID.csv", body + bad * 40,
    byte=len(body) + 16 * len(bad) + bad.index(b"\xff") + 40, line=3 + 16 + 1)
add("ENC_PUA", "ENC_PUA.csv", lines(row(1), row(2, 样品名称=MARK + "\ue5e5菜")))
add("ENC_NUL", "ENC_NUL.csv", lines(row(1), row(2, 样品名称="菠" + MARK + "\x00菜")))
def xml(inner, declaration='<?xml version="1.0" encoding="UTF-8"?>\n'):
    return declaration + '<抽检数据 填报单位="西宁市市场监督管理局">\n' + inner + "</抽检数据>\n"
def sample(number=1, extra="", items=None, **changes):
    fields = dict(抽样编号="XBJ2363010000%05d" % number, 报告书编号="QH2023-1", 报告类别="初检", 任务级别="市级", 任务类别="监督抽检", 抽样环节="流通",
        产品大类="糕点", 样品名称="蛋糕", 标称生产企业名称="青海三江食品有限公司", 被抽样单位名称="西宁商店", 被抽样单位所在区县="城西区",
        抽样时间="2023-03-05", 收检日期="2023-03-06", 报告日期="2023-03-20", 结论="合格")
    fields.update(changes)
    if items is None:
        items = ("<检验项目列表>\n<检验项目><项目名称>糖精钠(以糖精计)</项目名称><检验结果>0.01</检验结果><结果单位>g/kg</结果单位>"
                 "<标准限量>≤0.15</标准限量><结果判定>合格项</结果判定></检验项目>\n</检验项目列表>\n")
    return "<样品>\n" + "".join("<%s>%s</%s>\n" % (k, v, k) for k, v in fields.items() if v is not None) + extra + items + "</样品>\n"
def long_text(count):
    """Text that is packed neither so well that GZ_RATIO comes first, nor so badly that the file is large."""
    draw = random.Random(16)
    words = ["".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(80)) for _ in range(20)]
    return "".join(draw.choice(words) for _ in range(count // 80))
M = "market-supervision"
add("ENC_MISMATCH", "ENC_MISMATCH.xml", xml(sample(), '<?xml version="1.0" encoding="GB2312"?>\n').replace("<抽检数据", "<" + MARK + "抽检数据"), pipeline=M)
add("ENC_UNKNOWN", "ENC_UNKNOWN.xml", MARK + xml(sample(), '<?xml version="1.0" encoding="KLINGON-8"?>\n'), pipeline=M)
# CSV
add("CSV_DIALECT_AMBIGUOUS", "CSV_DIALECT_AMBIGUOUS.csv", MARK + "抽样编号,检测项目;单项判定\r\nA-1,铅;合格\r\nA-2,镉;合格\r\n", pipeline="")
add("CSV_HEADER_MISSING", "CSV_HEADER_MISSING.csv", lines(row(1), header=HEADER.replace("抽样编号", "编号")))
add("CSV_HEADER_DUP", "CSV_HEADER_DUP.csv", lines(row(1) + ",城东区", header=HEADER + "," + MARK + "检测项目"))
add("CSV_HEADER_BLANK", "CSV_HEADER_BLANK.csv", lines(row(1) + ",有数据", header=HEADER + "," + MARK))
add("CSV_HEADER_UNKNOWN", "CSV_HEADER_UNKNOWN.csv", lines(row(1) + ",3", header=HEADER + "," + MARK + "新增列"))
def reordered(line): return ",".join(line.split(",")[::-1])
add("CSV_HEADER_REORDERED", "CSV_HEADER_REORDERED.csv", lines(row(1), MARK + reordered(HEADER), reordered(row(2))))
add("CSV_HEADER_REPEATED", "CSV_HEADER_REPEATED.csv", lines(row(1), MARK + HEADER, row(2)))
add("CSV_TITLE_ROW", "CSV_TITLE_ROW.csv", MARK + "西宁市农产品监测结果" + "," * 23 + "\r\n" + good)
add("CSV_FOOTER_ROW", "CSV_FOOTER_ROW.csv", lines(row(1), MARK + "填表人：马晓兰" + "," * 23))
add("CSV_FEW_COLS", "CSV_FEW_COLS.csv", lines(row(1), MARK + row(2).rsplit(",", 4)[0]))
add("CSV_MANY_COLS", "CSV_MANY_COLS.csv", lines(row(1), row(2) + "," + MARK + "多,余"))
add("CSV_UNCLOSED_QUOTE", "CSV_UNCLOSED_QUOTE.csv", lines(row(1), row(2, 样品名称=MARK + "\"菠菜")))
add("CSV_STRAY_QUOTE", "CSV_STRAY_QUOTE.csv", lines(row(1), row(2, 样品名称="菠" + MARK + "\"菜"), row(3)))
add("CSV_LINE_TOO_LONG", "CSV_LINE_TOO_LONG.csv.gz", lines(row(1), MARK + row(2, 备注="长" * 400_000), row(3)), pack=gz)
add("CSV_MIXED_EOL", "CSV_MIXED_EOL.csv", HEADER + "\r\n" + MARK + row(1) + "\n" + row(2) + "\r\n")
add("CSV_BLANK_ROW", "CSV_BLANK_ROW.csv", lines(row(1), MARK + "," * 23, row(2)))
# XML
add("XML_NOT_WF", "XML_NOT_WF.xml", xml(sample() + "<样品><抽样编号>A</样品>" + MARK + "\n"), pipeline=M)
add("XML_TRUNCATED", "XML_TRUNCATED.xml", xml(sample() + sample(2))[:-40] + MARK, pipeline=M)
add("XML_DOCTYPE", "XML_DOCTYPE.xml", '<?xml version="1.0"?>\n' + MARK + '<!DOCTYPE 抽检数据 [<!ENTITY a "b">]>\n<抽检数据/>\n', pipeline=M)
add("XML_ENTITY", "XML_ENTITY.xml", xml(sample(样品名称="&cake;" + MARK)), pipeline=M)
add("XML_DEPTH", "XML_DEPTH.xml", xml(sample(extra="<a>" * 62 + MARK + "<a>" * 38 + "</a>" * 100)), pipeline=M)
add("XML_TAG_TOO_LONG", "XML_TAG_TOO_LONG.xml", xml(sample(extra=MARK + '<a b="' + "x" * 70_000 + '"/>\n')), pipeline=M)
add("XML_ATTR_COUNT", "XML_ATTR_COUNT.xml", xml(sample(extra=MARK + "<a " + " ".join('a%d=""' % i for i in range(300)) + "/>\n")), pipeline=M)
# Names before the many: the root with its attribute, the record, its fields.
named = 2 + 1 + sample(items="").count("</") - 1
add("XML_NAME_LIMIT", "XML_NAME_LIMIT.xml", xml(sample(extra="".join((MARK if i == 4096 - named else "") + "<a%d/>" % i for i in range(5000)))), pipeline=M)
add("XML_NAMESPACE", "XML_NAMESPACE.xml", xml(sample(extra="<x:a" + MARK + "/>")), pipeline=M)
add("XML_TEXT_LIMIT", "XML_TEXT_LIMIT.xml.gz", xml(sample(extra=MARK + "<备注>" + long_text(5_640_000) + "</备注>\n")), pack=gz, pipeline=M)
add("XML_ROOT_UNKNOWN", "XML_ROOT_UNKNOWN.xml", '<?xml version="1.0"?>\n' + MARK + '<抽检数据><其他/></抽检数据>\n', pipeline=M)
add("XML_UNKNOWN_ELEMENT", "XML_UNKNOWN_ELEMENT.xml", xml(sample(extra=MARK + "<新元素>1</新元素>\n")), pipeline=M)
add("XML_MISSING_ELEMENT", "XML_MISSING_ELEMENT.xml", xml(sample(1) + MARK + sample(2, 抽样编号=None)), pipeline=M)
# Cell
add("CELL_REQUIRED", "CELL_REQUIRED.csv", lines(row(1), MARK + row(2, 抽样编号="", 样品名称="油菜")), note="a row without a number continues the row above only if it says the same about the sample")
uk = "Apples_BNA,Sample ID,Date of Sampling,Description,Country of Origin,Retail Outlet,Address,Brand Name,Packer / Manufacturer,Pesticide residues found in mg/kg (MRL)\n"
def british(number): return "Apples_BNA,%s,05/03/2019,Gala,UK,Shop,Town,Brand,Packer,None were detected above the set RL\n" % number
add("CELL_PATTERN", "CELL_PATTERN.csv", uk + british("0001/2019") + british(MARK + "two/2019"), pipeline="uk-pesticide-residues")
add("CELL_LENGTH", "CELL_LENGTH.csv", lines(row(1), row(2, 样品名称=MARK + "菜" * 5000)))
add("CELL_NUMBER", "CELL_NUMBER.csv", lines(row(1, 最大残留限量="0.02"), row(2, 检测结果=MARK + "0.0.1")))
add("CELL_DATE", "CELL_DATE.csv", lines(row(1), row(2, 抽样时间=MARK + "2023-02-30")))
add("CELL_UNIT", "CELL_UNIT.csv", lines(row(1), row(2, 计量单位=MARK + "斤每亩")))
add("CELL_LIMIT", "CELL_LIMIT.csv", lines(row(1), row(2, 最大残留限量=MARK + "≤0.0.2")))
add("CELL_CHECKDIGIT", "CELL_CHECKDIGIT.csv", lines(row(1), row(2, 受检单位统一社会信用代码=MARK + "916301007107919009")))
add("CELL_FORMULA", "CELL_FORMULA.csv", lines(row(1), row(2, 样品名称=MARK + "=HYPERLINK(1)")))
add("CELL_EXCEL_SCI", "CELL_EXCEL_SCI.csv", lines(row(1), MARK + row(2, 抽样编号="2.36301E+17")))
add("CELL_EXCEL_DATE", "CELL_EXCEL_DATE.csv", lines(row(1), row(2, 抽样时间=MARK + "44990")))
add("CELL_SUPERSCRIPT", "CELL_SUPERSCRIPT.csv", lines(row(1), row(2, 检测项目="菌落总数", 检测结果=MARK + "1.9×105CFU/g", 计量单位="", 最大残留限量="", 单项判定="不合格", 综合判定="不合格")))
F = "forestry"
fh = "序号,抽样编号,林产品类别,样品名称,被抽检单位,生产单位,抽检类型,抽样环节,抽样日期,报告日期,不合格项目║检验结果║标准值,检验结论,检验机构,备注\n"
def forest(number, combined, verdict="不合格"):
    return "%d,LCP2363010000%05d,枸杞,枸杞,西宁商店,青海三江农牧有限公司,监督抽检,流通,2023-03-05,2023-03-20,%s,%s,青海省食品检验检测院,\n" % (number, number, combined, verdict)
add("CELL_COMBINED", "CELL_COMBINED.csv", "城东区" + "," * 13 + "\n" + fh + forest(1, "/", "合格") + forest(2, MARK + "║║║║║║"), pipeline=F)
# Row
add("ROW_DUP_KEY", "ROW_DUP_KEY.csv", lines(row(1), MARK + row(1)))
add("ROW_CONFLICT", "ROW_CONFLICT.csv", lines(row(1), row(1, 检测项目=MARK + "毒死蜱", 检测结果="0.015")))
add("ROW_ORPHAN", "ROW_ORPHAN.csv", lines(MARK + row(1, 抽样编号="")))
add("ROW_CONTRADICTION", "ROW_CONTRADICTION.csv", lines(row(1), row(2, 检测结果="0.5", 单项判定=MARK + "合格")))
add("ROW_DATE_ORDER", "ROW_DATE_ORDER.csv", lines(row(1), row(2, 报告日期=MARK + "2023-01-01")))
add("ROW_RULE", "ROW_RULE.csv", lines(row(1), row(1, 样品名称=MARK + "油菜", 检测项目="氧乐果")))
add("ROW_INCOMPLETE_SAMPLE", "ROW_INCOMPLETE_SAMPLE.csv", lines(row(1), MARK + row(2), row(2, 检测结果="0.015")))
LOTS = HEADER.replace("样品名称", "样品名称,规格,批号")
def lot(number, level, **changes):
    cells = row(number, 任务级别=level, **changes).split(",")
    return ",".join(cells[:7] + ["500g/袋", "20230301"] + cells[7:])
add("ROW_POSSIBLE_DUPLICATE", "ROW_POSSIBLE_DUPLICATE.csv", lines(lot(1, "省级"), MARK + lot(2, "市级"), header=LOTS))
# Codes
add("CODE_UNKNOWN_CATEGORY", "CODE_UNKNOWN_CATEGORY.csv", lines(row(1), row(2, 产品类别=MARK + "天外来客")))
add("CODE_UNKNOWN_DISTRICT", "CODE_UNKNOWN_DISTRICT.csv", lines(row(1), row(2, 受检单位所在县区=MARK + "某某新区")))
add("CODE_AMBIGUOUS", "CODE_AMBIGUOUS.csv", lines(row(1), row(2, 受检单位所在县区=MARK + "城东区、城西区")))
add("CODE_UNKNOWN_WORD", "CODE_UNKNOWN_WORD.csv", lines(row(1), row(2, 单项判定=MARK + "还行")))
add("CODE_RETIRED", "CODE_RETIRED.csv", lines(row(1), row(2, 受检单位所在县区=MARK + "湟中县")))
# Gate
add("SET_REJECT_RATE", "SET_REJECT_RATE.csv", lines(row(1), *[row(n).rsplit(",", 6)[0] for n in range(2, 60)]))

def main():
    os.makedirs(HERE, exist_ok=True)
    for name in os.listdir(HERE):
        if name not in files:
            os.remove(os.path.join(HERE, name))
    for name, data in files.items():
        with open(os.path.join(HERE, name), "wb") as f:
            f.write(data)
    with open(os.path.join(HERE, "EXPECTED.csv"), "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["code", "file", "pipeline", "line", "byte", "note"])
        out.writerows(sorted(expected))
    print(len(files), "files,", sum(map(len, files.values())), "bytes")

if __name__ == "__main__":
    main()
