package io.baton.lab.check;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** The checker: a program, and methods for tests. */
public final class Check {

    private Check() {}

    /** See {@code --help}. */
    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(CheckOptions.HELP);
            return;
        }
        try {
            CheckOptions options = CheckOptions.parse(args);
            CheckReport report = run(options);
            System.out.println(options.json() ? report.json() : report.text());
            System.exit(report.exitCode());
        } catch (IllegalArgumentException | IllegalStateException | KafkaException e) {
            System.err.println(e.getMessage());
        } catch (IOException | SQLException e) {
            System.err.println("Expected to read the stack but cannot: " + e.getMessage());
        }
        System.exit(2);
    }

    /**
     * Waits until nothing is under way and judges.
     *
     * @throws IllegalArgumentException if there is no stack or it lacks something
     * @throws IOException if the history or the gateway's ledger cannot be read
     * @throws SQLException if a database cannot be read
     */
    public static CheckReport run(CheckOptions options) throws IOException, SQLException, InterruptedException {
        StackDescription stack = StackDescription.read(options.stack());
        ClientHistory history =
                options.history() == null ? ClientHistory.none() : ClientHistory.read(options.history());
        try (Broker broker = new Broker(stack.bootstrapServers())) {
            boolean quiet = Quiescence.await(stack, broker, options.patience());
            GatewayLedger ledger = GatewayLedger.read(stack.simulator());
            try (Databases databases = new Databases(stack.databases())) {
                return judge(databases, ledger, history, new MessagingPromises(broker), quiet);
            }
        }
    }

    static CheckReport judge(
            Databases databases, GatewayLedger ledger, ClientHistory history, Promises messaging, boolean quiet)
            throws SQLException {
        Coverage coverage = new Coverage();
        List<Promises> all = List.of(
                new AcceptancePromises(history),
                new EndPromises(),
                new SagaHistoryPromises(),
                new MoneyPromises(ledger),
                new StockPromises(),
                new EffectPromises(),
                new OperatorPromises(),
                messaging,
                coverage);
        OrderDossiers.forEach(databases, ledger, history, order -> all.forEach(promises -> promises.order(order)));
        SagaDossiers.forEach(databases, saga -> all.forEach(promises -> promises.saga(saga)));
        List<Finding> findings = new ArrayList<>();
        for (Promises promises : all) {
            promises.query(databases);
            findings.addAll(promises.findings());
        }
        findings.sort(Comparator.comparingInt(finding -> Integer.parseInt(finding.promise().substring(1))));
        return new CheckReport(List.copyOf(findings), coverage.ended(), quiet);
    }
}
