package io.baton.orchestrator.testkit.loyalty;

import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.orchestrator.testkit.loyalty.LoyaltyContract.GrantPoints;
import io.baton.orchestrator.testkit.loyalty.LoyaltyContract.PointsGranted;
import org.springframework.jdbc.core.simple.JdbcClient;

// [handler
/** One point for each whole unit of the currency. */
final class GrantPointsHandler implements CommandHandler<GrantPoints> {

    private final JdbcClient jdbc;

    GrantPointsHandler(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Class<GrantPoints> commandType() {
        return GrantPoints.class;
    }

    @Override
    public Answer handle(GrantPoints command, CommandContext context) {
        long points = command.total().minorUnits() / 100;
        jdbc.sql("INSERT INTO account AS a (customer_id, points) VALUES (?, ?) "
                        + "ON CONFLICT (customer_id) DO UPDATE SET points = a.points + excluded.points")
                .params(command.customerId(), points)
                .update();
        return Answer.done(new PointsGranted(command.orderId(), points));
    }
}
// handler]
