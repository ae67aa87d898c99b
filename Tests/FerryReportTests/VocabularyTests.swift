import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis
@testable import FerryReport

/// Whatever a diagnosis answers has words in both languages.
@Suite struct VocabularyTests {
    private static let words: [(Vocabulary, [String])] = [
        (.cause, Cause.allCases.map(\.rawValue)), (.mechanism, Mechanism.allCases.map(\.rawValue)),
        (.selector, FerryDiagnosis.Selector(rawValue: 127).words), (.trigger, Trigger.allCases.map(\.rawValue)),
        (.memory, MemoryKind.allCases.map(\.rawValue)), (.remedy, Remedy.allCases.map(\.rawValue)),
        (.owner, Remedy.allCases.map(\.owner)), (.outcome, ProbeOutcome.allCases.map(\.rawValue)),
        (.factor, Experiment.Kind.allCases.map(\.rawValue)),
    ]

    @Test func everyWordHasBothLanguages() {
        for (vocabulary, words) in VocabularyTests.words {
            for word in words {
                #expect(EnglishVocabulary.words[vocabulary]?[word] != nil, "\(vocabulary) \(word)")
                #expect(ChineseVocabulary.words[vocabulary]?[word] != nil, "\(vocabulary) \(word)")
            }
        }
        for locus in Locus.allCases { #expect(Site.Position(rawValue: locus.rawValue) != nil, "\(locus)") }
    }

    @Test(arguments: Trigger.allCases) func triggerIsSaidAsFarAsItIsKnown(_ trigger: Trigger) {
        let english = EnglishWording().triggerSentence(trigger.rawValue)
        let chinese = ChineseWording().triggerSentence(trigger.rawValue)
        if trigger == .unknown {
            #expect(english.contains("What arms it was not observed.") && chinese.contains("未观察到触发条件"))
        } else {
            #expect(english.hasPrefix("As far as is known") && chinese.hasPrefix("据目前所知"))
        }
    }

    @Test(arguments: Remedy.allCases) func requestIsMadeInChineseWithTheSamePlaces(_ remedy: Remedy) {
        let english = remedy.request(from: "192.0.2.1", to: "198.51.100.2:9")
        let chinese = ChineseRequest.sentence(remedy.rawValue, from: "192.0.2.1", to: "198.51.100.2:9")
        #expect((english == nil) == (chinese == nil))
        for place in ["192.0.2.1", "198.51.100.2:9"] {
            #expect(english?.contains(place) == chinese?.contains(place), "\(remedy) \(place)")
        }
    }

    @Test func bothLanguagesHaveTheSameWords() {
        for vocabulary in Vocabulary.allCases {
            let english = Set(EnglishVocabulary.words[vocabulary]?.keys.map(\.self) ?? [])
            #expect(english == Set(ChineseVocabulary.words[vocabulary]?.keys.map(\.self) ?? []), "\(vocabulary)")
        }
    }

    @Test func everyReasonOfAnExperimentIsSaidInChinese() {
        let reasons: [(Reason, String)] = [
            (.hosts, "主机"), (.baseline, "重现"), (.noted, "记录"), (.confirmation, "处置"),
            (.secondLook, "相邻本地端口"), (.widerLook, "其他目的地"), (.rateLook, "限速"), (.ladderLook, "同一主机"),
            (.parts([("policer", 0.82), ("shaper+idle-timeout", 0.1)]), "限速丢包 82%、限速整形＋防火墙或 NAT 对空闲连接超时 10%"),
        ]
        for (reason, word) in reasons {
            var experiment = DiagnosisDocument.Experiment(id: "E01", pair: [], changed: nil)
            experiment.why = reason.text
            experiment.whyKind = reason.kind
            experiment.whyArguments = reason.arguments
            let said = ChineseWording().reason(experiment)?.text
            #expect(said?.contains(word) == true, "\(reason): \(said ?? "")")
            #expect(EnglishWording().reason(experiment)?.text == reason.text)
        }
        var unknown = DiagnosisDocument.Experiment(id: "E01", pair: [], changed: nil)
        unknown.whyKind = "parts"
        #expect(ChineseWording().reason(unknown) == nil)
    }

    @Test(arguments: ["declared-end", "declared-suspect"])
    func whatIsDeclaredAndOfNoUseIsSaidInChinese(kind: String) {
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: "It is of no use.")
        (evidence.kind, evidence.arguments) = (kind, ["203.0.113.11:8080"])
        #expect(ChineseEvidence.sentence(evidence, ChineseWording())?.contains("203.0.113.11:8080") == true)
    }

    @Test(arguments: [
        ("declared-protocol", ["203.0.113.11:8703", "rsync", "HTTP/1.1 400"], "HTTP/1.1 400"),
        ("other-addresses", ["staging.example.net", "203.0.113.11", "203.0.113.12"], "203.0.113.12"),
        ("vantage-beside", ["far", "other-public", "10.10.1.2"], "10.10.1.2"),
        ("cut-capture", ["cut.pcap: it ends inside a packet, at byte 24"], "cut.pcap"),
        ("provider-unread", ["blcks", "2"], "“blcks”等 2 项"), ("provider-time", ["asOf", "noon"], "noon"),
        ("unreadable", ["3", "the records"], "诊断记录中有 3 行"),
    ])
    func whatCouldNotBeReadIsSaidInChinese(kind: String, arguments: [String], words: String) {
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: "It could not be read.")
        (evidence.kind, evidence.arguments) = (kind, arguments)
        #expect(ChineseEvidence.sentence(evidence, ChineseWording())?.contains(words) == true)
    }

    @Test func watchesThatSawNothingAreSaidInChinese() {
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: "")
        (evidence.kind, evidence.arguments) = ("watch", ["staging", "blind", "203.0.113.11:8080"])
        let said = ChineseEvidence.sentence(evidence, ChineseWording()) ?? ""
        #expect(said.contains("staging") && said.contains("203.0.113.11:8080"), "\(said)")
        evidence.arguments = ["staging", "not-begun", "no capture"]
        #expect(ChineseEvidence.sentence(evidence, ChineseWording())?.contains("no capture") == true)
        evidence.arguments = ["staging", "blind"]
        #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == nil)
    }

    @Test func vantageThatCouldNotBeAskedIsSaidInChinese() {
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: "The vantage edge could not be asked: it is gone.")
        (evidence.kind, evidence.arguments) = ("vantage", ["edge", "it is gone"])
        #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == "观测点 edge 未能完成探测：it is gone。")
        evidence.arguments = ["edge"]
        #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == nil)
    }

    @Test func looserGuardsAreSaidInChinese() throws {
        var guards = Site.Guards()
        guards.secondsBetweenConnects = 7
        let note = try #require(guards.note)
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: note.says)
        (evidence.kind, evidence.arguments) = (note.kind, note.arguments)
        let said = ChineseEvidence.sentence(evidence, ChineseWording())
        #expect(said?.contains("间隔 7 秒（默认 60 秒）") == true, "\(said ?? "")")
        #expect(evidence.says.contains("7 s between connections to the suspect (usually 60 s)"))
    }

    @Test func whatIsToldOfTheAllowlistIsSaidInChinese() {
        let time = "2026-01-01T12:00:00.000000Z"
        for (arguments, word) in [
            (["allowlisted", "198.18.2.62", time], "失败时应已放行"),
            (["allowlisted-from", "198.18.2.62", time, time], "最迟"),
            (["allowlisted-since", "198.18.2.62", time], "生效后没有再出现失败"),
        ] {
            var evidence = DiagnosisDocument.Evidence(id: "e1", says: "")
            (evidence.kind, evidence.arguments) = ("provider-record", arguments)
            let said = ChineseEvidence.sentence(evidence, ChineseWording()) ?? ""
            #expect(said.contains(word) && said.contains("198.18.2.62"), "\(said)")
            evidence.arguments = [arguments[0], "198.18.2.62"]
            #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == nil)
        }
    }

    @Test func whereSomethingSpokeIsSaidInBothLanguages() throws {
        let plan = LadderPlan(id: "l9", vantage: "source", host: "203.0.113.11", port: 8080, sends: .request)
        var ladder = LadderRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        ladder.steps = (1...11).filter { $0 != 9 }.map { number in
            let answer: LadderRecord.Step.Answer = number == 7 ? .silence : .expired
            return LadderRecord.Step(timeToLive: number, answer: answer, from: "198.51.100.\(number)", seconds: 0.0152)
        }
        let speeches: [(SpeakerDistance.Speech, [String])] = [
            (.closing(timeToLive: 58, hostTimeToLive: 53), ["第 6 跳（198.51.100.6，15.2 ms）之后", "第 7 跳（无应答）", "11 个"]),
            (
                .closing(timeToLive: 247, hostTimeToLive: 53),
                ["第 8 跳（198.51.100.8", "第 9 跳（未查看）", "推测", "若初始 TTL 为 255"]
            ),
            (.closing(timeToLive: 64, hostTimeToLive: 53), ["经过 0 个", "第 1 跳（198.51.100.1"]),
            (.closing(timeToLive: 53, hostTimeToLive: 53), ["一样远", "推测"]),
            (.closing(timeToLive: 40, hostTimeToLive: 53), ["来自主机之后"]),
            (.error(from: "198.51.100.4"), ["198.51.100.4", "第 4 跳"]), (.error(from: "192.0.2.1"), ["无法判断"]),
        ]
        for (speech, words) in speeches {
            let distance = try #require(SpeakerDistance(speech, ladder))
            var evidence = DiagnosisDocument.Evidence(id: "e1", says: distance.sentence)
            (evidence.kind, evidence.arguments) = ("speaker", distance.arguments)
            let said = try #require(ChineseEvidence.sentence(evidence, ChineseWording()))
            #expect(words.allSatisfy { said.contains($0) }, "\(said)")
            #expect(EnglishWording().evidence(evidence).text == distance.sentence)
        }
        var evidence = DiagnosisDocument.Evidence(id: "e1", says: "")
        for arguments in [["speaker"], ["closing-packet", "6"], ["closing-packet", "x", "1", "", "", "", "", "", ""]] {
            (evidence.kind, evidence.arguments) = ("speaker", arguments)
            #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == nil)
        }
        evidence.arguments = ["closing-packet", "\(Int.max)", "\(Int.min)", "", "", "", "", "", ""]
        #expect(ChineseEvidence.sentence(evidence, ChineseWording()) == nil)
    }

    @Test func everyFindingIsSaidInChinese() {
        var contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        contact.bytes = 200_000
        contact.content = .real
        contact.idleSeconds = 0.61
        contact.isSmallSegmented = true
        let outside = Contact(from: .otherPublic, vantage: 3, by: .outside(3), to: .otherCloud(0), port: .other(80))
        var findings: [Finding] = ProbeOutcome.allCases.map { .outcome(contact, $0) }
        findings += [.outcome(outside, .ok), .speaksAnother(contact)]
        for rejecter in [Finding.Rejecter.host, .nearby, .faraway] {
            findings.append(.rejecter(contact, .icmp, rejecter))
        }
        for meaning in [ICMPFacts.Meaning.prohibited, .portUnreachable, .unreachable, .timeExceeded] {
            findings.append(.icmpSays(contact, .icmp, meaning))
        }
        for value in [true, false] {
            findings += [
                .requestSeen(contact, .synTimeout, at: .sourceHost, value),
                .answerSeen(contact, .synTimeout, at: .sourceHost, value),
                .requestSeen(contact, .ok, at: .service, value), .answerSeen(contact, .ok, at: .sourceEgress, value),
                .endIsForged(contact, .ok, value), .endComesFromAsFar(contact, .ok, value),
                .handshakeIsShort(contact, value), .refusalNamesLimit(value),
                .isChallenged(contact, value), .onlyECNIsLost(contact, value), .lacksWindowScale(contact, value),
                .lacksSelectiveAcknowledgement(contact, value), .roundTripGrows(contact, value),
                .receiverLimits(contact, value),
                .reorders(contact, value), .listens(value),
                .queueOverflows(value), .hasRouteBack(value), .leavesUnread(value), .portsAreExhausted(value),
                .offersECN(value),
                .ownsSuspectAddress(value), .addressChanges(value), .uplinkIsFull(value), .nothingHasFailed(value),
                .controlsDisagree(value),
            ]
        }
        findings += [Finding.NameFinding.leadsElsewhere, .leadsTheSameWay, .leadsNowhere].map { .name($0) }
        findings += [Finding.Loss.none, .light, .heavy, .severe].map { .loss(contact, $0) }
        findings += [Finding.ServerEnd.nothing, .reset, .close, .afterClient].map { .serverEnded(contact, .ok, $0) }
        findings += [Finding.Onset.burst, .volume, .quiet].map { .onset($0) }
        findings += [
            Finding.ProviderFinding.blocksKey, .blocksSource, .blocksSomebody, .scrubs, .blackHole, .nothing,
            .nothingKnown, .outdated,
        ]
        .map { .providerRecord($0) }
        findings += [.isAllowlisted(source: "198.18.2.62", since: UTCTime(microseconds: 0))]
        for finding in findings {
            var evidence = DiagnosisDocument.Evidence(id: "e1", says: FindingText.sentence(finding))
            evidence.kind = FindingText.kind(finding)
            evidence.arguments = FindingText.arguments(finding)
            #expect(ChineseEvidence.sentence(evidence, ChineseWording()) != nil, "\(evidence.says)")
        }
    }
}
