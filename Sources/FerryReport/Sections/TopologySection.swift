internal import FerryEvidence

extension ReportWriter {
    var topology: ReportDocument.Section? {
        let path = KnownPath(incident.site?.path ?? [], loci: isFault ? verdict.loci : [])
        let drawing = PathDrawing(
            path: path,
            rows: scope.rows,
            vantages: incident.site?.vantages ?? [],
            mark: isUndecided ? wording.faultPerhapsHere : wording.faultHere,
            wording: wording
        )
        var blocks: [ReportDocument.Block] = [.figure(drawing.figure(caption: wording.topologyCaption))]
        if incident.site?.path.isEmpty ?? true { blocks.append(.paragraph(Line(wording.pathUnknown))) }
        return ReportDocument.Section(id: "topology", title: wording.topologyTitle, blocks: blocks)
    }
}
