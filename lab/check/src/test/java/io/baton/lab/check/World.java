package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.embedded.PostgresServer;
import io.baton.lab.check.OrderDossier.ClientRow;
import io.baton.lab.check.StackDescription.DatabaseAddress;
import io.baton.lab.check.StackDescription.Service;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Five databases and what the gateway and a client know: the ground on which a test plants one fault. */
final class World implements AutoCloseable {

    static final long COMPLETED = 1_001;
    static final long BY_CARD = 1_002;
    static final long REFUSED_BY_DELIVERY = 1_003;
    static final long REFUSED_BY_STOCK = 1_004;
    static final long PAYMENT_UNKNOWN = 1_005;
    static final long UNDONE = 1_006;
    static final long KEPT = 1_007;

    /** A saga's id is its order's and so much. */
    static final long SAGA = 1_000_000;

    /** The id of the saga that undoes a completed order is the order's and so much. */
    static final long CANCELLATION = 2_000_000;

    static final long TOTAL = 2_500;

    private final PostgresServer server;
    final List<GatewayLedger.Entry> ledger = new ArrayList<>();
    final List<ClientRow> accepted = new ArrayList<>();
    final Map<String, List<Long>> idsByKey = new LinkedHashMap<>();
    final List<String> rejectedKeys = new ArrayList<>();
    final Map<Long, List<ClientHistory.Read>> reads = new LinkedHashMap<>();

    private final Map<Service, Connection> connections = new EnumMap<>(Service.class);

    World(PostgresServer server) {
        this.server = server;
    }

    /** Orders of every kind, of which all is well. */
    void fill() throws SQLException {
        run(
                Service.INVENTORY,
                "insert into product (sku, name, price_minor, currency, version, available, reserved, shipped) "
                        + "values ('A', 'A', 1250, 'EUR', 1, 0, 0, 0)",
                "insert into receipt (sku, quantity, at) values ('A', 60, now()), ('A', 40, now())");
        insert(Service.PAYMENT, "wallet", "customer_id", "'c'", "balance_minor", "0", "currency", "'EUR'");
        entry("CREDIT", 100_000, null);
        new HealthyOrders(this).fill();
        key("k-1", COMPLETED);
        settle();
    }

    /** What the gateway and a client know of those orders. */
    void remember() {
        capture("card-1", BY_CARD, TOTAL);
        for (long order : List.of(
                COMPLETED, BY_CARD, REFUSED_BY_DELIVERY, REFUSED_BY_STOCK, PAYMENT_UNKNOWN, UNDONE, KEPT)) {
            boolean ok = order == COMPLETED || order == BY_CARD || order == UNDONE || order == KEPT;
            accepted.add(new ClientRow(order, ok ? "COMPLETED" : "CANCELLED"));
        }
        idsByKey.put("k-1", new ArrayList<>(List.of(COMPLETED)));
        rejectedKeys.add("k-2");
        reads.put(COMPLETED, new ArrayList<>(List.of(
                new ClientHistory.Read(10, 20, 200, "PENDING", 1),
                new ClientHistory.Read(30, 40, 200, "COMPLETED", 2))));
        reads.put(UNDONE, new ArrayList<>(List.of(
                new ClientHistory.Read(10, 20, 200, "COMPLETED", 2),
                new ClientHistory.Read(30, 40, 200, "CANCELLED", 4))));
    }

    Databases databases() throws SQLException {
        return new Databases(addresses());
    }

    Map<Service, DatabaseAddress> addresses() {
        Map<Service, DatabaseAddress> addresses = new EnumMap<>(Service.class);
        PostgresServer.Database administration = server.administration();
        for (Service service : Service.values()) {
            addresses.put(service, new DatabaseAddress(
                    server.jdbcUrl(name(service)), administration.user(), administration.password()));
        }
        return addresses;
    }

    ClientHistory history() {
        accepted.sort(Comparator.comparingLong(ClientRow::orderId));
        return new ClientHistory(accepted, idsByKey, rejectedKeys, reads);
    }

    GatewayLedger gatewayLedger() {
        return new GatewayLedger(ledger);
    }

    void run(Service service, String... statements) throws SQLException {
        try (Statement statement = statement(service)) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Inserts a row. Columns that must have a value but are not given one get any: what matters to nobody here need not
     * be said.
     *
     * @param columns names and values in turn, the values as SQL
     */
    void insert(Service service, String table, String... columns) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            values.put(columns[i], columns[i + 1]);
        }
        String simpleName = table.substring(table.indexOf('.') + 1);
        try (Statement statement = statement(service)) {
            try (ResultSet needed = statement.executeQuery(
                    "select column_name, data_type from information_schema.columns where table_name = '" + simpleName
                            + "' and is_nullable = 'NO' and column_default is null and is_identity = 'NO'")) {
                while (needed.next()) {
                    values.putIfAbsent(needed.getString(1), any(needed.getString(2)));
                }
            }
            statement.execute("insert into " + table + " (" + String.join(", ", values.keySet()) + ") values ("
                    + String.join(", ", values.values()) + ")");
        }
    }

    void order(long order, String status) throws SQLException {
        insert(Service.ORDER, "orders", "id", "" + order, "status", "'" + status + "'", "total_minor", "" + TOTAL,
                "currency", "'EUR'", "version", "2", "payment_method", "'WALLET'",
                "reason_code", status.equals("CANCELLED") ? "'X'" : "null",
                "reason_step", status.equals("CANCELLED") ? "'x'" : "null",
                "reason_message", status.equals("CANCELLED") ? "'x'" : "null");
    }

    /** What came of the customer's wish to cancel the order. */
    void wish(long order, String state) throws SQLException {
        run(Service.ORDER, "update orders set cancellation_state = '" + state + "', cancellation_of = "
                + "'COMPLETED_ORDER', cancellation_message = " + (state.equals("REFUSED") ? "'x'" : "null")
                + " where id = " + order);
    }

    void key(String key, long order) throws SQLException {
        insert(Service.ORDER, "idempotency_key", "key", "'" + key + "'", "order_id", "" + order);
    }

    void entry(String kind, long amount, Long order) throws SQLException {
        insert(Service.PAYMENT, "wallet_entry", "id", "nextval('wallet_entry_id')", "customer_id", "'c'",
                "kind", "'" + kind + "'", "amount_minor", "" + amount, "order_id", "" + order);
    }

    void payment(long order, String status, String method) throws SQLException {
        insert(Service.PAYMENT, "payment", "order_id", "" + order, "status", "'" + status + "'",
                "method", "'" + method + "'", "amount_minor", "" + TOTAL, "currency", "'EUR'", "customer_id", "'c'",
                "card_token", method.equals("CARD") ? "'tok_ok'" : "null");
    }

    void reservation(long order, String status, int quantity) throws SQLException {
        insert(Service.INVENTORY, "reservation", "order_id", "" + order, "status", "'" + status + "'",
                "lines", "'[{\"sku\":\"A\",\"quantity\":" + quantity + "}]'",
                "refusal", status.equals("REFUSED") ? "'none left'" : "null");
    }

    void delivery(long order, String status) throws SQLException {
        boolean goesOut = status.equals("SCHEDULED") || status.equals("DISPATCHED");
        insert(Service.DELIVERY, "delivery", "order_id", "" + order, "status", "'" + status + "'",
                "delivery_id", status.equals("REFUSED") ? "null" : "'d-" + order + "'",
                "address", goesOut ? "'{}'" : "null", "country", "'DE'",
                "ended_at", status.equals("DISPATCHED") || status.equals("CANCELLED") ? "now()" : "null");
    }

    /** @param log lines as {@code from to step direction outcome}, {@code -} for nothing */
    void saga(long order, int phase, String... log) throws SQLException {
        saga(order + SAGA, "order-fulfilment", order, phase, log);
    }

    /** Lists for operators what is stuck. */
    void listStuck() throws SQLException {
        run(Service.ORCHESTRATOR, "insert into saga_stuck (saga_id, definition, step, code, message, since) "
                + "select s.id, d.definition, coalesce(s.stuck_step, ''), coalesce(s.stuck_code, ''), '', now() "
                + "from saga s join saga_data d on d.id = s.id where s.phase = 4");
    }

    /** The same for the saga that undoes a completed order. */
    void cancellation(long order, int phase, String... log) throws SQLException {
        saga(order + CANCELLATION, "order-cancellation", order, phase, log);
    }

    private void saga(long id, String definition, long order, int phase, String... log) throws SQLException {
        String state = log[log.length - 1].split(" ")[1];
        insert(Service.ORCHESTRATOR, "saga", "id", "" + id, "version", "" + log.length, "phase", "" + phase,
                "state", "'" + state + "'");
        insert(Service.ORCHESTRATOR, "saga_data", "id", "" + id, "definition", "'" + definition + "'",
                "business_key", "" + order);
        for (int i = 0; i < log.length; i++) {
            String[] line = log[i].split(" ");
            insert(Service.ORCHESTRATOR, "saga_log", "saga_id", "" + id, "seq", "" + (i + 1),
                    "from_state", text(line[0]), "to_state", text(line[1]), "step", text(line[2]),
                    "direction", text(line[3]), "outcome", text(line[4]), "reply_position",
                    "'saga.replies-0@" + (order * 100 + i) + "'");
        }
    }

    void outcome(Service service, long order, String step, int direction, int status) throws SQLException {
        outcome(service, order + SAGA, order, step, direction, status);
    }

    private void outcome(Service service, long saga, long order, String step, int direction, int status)
            throws SQLException {
        insert(service, "messaging.outcome", "saga_id", "" + saga, "step", "'" + step + "'",
                "direction", "" + direction, "status", "" + status, "reply_key", "'" + Tsid.format(order) + "'");
    }

    void capture(String key, long order, long amount) {
        ledger.add(new GatewayLedger.Entry("CAPTURE", key, key, Tsid.format(order), amount, "EUR"));
    }

    /** Makes the sums what the rows say. */
    void settle() throws SQLException {
        run(Service.INVENTORY, """
                update product p set
                  reserved = s.reserved, shipped = s.shipped,
                  available = (select sum(quantity) from receipt r where r.sku = p.sku) - s.reserved - s.shipped
                from (select coalesce(sum(l.quantity) filter (where status = 'HELD'), 0) as reserved,
                             coalesce(sum(l.quantity) filter (where status = 'SHIPPED'), 0) as shipped
                      from reservation, jsonb_to_recordset(lines) as l (sku text, quantity bigint)) s
                """);
        run(Service.PAYMENT, """
                update wallet set balance_minor = (
                  select sum(case kind when 'CHARGE' then -amount_minor else amount_minor end) from wallet_entry)
                """);
    }

    /** Whose databases were changed. */
    Set<Service> touched() {
        return connections.keySet();
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }

    private Statement statement(Service service) throws SQLException {
        Connection connection = connections.get(service);
        if (connection == null) {
            connection = server.connectAsSuperuser(name(service));
            connections.put(service, connection);
        }
        return connection.createStatement();
    }

    /** A saga has undone everything that was done for the order. */
    void cancelled(long order) throws SQLException {
        cancellation(order, 2,
                "- STARTED - - STARTED",
                "STARTED DELIVERY_CANCELLED delivery ACTION DONE",
                "DELIVERY_CANCELLED STOCK_RETURNED inventory ACTION DONE",
                "STOCK_RETURNED PAYMENT_REFUNDED payment ACTION DONE",
                "PAYMENT_REFUNDED COMPLETED completion ACTION DONE");
        cancellationOutcome(Service.DELIVERY, order, "delivery", 0, 1);
        cancellationOutcome(Service.INVENTORY, order, "inventory", 0, 1);
        cancellationOutcome(Service.PAYMENT, order, "payment", 0, 1);
        cancellationOutcome(Service.ORDER, order, "completion", 0, 1);
    }

    /** A saga was to undo the order, and the delivery refused. */
    void refusedToCancel(long order) throws SQLException {
        cancellation(order, 3,
                "- STARTED - - STARTED",
                "STARTED COMPENSATING delivery ACTION REFUSED",
                "COMPENSATING COMPENSATED order COMPENSATION DONE");
        cancellationOutcome(Service.DELIVERY, order, "delivery", 0, 2);
        cancellationOutcome(Service.ORDER, order, "order", 1, 1);
    }

    void cancellationOutcome(Service service, long order, String step, int direction, int status)
            throws SQLException {
        outcome(service, order + CANCELLATION, order, step, direction, status);
    }

    static String name(Service service) {
        return "db_" + service.name().toLowerCase(Locale.ROOT);
    }

    private static String any(String type) {
        return switch (type) {
            case "bigint", "integer", "smallint", "numeric" -> "1";
            case "timestamp with time zone" -> "now()";
            case "jsonb", "json" -> "'[]'";
            case "bytea" -> "''::bytea";
            case "boolean" -> "false";
            case "character" -> "'EUR'";
            default -> "'x'";
        };
    }

    private static String text(String value) {
        return value.equals("-") ? "null" : "'" + value + "'";
    }
}
