import Foundation

/// Where words go: at once, also into a file.
enum Output {
    static func line(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
    static func error(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
