public import ArgumentParser
public import SpotCheck

// Words of the library that are arguments on the command line, spelled as their raw values.

extension AuditLanguage: ExpressibleByArgument {}
extension ChartAxis: ExpressibleByArgument {}
extension ChartKind: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}
extension DeliveredFormat: ExpressibleByArgument {}
extension GeneratedBureau: ExpressibleByArgument {}
extension ListKind: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension MapView: ExpressibleByArgument {}
extension OutputEncoding: ExpressibleByArgument {}
extension AnswerLanguage: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}
extension SettingName: ExpressibleByArgument {}
extension ParkRule: ExpressibleByArgument {}
extension EnterpriseRole: ExpressibleByArgument {}
