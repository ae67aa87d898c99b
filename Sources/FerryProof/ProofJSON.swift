public import FerryCore
internal import FerryIdentity

extension ProofStatement {
    /// Writes the statement's parts as members of an object.
    public func write(to json: inout JSONText) {
        json.member("volume", volume)
        json.member("volumeId", volumeIdentifier)
        json.member("agent", agent.name)
        json.member("diskIdentity", diskIdentity)
        json.member("diskSizeBytes", diskSize.bytes)
        json.member("cutRule", cutRule)
        json.member("pass", pass)
        json.member("generation", generation)
        json.member("consistency", consistency.rawValue)
        json.member("startedAt", startedAt.description)
        json.member("endedAt", endedAt.description)
        json.member("verifiedAt", verifiedAt.description)
        json.member("signedAt", signedAt.description)
        json.member("root", manifest.root.description)
        json.member("manifestBytes", manifest.length)
        json.member("dataBytes", manifest.dataBytes)
        json.member("zeroBytes", manifest.zeroBytes)
        json.member("unusedBytes", manifest.unusedBytes)
        json.member("damagedBytes", manifest.damagedBytes)
        json.member("release", release)
    }
}

extension ConfirmedProof {
    /// Writes who signed, and what that rests on, as members of an object.
    public func write(to json: inout JSONText) {
        json.member("signer", signer.identity.uri)
        json.member("certificateFingerprint", signer.certificateFingerprint.description)
        json.member("authorityFingerprint", signer.authority.fingerprint.description)
        json.member("authorityNamed", signer.isAuthorityNamed)
        json.member("regions", regions)
        json.member("damagedExtents", array: damaged.write)
    }
}

extension ImageComparison {
    /// Writes what the comparison showed as members of an object.
    public func write(to json: inout JSONText) {
        json.member("equal", isEqual)
        json.member("imageSizeBytes", imageSize.bytes)
        json.member("rightSize", hasRightSize)
        json.member("differingRegions", differingRegions)
        json.member("differingBytes", differing.bytes)
        json.member("differingExtents", array: differing.write)
        json.member("comparedFrom", startedAt.description)
        json.member("comparedTo", endedAt.description)
    }
}

extension ExtentList {
    /// Writes the first extents as values of an array.
    public func write(to json: inout JSONText) {
        for extent in first {
            json.object {
                $0.member("start", extent.start.bytes)
                $0.member("length", extent.length.bytes)
            }
        }
    }
}
