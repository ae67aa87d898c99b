extension ProgressLine {
    /// Tells `text`, of the seconds that have passed, now and then until `body` is done.
    /// - Parameter pace: when the first line is told where there is no terminal, and how often then.
    static func tell<Value>(
        pace: Duration = .milliseconds(1500),
        _ text: @escaping @Sendable (Int64) -> String,
        isolation: isolated (any Actor)? = #isolation,
        while body: () async throws -> Value
    ) async rethrows -> Value {
        let teller = Task {
            let began = ContinuousClock.now
            let progress = ProgressLine(pace: pace)
            defer { progress.end() }
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(200))
                if !Task.isCancelled { progress.show(text((ContinuousClock.now - began).components.seconds)) }
            }
        }
        do {
            let value = try await body()
            teller.cancel()
            await teller.value
            return value
        } catch {
            teller.cancel()
            await teller.value
            throw error
        }
    }
}
