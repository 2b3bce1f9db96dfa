package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.OrderDossier.SagaRow;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.List;

/** P5 to P7: what was begun ends, or waits for a person. */
final class EndPromises implements Promises {

    private final Evidence ends = new Evidence("P5", "every order ends as its saga ends, or is stuck");
    private final Evidence timers = new Evidence("P7", "whatever is open is looked after");
    private long completed;
    private long cancelled;
    private long stuck;
    private long open;
    private long undone;
    private long kept;

    long ended() {
        return completed + cancelled;
    }

    @Override
    public void order(OrderDossier order) {
        SagaRow saga = order.saga();
        if (order.order() == null || saga == null) {
            return;
        }
        ends.examined();
        SagaRow cancellation = order.cancellation();
        boolean undone = cancellation != null && cancellation.completed();
        String expected =
                saga.compensated() || undone ? "CANCELLED" : saga.completed() ? "COMPLETED" : "PENDING";
        // The order is told before the saga knows: it may be ahead of a saga that is open or stuck.
        boolean ahead = isUnderWay(saga) || cancellation != null && isUnderWay(cancellation);
        ends.expect(
                ahead || order.order().status().equals(expected),
                "order %s is %s but its saga is %s%s",
                order.name(), order.order().status(), saga.state(),
                cancellation == null ? "" : " and the one that undoes it " + cancellation.state());
        if (cancellation != null) {
            cancellation(order, saga, cancellation);
        }
        wish(order, ahead);
        ends.expect(!saga.open(), "order %s is open: its saga %s is %s", order.name(), Tsid.format(saga.sagaId()),
                saga.state());
        if (order.client() != null && order.client().end() != null) {
            ends.expect(
                    order.order().status().equals(order.client().end())
                            || undone && order.client().end().equals("COMPLETED"),
                    "order %s is %s but a client heard that it was %s",
                    order.name(), order.order().status(), order.client().end());
        }
        completed += saga.completed() ? 1 : 0;
        cancelled += saga.compensated() ? 1 : 0;
        stuck += saga.stuck() ? 1 : 0;
        open += saga.open() ? 1 : 0;
    }

    private static boolean isUnderWay(SagaRow saga) {
        return saga.open() || saga.stuck();
    }

    private void cancellation(OrderDossier order, SagaRow saga, SagaRow cancellation) {
        ends.expect(!saga.compensated(), "order %s was undone as completed but never was", order.name());
        ends.expect(
                !cancellation.open(),
                "order %s is being undone: its saga %s is %s",
                order.name(), Tsid.format(cancellation.sagaId()), cancellation.state());
        undone += cancellation.completed() ? 1 : 0;
        kept += cancellation.compensated() ? 1 : 0;
        stuck += cancellation.stuck() ? 1 : 0;
        open += cancellation.open() ? 1 : 0;
    }

    /** A customer who wished that an order be cancelled hears of it, and what he hears is so. */
    private void wish(OrderDossier order, boolean ahead) {
        String wish = order.order() == null ? null : order.order().wish();
        if (wish != null) {
            ends.expect(ahead || !wish.equals("REQUESTED"), "the wish to cancel order %s was never answered",
                    order.name());
            ends.expect(
                    !wish.equals("GRANTED") || order.cancelled(),
                    "the wish to cancel order %s was granted but it is not cancelled", order.name());
        }
    }

    @Override
    public void query(Databases databases) throws SQLException {
        databases.forEach(
                Service.ORCHESTRATOR,
                """
                select s.id, s.phase, s.state, s.stuck_code, t.due_at is not null,
                       coalesce(t.due_at < now() - interval '60 seconds', false),
                       d.created_at < now() - interval '10 minutes'
                from saga s left join saga_data d on d.id = s.id left join saga_timer t on t.saga_id = s.id
                where s.phase in (0, 1, 4) or t.saga_id is not null
                """,
                row -> {
                    timers.examined();
                    String saga = Tsid.format(row.getLong(1));
                    int phase = row.getInt(2);
                    timers.expect(!row.getBoolean(6), "the timer of saga %s (%s) has been due for a minute", saga,
                            row.getString(3));
                    timers.expect(phase != 4 || row.getString(4) != null, "saga %s is stuck without a reason", saga);
                    timers.expect(
                            phase > 1 || row.getBoolean(5) || !row.getBoolean(7),
                            "saga %s (%s) has been open for ten minutes without a timer",
                            saga, row.getString(3));
                });
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                ends.finding(
                        "%,d completed, %,d cancelled, %,d stuck, %,d open; later %,d undone, %,d kept",
                        completed, cancelled, stuck, open, undone, kept),
                timers.finding("%,d sagas that are open, stuck or have a timer", timers.count()));
    }
}
