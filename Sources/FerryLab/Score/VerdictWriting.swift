internal import FerryCore

extension Verdict {
    /// It as `ferry.diagnosis/1`, with the keys that are scored.
    public var json: String {
        JSONText.object { json in
            json.member("schema", "ferry.diagnosis/1")
            json.member("tier", tier)
            json.member(
                "verdict",
                object: { answer in
                    answer.member("level", level.rawValue)
                    answer.member("causes", texts: causes)
                    answer.member("loci", texts: loci)
                    answer.member("mechanism", mechanism)
                    answer.member("selector", texts: selector)
                    answer.member("trigger", trigger)
                    answer.member(
                        "memory",
                        object: { below in
                            below.member("kind", memory.kind)
                            if let seconds = memory.seconds {
                                below.member(
                                    "seconds",
                                    array: { list in
                                        list.value(seconds.lowerBound)
                                        list.value(seconds.upperBound)
                                    }
                                )
                            }
                        }
                    )
                    answer.member("remedy", remedy)
                    answer.member("confidence", confidence)
                }
            )
            json.member(
                "alternatives",
                array: { list in
                    for one in alternatives {
                        list.object { below in
                            below.member("causes", texts: one.causes)
                            below.member("remedy", one.remedy)
                            below.member("probability", one.probability)
                        }
                    }
                }
            )
            json.member(
                "indistinguishable",
                array: { list in
                    for one in indistinguishable {
                        list.object { below in
                            below.member("causes", texts: one.causes)
                            below.member("separatedBy", one.separatedBy)
                        }
                    }
                }
            )
            json.member(
                "cost",
                object: { below in
                    below.member("suspectConnects", cost.suspectConnects)
                    below.member("seconds", cost.seconds)
                    below.member("bytes", cost.bytes)
                }
            )
        }
    }
}

extension JSONText {
    /// Writes a member with an array of strings.
    fileprivate mutating func member(_ name: String, texts: [String]) {
        member(name, array: { list in for text in texts { list.value(text) } })
    }
}
