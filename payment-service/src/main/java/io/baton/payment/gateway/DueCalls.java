package io.baton.payment.gateway;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.payment.ClaimedCall;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the calls that are due and takes them, so that no two processes make one call at a time. */
@Component
class DueCalls {

    /**
     * One statement, and one transaction. From its commit on, the gateway may hear of the call. Rows that another
     * process is just taking are passed over.
     */
    private static final String CLAIM =
            """
            with due as materialized (
              select idempotency_key, may_be_known from gateway_call where due_at <= now()
              order by due_at limit :limit for no key update skip locked)
            update gateway_call c
            set claims = c.claims + 1, may_be_known = true, due_at = now() + make_interval(secs => :lease)
            from due, payment p
            where c.idempotency_key = due.idempotency_key and p.order_id = c.order_id
            returning c.kind, c.order_id, c.idempotency_key, p.idempotency_key as capture_key, p.card_token,
                      c.amount_minor, c.currency, c.claims, due.may_be_known, p.status = 'REFUNDING' as refund_wanted,
                      c.command, now() as claimed_at
            """;

    private final JdbcClient jdbc;

    DueCalls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes at most {@code limit} calls. Unless an answer is recorded before, each is due again after {@code lease}.
     */
    List<ClaimedCall> claim(int limit, Duration lease) {
        return jdbc.sql(CLAIM)
                .param("limit", limit)
                .param("lease", lease.toMillis() / 1000.0)
                .query(DueCalls::claimedCall)
                .list();
    }

    private static ClaimedCall claimedCall(ResultSet row, int number) throws SQLException {
        return new ClaimedCall(
                ClaimedCall.Kind.valueOf(row.getString("kind")),
                new OrderId(row.getLong("order_id")),
                row.getString("idempotency_key"),
                row.getString("capture_key"),
                row.getString("card_token"),
                new Money(row.getLong("amount_minor"), row.getString("currency")),
                row.getInt("claims"),
                row.getBoolean("may_be_known"),
                row.getBoolean("refund_wanted"),
                row.getString("command"),
                row.getObject("claimed_at", OffsetDateTime.class).toInstant());
    }
}
