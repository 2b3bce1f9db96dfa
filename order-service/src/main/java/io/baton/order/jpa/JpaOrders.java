package io.baton.order.jpa;

import io.baton.contract.OrderId;
import io.baton.order.Cancellation;
import io.baton.order.CancellationReason;
import io.baton.order.EndedOrder;
import io.baton.order.Order;
import io.baton.order.OrderStatus;
import io.baton.order.Orders;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Orders by Hibernate; whether many have ended, by one statement without entities. */
@Repository
class JpaOrders implements Orders {

    private static final String ENDED =
            """
            select id, status, version, reason_code, reason_step, reason_message, updated_at, cancellation_state,
                   cancellation_of, cancellation_reason, cancellation_code, cancellation_message
            from orders where id = any (?) and status <> 'PENDING'
            """;

    private final EntityManager entities;
    private final JdbcTemplate jdbc;

    JpaOrders(EntityManager entities, JdbcTemplate jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    @Override
    public @Nullable Order find(OrderId id) {
        return entities.find(Order.class, id.value());
    }

    @Override
    public void lockAll(Collection<OrderId> ids) {
        List<Long> sorted = ids.stream().map(OrderId::value).distinct().sorted().toList();
        entities.unwrap(Session.class).findMultiple(Order.class, sorted, LockModeType.PESSIMISTIC_WRITE);
    }

    @Override
    public @Nullable Order locked(OrderId id) {
        return entities.find(Order.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
    }

    @Override
    public List<EndedOrder> endedAmong(Collection<OrderId> ids) {
        return jdbc.query(
                ENDED,
                (row, number) -> ended(row),
                (Object) ids.stream().mapToLong(OrderId::value).toArray());
    }

    private static EndedOrder ended(ResultSet row) throws SQLException {
        String code = row.getString(4);
        return new EndedOrder(
                new OrderId(row.getLong(1)),
                OrderStatus.valueOf(row.getString(2)),
                row.getInt(3),
                code == null ? null : new CancellationReason(code, row.getString(5), row.getString(6)),
                cancellation(row),
                row.getObject(7, OffsetDateTime.class).toInstant());
    }

    private static @Nullable Cancellation cancellation(ResultSet row) throws SQLException {
        String state = row.getString(8);
        return state == null
                ? null
                : new Cancellation(
                        Cancellation.State.valueOf(state),
                        Cancellation.Subject.valueOf(row.getString(9)),
                        row.getString(10),
                        row.getString(11),
                        row.getString(12));
    }
}
