import FerryEvidence
import Testing

@testable import FerryReport

@Suite struct KnownPathTests {
    @Test(arguments: ["cloud-network", "Cloud network 3", "VPC", "云内网络"])
    func cloudsNetworkIsNotItsEdge(_ name: String) {
        let path = KnownPath(["carrier", "cloud-edge", name], loci: [])
        #expect(path.names[.cloudEdge] == ["cloud-edge"] && path.names[.cloudNetwork] == [name])
    }
}
