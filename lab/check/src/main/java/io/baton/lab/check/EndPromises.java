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
        String expected = saga.completed() ? "COMPLETED" : saga.compensated() ? "CANCELLED" : "PENDING";
        // The order is told before the saga knows: it may be ahead of a saga that is open or stuck.
        boolean ahead = saga.open() || saga.stuck();
        ends.expect(
                ahead || order.order().status().equals(expected),
                "order %s is %s but its saga is %s",
                order.name(), order.order().status(), saga.state());
        ends.expect(!saga.open(), "order %s is open: its saga %s is %s", order.name(), Tsid.format(saga.sagaId()),
                saga.state());
        if (order.client() != null && order.client().end() != null) {
            ends.expect(
                    order.order().status().equals(order.client().end()),
                    "order %s is %s but a client heard that it was %s",
                    order.name(), order.order().status(), order.client().end());
        }
        completed += saga.completed() ? 1 : 0;
        cancelled += saga.compensated() ? 1 : 0;
        stuck += saga.stuck() ? 1 : 0;
        open += saga.open() ? 1 : 0;
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
                ends.finding("%,d completed, %,d cancelled, %,d stuck, %,d open", completed, cancelled, stuck, open),
                Evidence.notInThisVersion("P6", "what is stuck is listed for operators"),
                timers.finding("%,d sagas that are open, stuck or have a timer", timers.count()));
    }
}
