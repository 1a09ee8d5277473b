import ArgumentParser
import SpotCheck

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "How the numbers of 'rate' come about: definition, snapshot, what was read.",
    discussion: """
      Put 'explain' in place of 'rate': the same question is asked, and instead of the numbers it says what was counted
      how, from which snapshot, how much was read for it, and where every sample went.

      EXAMPLES
        spotcheck explain --store store --by category,district
        spotcheck explain --store store --by year --where "district = 湟中区" --as-of 2024年报 --format json
      """)

  @OptionGroup var question: RateCommand

  func run() throws { try question.explain() }
}
