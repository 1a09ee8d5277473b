import Synchronization

/// Answers that were worked out once, for whoever asks again: the dictionaries of segments have mostly the same entries.
///
/// Only about ASCII, as codes are: Unicode calls other texts equal that are not the same bytes, and which of them was asked
/// about first would show.
final class Remembered<Answer: Sendable>: Sendable {
  private let known = Mutex<[String: Answer]>([:])

  /// - Parameter answer: says the same to the same question, always.
  func of(_ question: String, _ answer: (String) -> Answer) -> Answer {
    guard question.utf8.allSatisfy({ $0 < 0x80 }) else { return answer(question) }
    if let answer = known.withLock({ $0[question] }) { return answer }
    let answer = answer(question)
    known.withLock { $0[question] = answer }
    return answer
  }
}
