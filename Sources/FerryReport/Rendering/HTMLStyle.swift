extension HTMLReport {
    /// For a screen by day and by night, narrow or wide, and for paper. Marks differ in form as well as in colour.
    static let style = """
        :root { color-scheme: light dark; --text: #1c2127; --muted: #5c6670; --line: #d5dade; --paper: #ffffff; --box: #f5f7f9;
          --bad: #b3261e; --bad-fill: #fdecea; --good: #1e6f43; --good-fill: #e9f5ee; --accent: #1f5fa8; }
        @media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --muted: #9ba6b0; --line: #3a424a; --paper: #14181c;
          --box: #1d2329; --bad: #ff8a80; --bad-fill: #3b1f1f; --good: #7fd1a1; --good-fill: #17301f; --accent: #8bbcf0; } }
        * { box-sizing: border-box }
        body { font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
          color: var(--text); background: var(--paper); max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance }
        h2 { font-size: 1.2rem; margin: 2.25rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
        p, ul { margin: .5rem 0 } ul { padding-left: 1.3rem }
        a { color: var(--accent) }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, "Noto Sans Mono CJK SC", monospace; font-size: .88em }
        code { overflow-wrap: break-word }
        pre { background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: .9rem 1rem; line-height: 1.45;
          white-space: pre-wrap; overflow-wrap: anywhere }
        dl { margin: .6rem 0 } dt { color: var(--muted) } dd { margin: 0; overflow-wrap: anywhere }
        dl.about { display: flex; flex-wrap: wrap; gap: .3rem 2rem; font-size: .92rem }
        dl.about div { display: flex; gap: .5rem } dl.about dt { white-space: nowrap }
        dl.facts div { display: grid; grid-template-columns: minmax(7rem, 13rem) 1fr; gap: 1rem; padding: .3rem 0;
          border-bottom: 1px solid var(--line) }
        dl.brief { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem 1.5rem; margin-bottom: 0 }
        dl.brief dt { font-size: .85rem }
        .lead { border: 1px solid var(--line); border-left: 6px solid var(--bad); border-radius: 6px; background: var(--bad-fill);
          padding: .9rem 1.2rem; margin: 1.25rem 0 }
        .lead.well { border-left-color: var(--good); background: var(--good-fill) }
        .level { font-weight: 700; color: var(--bad); margin: 0 } .well .level { color: var(--good) }
        .answer { font-size: 1.1rem; margin: .25rem 0 .75rem }
        nav ol { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: .5rem 0; font-size: .92rem }
        .wide { overflow-x: auto }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .6rem 0 }
        th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
        th { color: var(--muted); font-weight: 600; border-bottom-width: 2px; white-space: nowrap }
        tr:target { background: var(--good-fill) }
        .good { color: var(--good); font-weight: 600 } .bad { color: var(--bad); font-weight: 600 } .muted { color: var(--muted) }
        figure { margin: .8rem 0 } figcaption { color: var(--muted); font-size: .9rem }
        footer { margin-top: 2.5rem; padding-top: .6rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .88rem }
        svg { display: block; min-width: 52rem; width: 100%; height: auto; font: 12px system-ui, "Noto Sans", "PingFang SC",
          "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
        svg text { fill: var(--text) } svg .small { font-size: 10.5px; fill: var(--muted) } svg .title { font-weight: 600 }
        svg .box { fill: var(--box); stroke: var(--line); stroke-width: 1.2 }
        svg .locus { fill: var(--bad-fill); stroke: var(--bad); stroke-width: 2.6 }
        svg .bad { fill: var(--bad); font-weight: 600 } svg .good { fill: var(--good); font-weight: 600 }
        svg text.bad, svg text.good { paint-order: stroke; stroke: var(--paper); stroke-width: 4px }
        svg .bad-line { stroke: var(--bad); stroke-width: 2; fill: none } svg .good-line { stroke: var(--good); stroke-width: 2; fill: none }
        svg .data-line { stroke: var(--text); stroke-width: 1.4; fill: none }
        svg .again-line { stroke: var(--bad); stroke-width: 3; fill: none }
        svg .axis { stroke: var(--line); stroke-width: 1; fill: none } svg .band { fill: var(--accent); opacity: .13 }
        svg .guide { stroke: var(--bad); stroke-width: 1; stroke-dasharray: 3 4; opacity: .55; fill: none }
        svg .accent-line { stroke: var(--accent); stroke-width: 1.8; fill: none }
        @media print { :root { color-scheme: light; --text: #000; --muted: #444; --line: #bbb; --paper: #fff; --box: #f6f6f6;
          --bad: #a01010; --bad-fill: #fdecea; --good: #14532d; --good-fill: #eef7f1; --accent: #1f4e8c }
          body { max-width: none; padding: 0; font-size: 10.5pt } nav { display: none }
          h2 { break-after: avoid } tr, figure, .lead, dl.facts div { break-inside: avoid } .wide { overflow: visible }
          svg { min-width: 0 } a { color: inherit; text-decoration: none } @page { margin: 16mm 14mm } }
        @media screen and (max-width: 40rem) { body { padding: 1rem .8rem 2rem } table { min-width: 42rem } table.few { min-width: 0 } table.many { min-width: 58rem } dl.facts div { grid-template-columns: 1fr; gap: 0 } }
        """
}
