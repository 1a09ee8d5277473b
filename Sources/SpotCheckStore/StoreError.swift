public import SpotCheckSystem

/// A store or segment that cannot be read or written: which file, and which check said so.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The checks that stored bytes must pass before they are used.
  public enum Check: String, Sendable, Hashable, CaseIterable {
    /// The file has as many bytes as it was published with.
    case length
    /// It begins and ends as an Arrow file does.
    case magic
    /// The footer and the message headers can be read and stay inside the file.
    case structure
    /// Checksum of everything that is not column data.
    case metadataChecksum = "metadata checksum"
    /// Checksum of one buffer of column data.
    case bufferChecksum = "buffer checksum"
    /// SHA-256 of the whole file.
    case contentDigest = "content digest"
    /// The columns are those of the format.
    case schema
    /// Every code is in its dictionary.
    case codes
    /// Offsets of texts rise and stay inside their bytes.
    case offsets
    /// Texts are valid UTF-8.
    case text
    /// Missing values are marked as missing, and nothing else is.
    case validity
    /// Every item belongs to the sample that lists it.
    case itemRanges = "item ranges"
    /// The file's name says its content.
    case name
    /// What the catalogue says about the rows is what the rows say.
    case description
  }

  public enum Problem: Sendable, Hashable {
    /// Stored bytes are not what was written.
    case damaged(Check, String)
    /// Written by a later version of this program.
    case newerFormat(Int)
    /// Data that the format cannot hold: too much, or no text.
    case unstorable(String)
    case system(SystemError)
  }

  public var path: String
  public var problem: Problem

  public init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  init(_ error: SystemError) { self.init(path: error.path, problem: .system(error)) }

  static func damaged(_ path: String, _ check: Check, _ detail: String) -> StoreError {
    StoreError(path: path, problem: .damaged(check, detail))
  }

  public var isDamage: Bool { if case .damaged = problem { true } else { false } }

  public var description: String {
    let file = PathText.printable(path)
    return switch problem {
    case .damaged(let check, let detail):
      "\(file) is damaged: \(check.rawValue): \(detail). Nothing of it was used. "
        + "Restore it from a backup, or rebuild the store from its archive."
    case .newerFormat(let version):
      "\(file) has segment format \(version); this program reads up to \(SegmentTable.version). Use a newer program."
    case .unstorable(let what): "\(file) cannot be written: \(what)."
    case .system(let error): error.description
    }
  }

  public var descriptionZh: String {
    let file = PathText.printable(path)
    return switch problem {
    case .damaged(let check, let detail):
      "\(file) 已损坏（\(check.rawValue)：\(detail)），未使用其中任何数据。请从备份恢复，或用归档重建数据仓库。"
    case .newerFormat(let version):
      "\(file) 的段格式版本为 \(version)，本程序最高支持 \(SegmentTable.version)，请使用新版程序。"
    case .unstorable: "\(file) 无法写入：数据不符合段格式（过大或不是有效文本）。"
    case .system(let error): "\(file)：\(error.meaningZh)（\(error.name)）。\(error.adviceZh)"
    }
  }
}
