// One import for users, free rein inside: the facade holds no code.

@_exported public import SpotCheckAudit
@_exported public import SpotCheckCatalogue
@_exported public import SpotCheckCuration
@_exported public import SpotCheckDigest
@_exported public import SpotCheckGenerator
@_exported public import SpotCheckModel
@_exported public import SpotCheckOperations
@_exported public import SpotCheckPipeline
@_exported public import SpotCheckQuery
@_exported public import SpotCheckReading
@_exported public import SpotCheckReceipts
@_exported public import SpotCheckShell
@_exported public import SpotCheckStatistics
@_exported public import SpotCheckStore
@_exported public import SpotCheckSystem
