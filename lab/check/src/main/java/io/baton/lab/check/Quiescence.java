package io.baton.lab.check;

import io.baton.lab.check.Positions.Reading;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.time.Duration;

/** Waits until nothing is under way any more: what is still moving cannot be judged. */
final class Quiescence {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Quiescence() {}

    /**
     * Looks again and again, each time with new snapshots.
     *
     * @return whether it became quiet in time
     */
    static boolean await(StackDescription stack, Broker broker, Duration atMost)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try (Databases databases = new Databases(stack.databases())) {
                if (isQuiet(databases, broker)) {
                    return true;
                }
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean isQuiet(Databases databases, Broker broker) throws SQLException {
        if (databases.number(Service.ORCHESTRATOR, "select count(*) from saga where phase in (0, 1)") > 0) {
            return false;
        }
        for (Service service : Service.values()) {
            if (databases.number(service, "select count(*) from messaging.outbox") > 0) {
                return false;
            }
        }
        return Positions.read(databases, broker).stream().allMatch(Reading::isCaughtUp);
    }
}
