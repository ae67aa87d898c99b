import FerryCore
import Testing

@Suite struct VisibleTextTests {
    @Test func whatATerminalObeysIsMadeVisible() {
        #expect(VisibleText.of("a\u{1B}[2Jb\u{202E}c\n") == "a⟨U+001B⟩[2Jb⟨U+202E⟩c⟨U+000A⟩")
        #expect(VisibleText.of("a\nb\u{0}", keepsLines: true) == "a\nb⟨U+0000⟩")
        #expect(VisibleText.of("迁移 ok") == "迁移 ok")
    }

    @Test func oneCharacterOfManyMarksIsCutAsAnythingElse() {
        let marked = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(marked.count == 1)
        #expect(VisibleText.of(marked, most: 40).unicodeScalars.count == 40)
        #expect(VisibleText.of("ab\n", most: 2) == "ab" && VisibleText.of("ab\n", most: 3) == "ab⟨U+000A⟩")
    }
}
