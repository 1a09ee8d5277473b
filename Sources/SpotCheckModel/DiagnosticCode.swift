/// The stable codes of everything that can be wrong with delivered data. Never renamed, never reused.
///
/// Titles, explanations and remedies in both languages are in ``text``; the reference page
/// `Documentation.docc/Diagnostics.md` is generated from them, and `samples/hostile/` holds a file for each.
public enum DiagnosticCode: String, Sendable, CaseIterable, Codable {
  // File
  case fileUnreadable = "FS_UNREADABLE"
  case fileNotRegular = "FS_NOT_REGULAR"
  case fileSymbolicLink = "FS_SYMLINK"
  case fileHardLink = "FS_HARDLINK"
  case fileNameInvalid = "FS_NAME_INVALID"
  case fileEmpty = "FS_EMPTY"
  case fileTooBig = "FS_TOO_BIG"
  case fileChangedDuringRead = "FS_CHANGED_DURING_READ"
  case fileDuplicate = "FILE_DUPLICATE"
  case fileDuplicatePayload = "FILE_DUPLICATE_PAYLOAD"
  case fileWithoutRecords = "FILE_NO_RECORDS"
  case filePoison = "POISON"
  // What came with a file and speaks of it
  case manifestMissing = "MANIFEST_MISSING"
  case manifestMismatch = "MANIFEST_MISMATCH"
  case manifestRowCount = "MANIFEST_ROWCOUNT"
  // Choice of pipeline
  case pipelineNone = "PIPELINE_NONE"
  case pipelineAmbiguous = "PIPELINE_AMBIGUOUS"
  // Compression
  case gzipNotGzip = "GZ_NOT_GZIP"
  case gzipTruncated = "GZ_TRUNCATED"
  case gzipCRC = "GZ_CRC"
  case gzipLength = "GZ_ISIZE"
  case gzipData = "GZ_DATA"
  case gzipRatio = "GZ_RATIO"
  case gzipOutputLimit = "GZ_OUTPUT_LIMIT"
  case gzipNested = "GZ_NESTED"
  case gzipTrailingGarbage = "GZ_TRAILING_GARBAGE"
  case gzipTrailingZeros = "GZ_TRAILING_ZEROS"
  case gzipMultiMember = "GZ_MULTI_MEMBER"
  // Character set
  case encodingUndeclared = "ENC_UNDECLARED"
  case encodingMismatch = "ENC_MISMATCH"
  case encodingUnknown = "ENC_UNKNOWN"
  case encodingInvalidSequence = "ENC_INVALID_SEQ"
  case encodingTooManyInvalid = "ENC_TOO_MANY_INVALID"
  case encodingPrivateUse = "ENC_PUA"
  case encodingNUL = "ENC_NUL"
  case encodingBOMConflict = "ENC_BOM_CONFLICT"
  // CSV
  case csvDialectAmbiguous = "CSV_DIALECT_AMBIGUOUS"
  case csvHeaderMissing = "CSV_HEADER_MISSING"
  case csvHeaderDuplicate = "CSV_HEADER_DUP"
  case csvHeaderBlank = "CSV_HEADER_BLANK"
  case csvHeaderUnknown = "CSV_HEADER_UNKNOWN"
  case csvHeaderReordered = "CSV_HEADER_REORDERED"
  case csvHeaderRepeated = "CSV_HEADER_REPEATED"
  case csvTitleRow = "CSV_TITLE_ROW"
  case csvFooterRow = "CSV_FOOTER_ROW"
  case csvFewColumns = "CSV_FEW_COLS"
  case csvManyColumns = "CSV_MANY_COLS"
  case csvUnclosedQuote = "CSV_UNCLOSED_QUOTE"
  case csvStrayQuote = "CSV_STRAY_QUOTE"
  case csvLineTooLong = "CSV_LINE_TOO_LONG"
  case csvMixedLineEnds = "CSV_MIXED_EOL"
  case csvBlankRow = "CSV_BLANK_ROW"
  // XML
  case xmlNotWellFormed = "XML_NOT_WF"
  case xmlTruncated = "XML_TRUNCATED"
  case xmlDoctype = "XML_DOCTYPE"
  case xmlEntity = "XML_ENTITY"
  case xmlDepth = "XML_DEPTH"
  case xmlTagTooLong = "XML_TAG_TOO_LONG"
  case xmlAttributeCount = "XML_ATTR_COUNT"
  case xmlNameLimit = "XML_NAME_LIMIT"
  case xmlNamespace = "XML_NAMESPACE"
  case xmlTextLimit = "XML_TEXT_LIMIT"
  case xmlRecordLimit = "XML_RECORD_LIMIT"
  case xmlRootUnknown = "XML_ROOT_UNKNOWN"
  case xmlUnknownElement = "XML_UNKNOWN_ELEMENT"
  case xmlMissingElement = "XML_MISSING_ELEMENT"
  // Cell
  case cellRequired = "CELL_REQUIRED"
  case cellPattern = "CELL_PATTERN"
  case cellLength = "CELL_LENGTH"
  case cellNumber = "CELL_NUMBER"
  case cellDate = "CELL_DATE"
  case cellUnit = "CELL_UNIT"
  case cellLimit = "CELL_LIMIT"
  case cellCheckDigit = "CELL_CHECKDIGIT"
  case cellFormula = "CELL_FORMULA"
  case cellExcelScientific = "CELL_EXCEL_SCI"
  case cellExcelDate = "CELL_EXCEL_DATE"
  case cellSuperscript = "CELL_SUPERSCRIPT"
  case cellCombined = "CELL_COMBINED"
  // Row
  case rowDuplicateKey = "ROW_DUP_KEY"
  case rowConflict = "ROW_CONFLICT"
  case rowOrphan = "ROW_ORPHAN"
  case rowSplitSample = "ROW_SPLIT_SAMPLE"
  case rowContradiction = "ROW_CONTRADICTION"
  case rowDateOrder = "ROW_DATE_ORDER"
  case rowRule = "ROW_RULE"
  case rowIncompleteSample = "ROW_INCOMPLETE_SAMPLE"
  case rowPossibleDuplicate = "ROW_POSSIBLE_DUPLICATE"
  // Codes
  case codeUnknownCategory = "CODE_UNKNOWN_CATEGORY"
  case codeUnknownDistrict = "CODE_UNKNOWN_DISTRICT"
  case codeUnknownWord = "CODE_UNKNOWN_WORD"
  case codeRetired = "CODE_RETIRED"
  case codeAmbiguous = "CODE_AMBIGUOUS"
  // File as a whole
  case gateRejects = "SET_REJECT_RATE"
  case gateRowDrop = "SET_ROWCOUNT_DROP"
  case gateUnmapped = "SET_UNMAPPED_SHARE"

  /// The severity unless a pipeline says otherwise.
  public var severity: Severity {
    switch self {
    case .fileUnreadable, .fileNotRegular, .fileSymbolicLink, .fileHardLink, .filePoison, .manifestMissing,
      .manifestMismatch, .manifestRowCount, .fileEmpty, .fileTooBig, .fileChangedDuringRead, .pipelineNone,
      .pipelineAmbiguous, .gzipNotGzip, .gzipTruncated, .gzipCRC, .gzipLength, .gzipData, .gzipRatio,
      .gzipOutputLimit, .gzipNested, .gzipTrailingGarbage, .encodingUnknown, .encodingTooManyInvalid,
      .encodingBOMConflict, .csvDialectAmbiguous, .csvHeaderMissing, .csvHeaderDuplicate, .csvUnclosedQuote,
      .xmlNotWellFormed, .xmlTruncated, .xmlDoctype, .xmlEntity, .xmlDepth, .xmlTagTooLong, .xmlAttributeCount,
      .xmlNameLimit, .xmlNamespace, .xmlTextLimit, .xmlRecordLimit, .xmlRootUnknown,
      .rowSplitSample, .gateRejects, .gateRowDrop, .gateUnmapped:
      .fatal
    case .encodingInvalidSequence, .encodingNUL, .csvFewColumns, .csvManyColumns, .csvStrayQuote, .csvLineTooLong,
      .xmlMissingElement, .cellRequired, .cellPattern, .cellLength, .cellExcelScientific, .cellCombined,
      .rowConflict, .rowOrphan:
      .error
    case .fileNameInvalid, .fileWithoutRecords, .encodingMismatch, .encodingPrivateUse, .csvHeaderBlank,
      .csvHeaderUnknown,
      .csvMixedLineEnds,
      .xmlUnknownElement, .cellNumber, .cellDate, .cellUnit, .cellLimit, .cellCheckDigit, .cellFormula,
      .cellExcelDate, .cellSuperscript, .rowContradiction, .rowDateOrder, .rowRule, .rowIncompleteSample,
      .rowPossibleDuplicate,
      .codeUnknownCategory, .codeUnknownDistrict, .codeUnknownWord, .codeAmbiguous:
      .warning
    case .fileDuplicate, .fileDuplicatePayload, .gzipTrailingZeros, .gzipMultiMember, .encodingUndeclared,
      .csvHeaderReordered, .csvHeaderRepeated, .csvTitleRow, .csvFooterRow, .csvBlankRow, .rowDuplicateKey,
      .codeRetired:
      .info
    }
  }

  /// Whether a file refused with this code was refused by a quality gate: for what it is as a whole.
  public var isGate: Bool { self == .gateRejects || self == .gateRowDrop || self == .gateUnmapped }
}
