import SpotCheckDigest
import SpotCheckModel
import SpotCheckSystem

@testable import SpotCheckStore

/// Segment files and their descriptions, damaged by somebody who also mends the checksums.
enum StoreTargets {
  static func description(_ bytes: [UInt8]) {
    guard let description = SegmentDescription(json: String(decoding: bytes, as: UTF8.self)) else { return }
    FuzzTarget.require(SegmentDescription(json: description.json()) == description, "a description survives")
    // Nothing is there under any name, so opening is an error, and no more than one.
    if let segment = try? Segment(description, in: StoreLayout(root: scratch)) { _ = try? segment.readTables() }
  }

  /// A folder in memory, if there is one.
  static let scratch: String = {
    let parent = Machine.environment("TMPDIR") ?? ((try? FileSystem.exists("/dev/shm")) == true ? "/dev/shm" : "/tmp")
    guard let root = try? FileSystem.makeTemporaryFolder(in: parent, prefix: "spotcheck-fuzz-"),
      (try? StoreLayout(root: root).createFolders()) != nil
    else { fatalError("no scratch folder in \(parent)") }
    return root
  }()

  /// Two whole files of a small segment: one of them is replaced by the input.
  static let whole: (samples: [UInt8], items: [UInt8]) = {
    let layout = StoreLayout(root: scratch)
    var tables = TablePair()
    for row in 0..<3 {
      for column in tables.samples.text.indices {
        tables.samples.text[column].append(tables.samples.text[column].dictionary.intern(row == 0 ? "" : "名\(row)"))
      }
      for column in tables.samples.plainText.indices {
        tables.samples.plainText[column].append(Array("N\(row)".utf8).span)
      }
      for column in tables.samples.days.indices {
        tables.samples.days[column].append(row == 1 ? nil : CalendarDay(iso: "2024-03-05"))
      }
      tables.samples.flags.append(0)
      tables.samples.firstItem.append(UInt32(row))
      tables.samples.itemCount.append(1)
      tables.samples.deliveredRows.append(1)
      tables.samples.line.append(Int64(row) + 2)
      tables.samples.byteOffset.append(0)
      tables.samples.keyHash.append(UInt64(row))
      tables.samples.contentHashLow.append(1)
      tables.samples.contentHashHigh.append(2)
      tables.items.sample.append(UInt32(row))
      for column in tables.items.text.indices {
        tables.items.text[column].append(tables.items.text[column].dictionary.intern(row == 2 ? "" : "毒\(row)"))
      }
      for column in tables.items.decimals.indices { tables.items.decimals[column].append(nil) }
      tables.items.flags.append(0)
      tables.items.line.append(0)
      tables.items.byteOffset.append(0)
    }
    guard let written = try? SegmentWriter.write(tables, into: layout),
      let samples = try? InputFile.contents(of: layout.samplesFile(written.id)),
      let items = try? InputFile.contents(of: layout.itemsFile(written.id))
    else { fatalError("no segment can be written") }
    return (samples, items)
  }()

  static func segment(_ bytes: [UInt8], _ choice: UInt8) {
    let isSamples = choice & 1 == 0
    var file = bytes
    if choice & 2 != 0 { mendChecksums(&file, isSamples ? .samples : .items) }
    let pair = isSamples ? (file, whole.items) : (whole.samples, file)
    var hasher = ContentHasher()
    hasher.update(pair.0)
    hasher.update(pair.1)
    let id = String(hasher.finalise().hex.prefix(StoreLayout.idLength))
    let layout = StoreLayout(root: scratch)
    write(pair.0, layout.samplesFile(id))
    write(pair.1, layout.itemsFile(id))
    defer {
      _ = try? FileSystem.removeFile(layout.samplesFile(id))
      _ = try? FileSystem.removeFile(layout.itemsFile(id))
    }
    do throws(any Error) {
      let description = try Segment.adopt(id, in: layout)
      let segment = try Segment(description, in: layout, copying: true)
      try segment.verify()
      _ = try segment.readTables()
    } catch {
      FuzzTarget.require(isRefusal(error), "a damaged segment is called damaged: \(error)")
    }
  }

  /// A segment that says it is of a later format may be one: nobody has told its checksum.
  private static func isRefusal(_ error: any Error) -> Bool {
    guard let error = error as? StoreError else { return false }
    if case .newerFormat = error.problem { return true }
    return error.isDamage
  }

  /// Writes the checksums that the changed bytes have, as an attacker would, where the file can still be found its way
  /// about.
  private static func mendChecksums(_ bytes: inout [UInt8], _ table: SegmentTable) {
    let path = scratch + "/mend"
    write(bytes, path)
    guard let mapped = try? MappedFile(path, copying: true),
      let reader = try? ArrowFileReader(mapped, table, expectedHash: nil)
    else { return }
    for checksum in reader.checksums {
      let actual = XXH64.hash(bytes.span.extracting(checksum.offset..<checksum.offset + checksum.length))
      let line = Array("\(checksum.offset) \(checksum.length) \(Hex.text(checksum.hash))\n".utf8)
      let mended = Array("\(checksum.offset) \(checksum.length) \(Hex.text(actual))\n".utf8)
      guard actual != checksum.hash, line.count <= bytes.count else { continue }
      // The table stands in the footer, at the end.
      var at = bytes.count - line.count
      while at >= 0, !(bytes[at] == line[0] && Array(bytes[at..<at + line.count]) == line) { at -= 1 }
      if at >= 0 { bytes.replaceSubrange(at..<at + line.count, with: mended) }
    }
  }

  private static func write(_ bytes: [UInt8], _ path: String) {
    do throws(SystemError) {
      _ = try FileSystem.removeFile(path)
      var writer = try DurableWriter(path)
      try writer.write(bytes)
      try writer.publish(syncFolder: false)
    } catch { fatalError("\(error)") }
  }
}
