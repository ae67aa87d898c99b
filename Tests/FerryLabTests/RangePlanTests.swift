import Testing

@testable import FerryLab

@Suite struct RangePlanTests {
    @Test func planMakesDevicesThenAddressesThenRoutes() throws {
        let text = """
            topology: t
            nodes:
              - { name: a, addresses: [192.0.2.1/32], routes: [default via 10.0.0.2], rules: [from all lookup 9 pref 9] }
              - { name: sw, bridge: { address: 10.0.0.2/24 } }
              - { name: b }
            links:
              - name: one
                near: { node: a, device: eth0, address: 10.0.0.1/24 }
                far: { node: sw, device: p1 }
              - name: two
                near: { node: sw, device: up }
                far: { node: b, device: eth0, address: 10.0.0.3/24 }
                line: { delay: 1ms }
            """
        let plan = RangePlan(try Topology(parsing: text, path: "t")) { "/ns/\($0)" }
        #expect(
            plan.base == [
                "link add name eth0 netns /ns/a type veth peer name p1 netns /ns/sw"
            ]
        )
        #expect(
            plan.moves == [
                "link set dev ll0n netns /ns/sw name up txqueuelen 5000",
                "link set dev ll0f netns /ns/b name eth0 txqueuelen 5000",
            ]
        )
        #expect(plan.perNode.map(\.node) == ["a", "sw", "b"])
        #expect(
            plan.perNode[0].lines == [
                "link set dev lo up", "addr add 192.0.2.1/32 dev lo", "addr add 10.0.0.1/24 dev eth0",
                "link set dev eth0 up", "route add default via 10.0.0.2", "rule add from all lookup 9 pref 9",
            ]
        )
        #expect(plan.perNode[1].lines.contains("link set dev p1 master br0"))
    }
}
