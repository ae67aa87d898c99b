import Foundation

/// A disk image that is copied, and what is on it.
struct WorkloadDisk {
    let name: String
    let image: String
    let size: Int
    /// Bytes of the image that are in no hole.
    let dataBytes: Int
    let layout: DiskLayout
}

extension WorkloadDisk {
    /// Looks at `image`, whose name in the tables is `name`.
    init(_ name: String, image: String) throws(BenchmarkError) {
        let file = try SparseFile(image)
        guard file.size > 0, file.size % 4096 == 0 else {
            throw BenchmarkError(.input, "\(image) is no disk image: it has \(file.size) bytes")
        }
        self.name = name
        self.image = image
        size = file.size
        dataBytes = try file.dataBytes()
        layout = try DiskLayout(image: image, size: file.size)
    }

    /// What the image is for a reader of results.
    struct Description: Codable {
        var name: String
        var sizeBytes: Int
        var dataBytes: Int
        var freeBytes: Int
    }

    var summary: Description {
        Description(name: name, sizeBytes: size, dataBytes: dataBytes, freeBytes: layout.freeBytes)
    }
}

/// The three disks: a server, the same server later, and a sister server.
struct Workloads {
    let first: WorkloadDisk
    let later: WorkloadDisk
    let sister: WorkloadDisk

    var all: [WorkloadDisk] { [first, later, sister] }

    /// The disks w1.img, w2.img and w3.img of `directory`.
    init(in directory: String) throws(BenchmarkError) {
        func disk(_ name: String) throws(BenchmarkError) -> WorkloadDisk {
            let image = URL(filePath: "\(directory)/\(name).img").standardizedFileURL.path
            return try WorkloadDisk(name.uppercased(), image: image)
        }
        first = try disk("w1")
        later = try disk("w2")
        sister = try disk("w3")
    }
}
