"""The columns of a segment (Documentation.docc/SegmentFormat.md) and the words in them."""

from __future__ import annotations

import pyarrow as pa

#: How the module returns every dictionary column, whatever the index type in the file.
DICTIONARY = pa.dictionary(pa.int32(), pa.string())
#: Holds every `mantissa * 10^-scale` with an int64 mantissa and a scale from 0 to 18, exactly.
DECIMAL = pa.decimal128(38, 18)

_SAMPLE_WORDS = (
    "bureau batch version purpose level stage category category_text district unit_district unit_district_text "
    "producer_district producer_district_text park product trade_mark specification lot producer producer_code unit "
    "unit_code lab programme section barcode reported_verdict derived_verdict verdict").split()
_ITEM_WORDS = (
    "analyte analyte_text hazard qualifier value_text unit limit_operator limit_text method basis comparison "
    "reported_verdict derived_verdict verdict").split()
#: Item columns that lie in the files as `<name>_mantissa` and `<name>_scale`.
DECIMALS = ("value", "detection_limit", "limit_low", "limit_high")

#: Stored columns of samples by name.
SAMPLES: dict[str, pa.DataType] = {
    **{name: DICTIONARY for name in _SAMPLE_WORDS},
    "sampling_number": pa.string(), "report_number": pa.string(),
    "sampled_day": pa.date32(), "received_day": pa.date32(), "reported_day": pa.date32(),
    "flags": pa.uint32(), "first_item": pa.uint32(), "item_count": pa.uint32(), "delivered_rows": pa.uint32(),
    "line": pa.int64(), "byte_offset": pa.int64(),
    "key_hash": pa.uint64(), "content_hash_low": pa.uint64(), "content_hash_high": pa.uint64(),
}
#: Stored columns of items by name, decimals put together.
ITEMS: dict[str, pa.DataType] = {
    **{name: DICTIONARY for name in _ITEM_WORDS},
    **{name: DECIMAL for name in DECIMALS}, **{name + "_scale": pa.int8() for name in DECIMALS},
    "flags": pa.uint32(), "line": pa.int64(), "byte_offset": pa.int64(),
}

#: What the module adds: the number of the sample in `samples()`, and where the row is kept.
PLACE: dict[str, pa.DataType] = {"sample": pa.int64(), "segment": DICTIONARY, "row": pa.uint32(), "file": DICTIONARY}
#: What it says about samples: where they count, and whether an objection or a retest is open.
JUDGED: dict[str, pa.DataType] = {"class": DICTIONARY, "pending": pa.bool_()}

SAMPLE_TYPES = {**PLACE, **SAMPLES, **JUDGED}
ITEM_TYPES = {**PLACE, **ITEMS}
del ITEM_TYPES["file"]

#: Left out unless named. Hashes are of use to nobody else; names of units and producers may be those of farmers, which
#: the program masks wherever it prints them (Documentation.docc/Privacy.md).
_ON_REQUEST = {"first_item", "key_hash", "content_hash_low", "content_hash_high", "unit", "producer"}
DEFAULT_SAMPLES = [name for name in SAMPLE_TYPES if name not in _ON_REQUEST]
DEFAULT_ITEMS = [name for name in ITEM_TYPES if not name.endswith("_scale")]

#: Where a sample counts, exactly one each; only the first two are in a denominator.
CLASSES = (
    "passed", "failed", "undetermined", "not_tested", "refused", "unlicensed", "risk_monitoring", "screening", "listed")

#: Bits of `flags` of samples.
SAMPLE_FLAGS = {
    name: 1 << bit for bit, name in enumerate(
        "contradiction label_only unmapped_category unmapped_district check_digit incomplete risk_monitoring pending "
        "retired_code reported_only date_problem unknown_word refused unlicensed objection_upheld listed".split())}
#: Bits of `flags` of items.
ITEM_FLAGS = {
    name: 1 << bit for bit, name in enumerate(
        "contradiction limit_at_determination detection_above_limit lost_superscript unit_mismatch unit_converted "
        "unread_limit spreadsheet_damage".split())}
