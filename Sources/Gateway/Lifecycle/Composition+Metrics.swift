internal import EngineIO
internal import Storage
internal import Transport

extension Composition {
    /// Numbers that are counted elsewhere and read when somebody scrapes.
    func addMetricSources(transport: TransportServer, state: ServiceState) {
        self.metrics.addSource {
            let now = await transport.metrics()
            var samples = [
                MetricSample("puente_connections_accepted_total", .counter, now.connectionsAccepted),
                MetricSample("puente_connections", .gauge, now.connectionsOpen),
                MetricSample("puente_requests_total", .counter, now.requests),
                MetricSample("puente_requests_refused_total", .counter, now.requestsRefused),
                MetricSample("puente_sessions_opened_total", .counter, now.sessionsOpened),
                MetricSample("puente_sessions", .gauge, now.sessionsOpen),
                MetricSample("puente_sessions_polling", .gauge, now.sessionsPolling),
                MetricSample("puente_upgrades_total", .counter, now.upgrades),
                MetricSample("puente_messages_received_total", .counter, now.messagesReceived),
                MetricSample("puente_messages_sent_total", .counter, now.messagesSent),
                MetricSample("puente_bytes_received_total", .counter, now.bytesReceived),
                MetricSample("puente_bytes_sent_total", .counter, now.bytesSent),
                MetricSample("puente_timers", .gauge, now.timers),
                MetricSample("puente_pending_bytes", .gauge, now.pendingBytes),
            ]
            for (reason, count) in zip(CloseReason.allCases, now.closes) {
                samples.append(
                    MetricSample("puente_closes_total", .counter, count, labels: [("reason", "\(reason)")])
                )
            }
            return samples
        }
        self.addDatabaseSource(state: state)
    }

    /// What the batching writer did.
    func addMetricSource(desk: MessageDesk) {
        self.metrics.addSource {
            [
                MetricSample("puente_messages_batched_total", .counter, desk.stored),
                MetricSample("puente_message_batches_total", .counter, desk.batches),
                MetricSample("puente_messages_waiting", .gauge, desk.waiting),
            ]
        }
    }

    /// Whom their workspace's quota kept out. Which workspace is no label: there may be thousands.
    func addMetricSource(quotas: WorkspaceQuotas) {
        self.metrics.addSource {
            [MetricSample("puente_workspace_full_total", .counter, quotas.refused)]
        }
    }

    /// Who waits to read old messages, or has waited in vain.
    func addMetricSource(history: HistoryLine) {
        self.metrics.addSource {
            [
                MetricSample("puente_history_waiting", .gauge, history.waiting),
                MetricSample("puente_history_refused_total", .counter, history.refused),
            ]
        }
    }

    /// What goes outside.
    func addMetricSource(webhooks: WebhookCourier) {
        self.metrics.addSource {
            let now = webhooks.figures
            return [
                MetricSample("puente_webhooks_delivered_total", .counter, now.delivered),
                MetricSample("puente_webhooks_failed_total", .counter, now.failed),
                MetricSample("puente_webhooks_dead_total", .counter, now.dead),
                MetricSample("puente_webhooks_stale_total", .counter, now.stale),
                MetricSample("puente_webhooks_waiting", .gauge, now.waiting),
                MetricSample("puente_webhooks_dead_letters", .gauge, now.deadLetters),
                MetricSample("puente_webhooks_oldest_waiting_seconds", .gauge, now.oldestMilliseconds / 1000),
            ]
        }
    }

    private func addDatabaseSource(state: ServiceState) {
        let database = self.storage.database
        self.metrics.addSource {
            let pool = database.statistics
            return [
                MetricSample("puente_database_available", .gauge, pool.isAvailable ? 1 : 0),
                MetricSample("puente_ready", .gauge, state.isReady ? 1 : 0),
            ]
        }
    }
}
