internal import CFerryLinux
internal import Glibc

/// The standard output of this program.
public enum StandardOutput {
    /// Writes what it still holds.
    /// - Returns: why not all that was printed could be written; nil if it could, or if nobody reads it any more.
    public static func finish() -> String? {
        let number = ferry_finish_output()
        if number == 0 { return nil }
        return number < 0 ? "a part of it was refused while this went on" : String(cString: strerror(number))
    }
}
