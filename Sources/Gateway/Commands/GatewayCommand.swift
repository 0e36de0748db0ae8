internal import ArgumentParser

/// The executable: a gateway, and the tools of its operator.
@main
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "A Socket.IO gateway for customer support by people and bots together.",
        discussion: """
            Every option is also an environment variable (PUENTE_DATA_DIR, PUENTE_DATABASE_URL, …) and a key of the \
            YAML file given by --config. Flags win over the environment, the environment over the file.
            """,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, ApplyCommand.self, TokenCommand.self, APIKeyCommand.self,
            WidgetKeyCommand.self, RevokeCommand.self, WebhookCommand.self, PrivacyCommand.self, AuditCommand.self,
            DoctorCommand.self,
            SentimentCommand.self, SimulateCommand.self,
        ]
    )
}
