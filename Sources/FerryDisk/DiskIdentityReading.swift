public import FerryCore
internal import Glibc

extension Disk {
    /// What makes this disk this disk, for `DiskIdentity.compared(with:)`.
    /// - Throws: `FerryError` if the first sectors of the disk cannot be read.
    public func identity() throws(FerryError) -> DiskIdentity {
        var facts: [DiskIdentity.Fact] = []
        func add(_ kind: DiskIdentity.Kind, _ value: String?) {
            if let value, !value.isEmpty { facts.append(DiskIdentity.Fact(kind, value)) }
        }
        if let device {
            let hardware = Hardware(device)
            add(.wwn, hardware.worldWideName)
            add(.deviceMapper, hardware.deviceMapperUUID)
            add(.serial, hardware.serial)
        }
        let table = try PartitionTable(of: self)
        switch table.kind {
        case .gpt: add(.gptGUID, table.diskID)
        case .mbr, .none: add(.mbrSignature, table.diskID)
        }
        let regions = table.kind == .none ? [geometry.wholeDisk] : table.partitions.map(\.extent)
        for region in regions {
            guard let uuid = try? FileSystemProbe(self, region: region).uuid else { continue }
            add(.fileSystemUUID, uuid)
            break
        }
        if facts.isEmpty, geometry.kind == .imageFile {
            var status = stat()
            if fstat(descriptor, &status) == 0 { add(.inode, "\(DeviceNumber(UInt(status.st_dev)))/\(status.st_ino)") }
        }
        add(.size, "\(geometry.size.bytes)")
        return DiskIdentity(facts: facts)
    }

    /// Refuses a disk that is not the one it was.
    /// - Throws: `FerryError` with `ErrorCode.diskSwapped`, saying which fact differs.
    public func require(_ was: DiskIdentity) throws(FerryError) {
        guard case .different(let old, let new) = was.compared(with: try identity()) else { return }
        throw FerryError(
            .diskSwapped,
            operation: "use the disk",
            subject: name,
            cause: "it is another disk than before: its \(old.kind.rawValue) was \(old.value) and is now \(new.value)",
            advice: "Name the path of the disk the job began with, or start a new job for this one."
        )
    }

    /// What /sys says about the hardware.
    private struct Hardware {
        private let folder: String
        /// A partition has its disk's name, and a place on it.
        private let suffix: String

        init(_ device: DeviceNumber) {
            let own = BlockDevices().folder(device)
            if let number = HostFiles.number("\(own)/partition") {
                folder = own + "/.."
                suffix = "-part\(number)"
            } else {
                folder = own
                suffix = ""
            }
        }

        /// NVMe has it at the disk, SCSI at the device below.
        var worldWideName: String? { first("wwid", "device/wwid") }
        var serial: String? { first("serial", "device/serial") ?? unitSerialNumber }
        var deviceMapperUUID: String? { first("dm/uuid") }

        private func first(_ files: String...) -> String? {
            files.lazy.compactMap { HostFiles.text("\(folder)/\($0)") }.first.map { $0 + suffix }
        }

        /// SCSI, vital product data page 0x80: four bytes of header, then the serial number as ASCII.
        private var unitSerialNumber: String? {
            guard let page = HostFiles.bytes("\(folder)/device/vpd_pg80"), page.count > 4, page[1] == 0x80 else {
                return nil
            }
            let text = page[4...].filter { (0x21...0x7E).contains($0) }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self) + suffix
        }
    }
}
