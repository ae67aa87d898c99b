import Testing

@testable import FerryPreCheck

@Suite struct NetworkConfigurationTests {
    @Test(arguments: [
        ("/etc/network/interfaces", "auto eth0\niface eth0 inet static\n  address 10.0.0.5/24\n"),
        ("/etc/network/interfaces.d/eth0", "iface eth0 inet6 static\n"),
        ("/etc/netplan/50-x.yaml", "ethernets:\n  eth0:\n    addresses: [10.0.0.5/24]\n"),
        ("/etc/NetworkManager/system-connections/eth0.nmconnection", "[ipv4]\nmethod=manual\n"),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", "BOOTPROTO=none\nIPADDR=10.0.0.5\n"),
        ("/etc/sysconfig/network/ifcfg-eth0", "IPADDR='10.0.0.5/24'\n"),
        ("/etc/systemd/network/eth0.network", "[Network]\nAddress=10.0.0.5/24\n"),
    ])
    func `fixed addresses are found wherever a distribution keeps them`(path: String, text: String) throws {
        let server = try MadeUpServer()
        try server.file(path, text)
        let finding = try server.finding(.staticAddresses)
        #expect(finding.level == .warning && finding.seen.contains(path))
    }

    @Test(arguments: [
        ("/etc/network/interfaces", "iface eth0 inet dhcp\n# iface eth1 inet static\n"),
        (
            "/etc/netplan/50-x.yaml",
            "eth0:\n  dhcp4: true\n  nameservers:\n    search: [a]\n    addresses: [10.0.0.1]\n"
        ),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", "BOOTPROTO=dhcp\n"),
        ("/etc/sysconfig/network-scripts/ifcfg-lo", "IPADDR=127.0.0.1\n"),
        ("/etc/systemd/network/eth0.network", "[Network]\nDHCP=yes\n"),
    ])
    func `addresses given by the network are fine`(path: String, text: String) throws {
        let server = try MadeUpServer()
        try server.file(path, text)
        #expect(try server.finding(.staticAddresses).level == .ok)
    }

    @Test func `configurations for one hardware address are found`() throws {
        let server = try MadeUpServer()
        try server.file("/etc/sysconfig/network-scripts/ifcfg-eth0", "BOOTPROTO=dhcp\nHWADDR=52:54:00:12:34:56\n")
        let finding = try server.finding(.staticAddresses)
        #expect(finding.level == .warning && finding.seen.contains("hardware address"))
    }

    @Test func `rules that name interfaces by hardware address are found with the names`() throws {
        let server = try MadeUpServer()
        try server.file("/etc/hostname", "x")
        #expect(try server.finding(.interfaceNames).level == .ok)
        try server.file(
            "/etc/udev/rules.d/70-persistent-net.rules",
            "# PCI device\nSUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"52:54:00:12:34:56\", KERNEL==\"eth*\", "
                + "NAME=\"eth0\"\n"
        )
        let finding = try server.finding(.interfaceNames)
        #expect(finding.level == .warning && finding.seen.contains("(eth0)"))
    }

    @Test func `cloud-init is a warning unless it is switched off`() throws {
        let server = try MadeUpServer()
        try server.file("/etc/cloud/cloud.cfg", "")
        #expect(try server.finding(.cloudInit).level == .warning)
        try server.file("/etc/cloud/cloud-init.disabled", "")
        #expect(try server.finding(.cloudInit).level == .ok)
    }
}
