package io.baton.order.jdbc;

import io.baton.contract.OrderId;
import io.baton.order.Address;
import io.baton.order.NewOrder;
import io.baton.order.PlacedOrders;
import io.baton.order.StoredLines;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * New orders by arrays: one statement and one round trip for a whole flush, whose text and plan do not depend on its
 * size. Through the persistence context it would be one statement execution for each row.
 */
@Repository
class JdbcPlacedOrders implements PlacedOrders {

    /** Sorted, so that two instances that take the same keys wait for one another instead of deadlocking. */
    private static final String CLAIM =
            """
            insert into idempotency_key (key, body_hash, order_id)
            select key, body_hash, order_id
            from unnest(?::text[], ?::bytea[], ?::bigint[]) as claim (key, body_hash, order_id)
            order by key
            on conflict (key) do nothing
            returning key
            """;

    private static final String KNOWN =
            "select key, body_hash, order_id, final_answer from idempotency_key where key = any (?)";

    private static final String INSERT =
            """
            insert into orders (id, customer_id, status, version, lines, total_minor, currency, payment_method,
                                delivery_address, placed_at, updated_at)
            select id, customer_id, 'PENDING', 1, lines::jsonb, total_minor, currency, payment_method,
                   delivery_address::jsonb, placed_at, placed_at
            from unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[],
                        ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                as placed (id, customer_id, lines, total_minor, currency, payment_method, delivery_address, placed_at)
            """;

    private static final String FORGET =
            """
            delete from idempotency_key where ctid = any (array(
                select ctid from idempotency_key where created_at < now() - make_interval(hours => ?) limit ?))
            """;

    private static final ObjectWriter ADDRESS = JsonMapper.builder().build().writerFor(Address.class);

    private static final RowMapper<Map.Entry<String, KnownKey>> KNOWN_KEY = (row, number) -> Map.entry(
            row.getString(1), new KnownKey(row.getBytes(2), new OrderId(row.getLong(3)), row.getBoolean(4)));

    private final JdbcTemplate jdbc;

    JdbcPlacedOrders(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<String, KnownKey> claim(List<Claim> claims) {
        List<Claim> sorted = claims.stream()
                .sorted(Comparator.comparing((Claim claim) -> claim.request().key()))
                .toList();
        Set<String> taken = new HashSet<>(jdbc.query(
                CLAIM,
                (row, number) -> row.getString(1),
                texts(sorted, claim -> claim.request().key()),
                sorted.stream().map(claim -> claim.request().bodyHash()).toArray(byte[][]::new),
                sorted.stream().mapToLong(claim -> claim.orderId().value()).toArray()));
        List<String> others = new ArrayList<>();
        for (Claim claim : sorted) {
            if (!taken.contains(claim.request().key())) {
                others.add(claim.request().key());
            }
        }
        return others.isEmpty() ? Map.of() : known(others);
    }

    private Map<String, KnownKey> known(List<String> keys) {
        Map<String, KnownKey> known = new HashMap<>();
        jdbc.query(KNOWN, KNOWN_KEY, (Object) keys.toArray(String[]::new))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
    }

    @Override
    public void insert(List<NewOrder> orders) {
        jdbc.update(
                INSERT,
                orders.stream().mapToLong(order -> order.id().value()).toArray(),
                texts(orders, NewOrder::customerId),
                texts(orders, order -> StoredLines.write(order.lines())),
                orders.stream().mapToLong(order -> order.total().minorUnits()).toArray(),
                texts(orders, order -> order.total().currency()),
                texts(orders, order -> order.paymentMethod().name()),
                texts(orders, order -> ADDRESS.writeValueAsString(order.deliveryAddress())),
                orders.stream().map(order -> Timestamp.from(order.placedAt())).toArray(Timestamp[]::new));
    }

    @Override
    public @Nullable KnownKey find(String key) {
        return known(List.of(key)).get(key);
    }

    @Override
    public void rememberFinalAnswer(String key) {
        jdbc.update("update idempotency_key set final_answer = true where key = ?", key);
    }

    @Override
    public int forgetKeysOlderThan(int hours, int limit) {
        return jdbc.update(FORGET, hours, limit);
    }

    private static <T> String[] texts(List<T> rows, Function<T, String> column) {
        String[] texts = new String[rows.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = column.apply(rows.get(i));
        }
        return texts;
    }
}
