import FerryCore
import Testing

@Suite struct JSONTextTests {
    @Test func membersKeepTheirOrderAndAreEscaped() {
        let text = JSONText.object { json in
            json.member("b", "say \"hi\"\n\u{1}")
            json.member("a", 5)
            json.member("none", nil as String?)
            json.member("half", 0.5)
            json.member(
                "list",
                array: {
                    $0.value(1); $0.value("x")
                }
            )
            json.member("empty", object: { _ in })
            json.member("yes", true)
        }
        #expect(
            text == #"{"b":"say \"hi\"\n\u0001","a":5,"half":0.5,"list":[1,"x"],"empty":{},"yes":true}"#
        )
    }

    @Test func whatATerminalObeysIsEscapedAndOtherTextIsNot() {
        #expect(JSONText.object { $0.member("x", "\u{9B}2J\u{7F}é中🚢") } == #"{"x":"\u009b2J\u007fé中🚢"}"#)
    }

    @Test func numbersThatJSONLacksBecomeNull() {
        #expect(JSONText.object { $0.member("x", Double.nan) } == #"{"x":null}"#)
        #expect(JSONText.object { $0.member("x", -0.25) } == #"{"x":-0.25}"#)
    }
}
